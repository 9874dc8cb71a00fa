/** A message as people read it: headers, text, HTML and the names of what is attached. Pure. */
import PostalMime from 'postal-mime';
import type { MessageView } from '../contract/index.ts';

/** How much of a message is shown raw. */
const rawBytes = 256 * 1024;

/** Takes some 20 ms for a megabyte. What the parser refuses, such as parts nested without end, is shown raw. */
export async function messageView(content: Uint8Array): Promise<MessageView> {
  try {
    const parsed = await PostalMime.parse(content);
    return {
      ...beginning(content, content.byteLength),
      headers: parsed.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
      text: parsed.text ?? null,
      html: parsed.html ?? null,
      attachments: parsed.attachments.map((each) => ({
        filename: each.filename ?? 'unnamed',
        contentType: each.mimeType,
        size: typeof each.content === 'string' ? Buffer.byteLength(each.content) : each.content.byteLength,
      })),
      rawOnly: null,
    };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return rawView(content, content.byteLength, `it cannot be taken apart (${detail})`);
  }
}

/**
 * Of a message that is not taken apart.
 * @param start its first bytes
 * @param size all of its bytes
 * @param because why, to stand behind "since"
 */
export function rawView(start: Uint8Array, size: number, because: string): MessageView {
  return {
    ...beginning(start, size),
    headers: [],
    text: null,
    html: null,
    attachments: [],
    rawOnly: `The message is shown raw, since ${because}: to see its parts, save the .eml file and open it in a mail program.`,
  };
}

function beginning(start: Uint8Array, size: number): Pick<MessageView, 'raw' | 'rawTruncated'> {
  return {
    raw: Buffer.from(start.subarray(0, rawBytes)).toString('utf8'),
    rawTruncated: size > rawBytes,
  };
}
