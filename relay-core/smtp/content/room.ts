/**
 * The memory that all messages on their way have together. Each is bounded by the largest message there may be; a
 * thousand connections with one each would not be.
 */
export interface ContentRoom {
  readonly mostBytes: number;
  takenBytes: number;
}

/** @param mostBytes what may be held at once, over all connections */
export function createContentRoom(mostBytes: number): ContentRoom {
  return { mostBytes, takenBytes: 0 };
}

/** Takes room for so many bytes; false, and nothing is taken, when there is not as much. */
export function takeRoom(room: ContentRoom, bytes: number): boolean {
  if (room.takenBytes + bytes > room.mostBytes) return false;
  room.takenBytes += bytes;
  return true;
}

/** Gives room back that was taken. */
export function giveRoom(room: ContentRoom, bytes: number): void {
  room.takenBytes -= bytes;
}
