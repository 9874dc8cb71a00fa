/**
 * A footer appended to a message without breaking it (FIL-2): in each text part that stands for the body, in that part's
 * transfer encoding and character set, every other byte as it was. Signed and encrypted messages are left alone, since
 * a changed part would no longer verify.
 */
import type { ContentVerdict, FooterOutcome } from '../contract/content.ts';
import { partWithFooter } from './footer-part.ts';
import { entitiesOf, type MimeEntity, readMime } from './mime-tree.ts';

/** Bytes to put in the place of others; `start` equals `end` where they are added. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly bytes: Buffer;
}

export interface FooterPlan {
  readonly result: FooterOutcome;
  /** None when the message is left alone. */
  readonly edits: readonly Edit[];
}

/** How a footer would be appended to a message. @param footer plain text, any line ends */
export function planFooter(content: Buffer, footer: string): FooterPlan {
  const { root, unread } = readMime(content);
  if (unread !== null) return leftAlone(`it has ${unread}`);
  const reason = whyUntouchable(root);
  if (reason !== null) return leftAlone(reason);
  const parts = bodyParts(root);
  if (parts.length === 0) return leftAlone('it has no text part to append to');
  if (parts.some(({ source }) => source !== content)) return leftAlone('its parts are encoded as a whole');
  const edits: Edit[] = [];
  for (const part of parts) {
    const changed = partWithFooter(part, footer, part === root);
    if (changed.outcome === 'impossible') return leftAlone(changed.reason);
    edits.push(...changed.edits);
  }
  const breaksDkim = root.headers.some(({ name }) => name === 'dkim-signature');
  return { result: { outcome: 'appended', parts: parts.map(({ type }) => type), breaksDkim }, edits };
}

export function applyEdits(content: Buffer, edits: readonly Edit[]): Buffer {
  const inOrder = [...edits].sort((a, b) => a.start - b.start);
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { start, end, bytes } of inOrder) {
    pieces.push(content.subarray(at, start), bytes);
    at = end;
  }
  return Buffer.concat([...pieces, content.subarray(at)]);
}

/** The message as it would have been relayed: with the footers that its verdict says were appended, in their order. */
export function relayedMessage(content: Buffer, verdict: Pick<ContentVerdict, 'compliance'> | null): Buffer {
  const footers = (verdict?.compliance ?? []).flatMap(({ footer }) =>
    footer?.result.outcome === 'appended' ? [footer.text] : [],
  );
  return footers.reduce((each, footer) => applyEdits(each, planFooter(each, footer).edits), content);
}

function leftAlone(reason: string): FooterPlan {
  return { result: { outcome: 'left-alone', reason }, edits: [] };
}

/** In types that hold a signature or ciphertext, or are evidence. */
const untouchableTypes: Readonly<Record<string, string>> = {
  'multipart/signed': 'it is signed',
  'application/pkcs7-mime': 'it is signed or encrypted (S/MIME)',
  'application/x-pkcs7-mime': 'it is signed or encrypted (S/MIME)',
  'multipart/encrypted': 'it is encrypted',
  'multipart/report': 'it is a delivery report',
};

const inlinePgp = Buffer.from('-----BEGIN PGP ', 'latin1');

function whyUntouchable(root: MimeEntity): string | null {
  for (const { type, source, bodyStart, bodyEnd } of entitiesOf(root)) {
    const reason = untouchableTypes[type];
    if (reason !== undefined) return reason;
    if (type.startsWith('text/') && source.subarray(bodyStart, bodyEnd).includes(inlinePgp))
      return 'it is signed or encrypted (PGP)';
  }
  return null;
}

/** The text parts a reader sees as the body: all of an alternative, the first that has one of any other multipart. */
function bodyParts(entity: MimeEntity): readonly MimeEntity[] {
  const { type, disposition, children } = entity;
  if (disposition === 'attachment') return [];
  if (type === 'text/plain' || type === 'text/html') return [entity];
  if (!type.startsWith('multipart/')) return [];
  if (type === 'multipart/alternative') return children.flatMap(bodyParts);
  return children.map(bodyParts).find((parts) => parts.length > 0) ?? [];
}
