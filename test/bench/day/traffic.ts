/**
 * The mail of the largest customer over 25 hours, the same each time: 40,000 users of whom few send most (Zipf's law), a
 * quiet night, a burst of newsletters in the forenoon, and an hour more in which what was sent first leaves the windows.
 */

export const userCount = 40_000;
export const hours = 25;
const hourMs = 60 * 60 * 1000;
export const start = Date.UTC(2024, 0, 1);

/** Recipients are numbers here, so that a recount needs no addresses. */
export interface Message {
  readonly at: number;
  readonly user: number;
  readonly recipients: readonly number[];
  /** The connection breaks off after DATA. */
  readonly abandoned: boolean;
}

export const userAddress = (user: number): string => `user${user}@example.com`;

/** A share of the recipients is sent between the hours; within a piece they are spread evenly. */
const pieces: readonly { readonly from: number; readonly to: number; readonly share: number }[] = [
  { from: 0, to: 6, share: 0.06 },
  { from: 6, to: 10, share: 0.24 },
  { from: 10, to: 10.15, share: 0.08 },
  { from: 10.15, to: 18, share: 0.46 },
  { from: 18, to: 24, share: 0.12 },
  { from: 24, to: hours, share: 0.04 },
];

/** Every message until `recipients` are named, in the order of time. */
export function* traffic(recipients: number): Generator<Message, void, void> {
  const random = generator(20_240_101);
  const senders = zipf(userCount);
  for (const { from, to, share } of pieces) {
    const wanted = Math.round(recipients * share);
    const spanMs = (to - from) * hourMs;
    for (let named = 0; named < wanted; ) {
      const size = Math.min(sizeOf(random()), wanted - named);
      const user = senders(random());
      yield {
        at: Math.floor(start + from * hourMs + (named / wanted) * spanMs),
        user,
        recipients: Array.from({ length: size }, () => recipientOf(user, random)),
        abandoned: random() < 0.01,
      };
      named += size;
    }
  }
}

/** How many recipients the message of a chance in [0, 1) has: most one, some a hundred, 3.55 on average. */
export function sizeOf(chance: number): number {
  if (chance < 0.7) return 1;
  if (chance < 0.9) return 2 + Math.floor((chance - 0.7) * 20);
  if (chance < 0.99) return 6 + Math.floor((chance - 0.9) * 160);
  return 100;
}

/** Somebody the user writes to again and again, or anybody. */
function recipientOf(user: number, random: () => number): number {
  return random() < 0.4 ? user * 200 + Math.floor(random() * 200) : Math.floor(random() * 8_000_000);
}

/** Gives the user for a chance: the second sends six tenths of what the first does, the hundredth three hundredths. */
function zipf(users: number): (chance: number) => number {
  const upTo = new Float64Array(users);
  let sum = 0;
  for (let user = 0; user < users; user += 1) {
    sum += (user + 1) ** -0.75;
    upTo[user] = sum;
  }
  return (chance) => {
    let low = 0;
    let high = users - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((upTo[middle] ?? 0) < chance * sum) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Gives the chances of a seed, in [0, 1). Mulberry32: small, and the same everywhere. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
