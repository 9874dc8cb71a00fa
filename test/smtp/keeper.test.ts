/** What a message takes of the engine's memory while it arrives, however its bytes are cut into packets. */
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ChunkReader } from '../../relay-core/smtp/content/chunk-reader.ts';
import { DataReader } from '../../relay-core/smtp/content/data-reader.ts';
import { ContentKeeper } from '../../relay-core/smtp/content/keeper.ts';
import { createContentRoom } from '../../relay-core/smtp/content/room.ts';

const kibibyte = 1024;

function keeping(limitBytes = Number.POSITIVE_INFINITY, roomBytes = Number.POSITIVE_INFINITY) {
  const room = createContentRoom(roomBytes);
  return { room, keeper: new ContentKeeper(limitBytes, room) };
}

/** A packet with memory of its own, as sockets give them. */
function packetOf(text: string): Buffer {
  const packet = Buffer.allocUnsafeSlow(text.length);
  packet.write(text, 'latin1');
  return packet;
}

const fullPacket = (bytes: number) => Buffer.allocUnsafeSlow(bytes).fill('x');

/** What a keeper holds: the pieces that it joins once the message is whole, or the only one. */
function heldPieces(keeper: ContentKeeper): readonly Uint8Array[] {
  const joining = vi.spyOn(Buffer, 'concat');
  const { content } = keeper.message();
  const [joined] = joining.mock.calls;
  joining.mockRestore();
  return joined?.[0] ?? [content];
}

const memoryOf = (pieces: readonly Uint8Array[]) =>
  [...new Set(pieces.map(({ buffer }) => buffer))].reduce((sum, { byteLength }) => sum + byteLength, 0);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a message of small parts', () => {
  test('one byte of each packet, does not keep the packets', () => {
    const { keeper, room } = keeping();
    for (let index = 0; index < 5_000; index += 1) {
      const packet = fullPacket(16 * kibibyte);
      new ChunkReader(1, keeper).read(packet, 0);
      packet.fill('-');
    }
    expect(room.takenBytes).toBeLessThan(16 * kibibyte);
    expect(keeper.message().content.toString()).toBe('x'.repeat(5_000));
  });

  test('of lines that are a stuffed dot is held in few pieces, in the room that was taken', () => {
    const { keeper, room } = keeping();
    const reader = new DataReader(keeper);
    const packet = packetOf('\r\n..'.repeat(16 * kibibyte));
    for (let sent = 0; sent < 16; sent += 1) reader.read(packet, 0);
    const taken = room.takenBytes;
    const pieces = heldPieces(keeper);
    expect(pieces.length).toBeLessThan(30);
    expect(memoryOf(pieces)).toBe(taken);
    expect(taken).toBeLessThan(2 * keeper.receivedBytes);
  });
});

test('a message in one packet is not copied', () => {
  const { keeper, room } = keeping();
  const packet = packetOf(`${'x'.repeat(kibibyte)}\r\n.\r\n`);
  expect(new DataReader(keeper).read(packet, 0)).toBe(packet.length);
  expect(room.takenBytes).toBe(packet.length);
  expect(keeper.message().content.buffer).toBe(packet.buffer);
});

test('large packets are not copied until the message is whole', () => {
  const { keeper, room } = keeping();
  const packets = [1, 2, 3].map(() => fullPacket(64 * kibibyte));
  for (const packet of packets) keeper.add(packet, 100, packet.length);
  expect(room.takenBytes).toBe(3 * 64 * kibibyte);
  expect(heldPieces(keeper).map(({ buffer }) => buffer)).toEqual(packets.map(({ buffer }) => buffer));
});

test('of a message that is whole, only that is held, and given back at the end', () => {
  const { keeper, room } = keeping();
  for (let index = 0; index < 10; index += 1) keeper.add(fullPacket(64 * kibibyte), 0, 40 * kibibyte);
  expect(room.takenBytes).toBe(10 * 64 * kibibyte);
  expect(keeper.message().content).toHaveLength(400 * kibibyte);
  expect(room.takenBytes).toBe(400 * kibibyte);
  keeper.release();
  expect(room.takenBytes).toBe(0);
});

test.each([
  ['blocks', 1],
  ['packets', 10 * kibibyte],
])('a message is let go when its %s take more memory than there is room', (_, bytes) => {
  const { keeper, room } = keeping(undefined, 20 * kibibyte);
  for (let sent = 0; sent < 18 * kibibyte; sent += bytes) keeper.add(fullPacket(bytes * 2), 0, bytes);
  expect(keeper.message().dropped).toBe('no-room');
  expect(room.takenBytes).toBe(0);
});

/** Packets of any size, and what of each is content: nothing, all, or something between. */
const cutPackets = fc.array(
  fc.record({
    bytes: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 64 * kibibyte })),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    to: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 40 },
);

test('however it comes, a message is kept byte for byte, and its room is a bound on what it holds', () => {
  fc.assert(
    fc.property(cutPackets, (cuts) => {
      const { keeper, room } = keeping();
      const content: Buffer[] = [];
      for (const [index, { bytes, from, to }] of cuts.entries()) {
        const packet = Buffer.allocUnsafeSlow(bytes).fill(index);
        const [start, end] = [Math.floor(from * bytes), Math.ceil(Math.max(from, to) * bytes)];
        keeper.add(packet, start, end);
        content.push(packet.subarray(start, end));
      }
      const taken = room.takenBytes;
      const pieces = heldPieces(keeper);
      expect(Buffer.concat(pieces).equals(Buffer.concat(content))).toBe(true);
      expect(memoryOf(pieces)).toBeLessThanOrEqual(taken);
      expect(taken).toBeLessThanOrEqual(3 * keeper.receivedBytes + kibibyte);
      keeper.release();
      expect(room.takenBytes).toBe(0);
    }),
    { numRuns: 300 },
  );
});
