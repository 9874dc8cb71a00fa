/** What is served as files: a message as it arrived or as it would have been relayed, and the certificate authority to trust. */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MessageForm } from '../../relay-core/contract/index.ts';
import { sendError } from './errors.ts';
import type { Bench } from './types.ts';

/** A slow reader holds no more than this of a message in memory. */
const pieceBytes = 256 * 1024;

/** Sends the message of a transaction, a piece at a time. */
export async function sendMessageFile(
  response: ServerResponse,
  bench: Bench,
  id: string,
  form: MessageForm,
): Promise<void> {
  const first = bench.messagePiece(id, 0, pieceBytes, form);
  if (first === null) {
    sendError(response, 404, {
      code: 'NOT_FOUND',
      message: `No message is kept for transaction ${id}.`,
      hint: 'Only accepted transactions keep one.',
    });
    return;
  }
  response.writeHead(200, {
    'content-type': 'message/rfc822',
    'content-length': first.size,
    'content-disposition': `attachment; filename="${id.replaceAll(/[^\w.-]/g, '_')}.eml"`,
  });
  // A reader that goes away ends the pipeline with an error, and there is nobody left to tell.
  await pipeline(Readable.from(pieces(first, bench, id, form)), response).catch(() => response.destroy());
}

function* pieces(
  first: NonNullable<ReturnType<Bench['messagePiece']>>,
  bench: Bench,
  id: string,
  form: MessageForm,
): Generator<Uint8Array> {
  let offset = 0;
  for (let piece: typeof first | null = first; piece !== null && piece.content.length > 0; ) {
    yield piece.content;
    offset += piece.content.length;
    piece = offset < first.size ? bench.messagePiece(id, offset, pieceBytes, form) : null;
  }
  if (offset < first.size) throw new Error(`The message of ${id} went away while it was read`);
}

/** Sends the authority's certificate. */
export function sendCertificateAuthority(response: ServerResponse, pem: string): void {
  response.writeHead(200, {
    'content-type': 'application/x-pem-file',
    'content-length': Buffer.byteLength(pem),
    'content-disposition': 'attachment; filename="relay-bench-certificate-authority.pem"',
  });
  response.end(pem);
}
