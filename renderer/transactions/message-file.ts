/** A stored message, put together piece by piece and handed to the person as an .eml file. */
import type { MessageForm } from '../../relay-core/contract/index.ts';
import { client } from '../api/client.ts';

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** All pieces of a message, in order. Rejects when one cannot be read. */
export const readMessage = async (id: string, form: MessageForm): Promise<Blob> => {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let offset: number | null = 0;
  while (offset !== null) {
    const piece: { contentBase64: string; nextOffset: number | null } =
      await client.transactions.messagePiece({
        id,
        offset,
        form,
      });
    pieces.push(bytesOf(piece.contentBase64));
    offset = piece.nextOffset;
  }
  return new Blob(pieces, { type: 'message/rfc822' });
};

/** Saves a message under its transaction's id, as it arrived or as it would have been relayed. */
export const saveMessage = async (id: string, form: MessageForm): Promise<void> => {
  const address = URL.createObjectURL(await readMessage(id, form));
  const link = document.createElement('a');
  link.href = address;
  link.download = form === 'relayed' ? `${id}-relayed.eml` : `${id}.eml`;
  link.click();
  URL.revokeObjectURL(address);
};
