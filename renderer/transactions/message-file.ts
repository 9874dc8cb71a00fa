/** The message as it arrived, put together piece by piece and handed to the person as an .eml file. */
import { client } from '../api/client.ts';

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** All pieces of a message, in order. Rejects when one cannot be read. */
export const readMessage = async (id: string): Promise<Blob> => {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let offset: number | null = 0;
  while (offset !== null) {
    const piece: { contentBase64: string; nextOffset: number | null } =
      await client.transactions.messagePiece({
        id,
        offset,
      });
    pieces.push(bytesOf(piece.contentBase64));
    offset = piece.nextOffset;
  }
  return new Blob(pieces, { type: 'message/rfc822' });
};

/** Saves a message under its transaction's id. */
export const saveMessage = async (id: string): Promise<void> => {
  const address = URL.createObjectURL(await readMessage(id));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${id}.eml`;
  link.click();
  URL.revokeObjectURL(address);
};
