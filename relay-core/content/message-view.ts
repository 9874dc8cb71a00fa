/** A message as people read it: headers, text, HTML and the names of what is attached. Pure. */
import PostalMime from 'postal-mime';
import type { MessageView } from '../contract/index.ts';

/** How much of a message is shown raw. */
const rawBytes = 256 * 1024;

/** Takes some 20 ms for a megabyte. */
export async function messageView(content: Uint8Array): Promise<MessageView> {
  const parsed = await PostalMime.parse(content);
  return {
    ...rawView(content, content.byteLength),
    headers: parsed.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    text: parsed.text ?? null,
    html: parsed.html ?? null,
    attachments: parsed.attachments.map((each) => ({
      filename: each.filename ?? 'unnamed',
      contentType: each.mimeType,
      size: typeof each.content === 'string' ? Buffer.byteLength(each.content) : each.content.byteLength,
    })),
  };
}

/**
 * Of a message that is not taken apart.
 * @param start its first bytes
 * @param size all of its bytes
 */
export function rawView(start: Uint8Array, size: number): MessageView {
  const raw = Buffer.from(start.subarray(0, rawBytes)).toString('utf8');
  return { headers: [], text: null, html: null, attachments: [], raw, rawTruncated: size > rawBytes };
}
