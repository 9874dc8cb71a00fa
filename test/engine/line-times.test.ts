/** Where lines stand between the times that are known of them: by the connection's own milliseconds, never beyond. */
import { expect, test } from 'vitest';
import { timed, timesKnownOf } from '../../relay-core/router/line-times.ts';
import type { DialogueEntry, TransactionRecord } from '../../relay-core/store/types.ts';

const start = Date.UTC(2026, 0, 1);
const dayMs = 24 * 60 * 60 * 1000;

const lines = (...sinceStartMs: number[]): DialogueEntry[] =>
  sinceStartMs.map((since, ordinal) => ({
    ordinal,
    sinceStartMs: since,
    direction: 'client',
    text: '',
    tls: false,
  }));

type Ended = Pick<TransactionRecord, 'startedAt' | 'finishedAt' | 'decision' | 'dialogue'>;

const ended = (
  dialogue: DialogueEntry[],
  startedAt: number,
  finishedAt: number,
  outcome: 'accepted' | 'abandoned' = 'accepted',
): Ended => ({
  startedAt,
  finishedAt,
  dialogue,
  decision: {
    outcome,
    rule: null,
    setting: null,
    reply: null,
    trace: [],
    remedies: [],
    noRemedyReason: null,
  },
});

/** Milliseconds behind the start of the session. */
const placed = (all: DialogueEntry[], transactions: Ended[] = []) =>
  timed(all, start, timesKnownOf(transactions)).map(({ at }) => at - start);

test('without a transaction lines go by the connection', () => {
  expect(placed(lines(0, 2, 5_000))).toEqual([0, 2, 5_000]);
});
test('a transaction’s lines go from its start on, and what follows it too', () => {
  const all = lines(0, 10, 20, 30, 40);
  const transaction = ended(all.slice(1, 4), start + dayMs, start + dayMs + 20);
  expect(placed(all, [transaction])).toEqual([0, dayMs, dayMs + 10, dayMs + 20, dayMs + 30]);
});
test('the wait for a message to be looked into counts once: its 250 is late, and what follows is not later for it', () => {
  const all = lines(10, 20, 20, 5_021);
  const transaction = ended(all.slice(0, 3), start, start + 5_010);
  expect(placed(all, [transaction])).toEqual([0, 10, 5_010, 5_011]);
});
test('on a fast clock what follows a 250 does not stand before it', () => {
  const all = lines(1, 2, 2, 3);
  expect(placed(all, [ended(all.slice(0, 3), start, start + 3_600)])).toEqual([0, 1, 3_600, 3_600]);
});
test('a line never stands behind the next known time, where the machine’s clock and the connection’s differ', () => {
  const all = lines(0, 9, 10, 19, 19);
  const transaction = ended(all.slice(2), start + 8, start + 16);
  expect(placed(all, [transaction])).toEqual([0, 8, 8, 16, 16]);
});
test('a transaction that was broken off says when it began, and its end is not that of its last line', () => {
  const all = lines(0, 1);
  expect(placed(all, [ended(all, start + 50, start + 300_000, 'abandoned')])).toEqual([50, 51]);
});
test('a clock that was started over goes back: between two transactions, and while a message is stored', () => {
  const all = lines(0, 1, 1, 5, 6, 6, 8);
  const [first, second] = [
    ended(all.slice(0, 3), start + dayMs, start + dayMs + 1),
    ended(all.slice(3, 6), start + 4, start - dayMs),
  ];
  expect(placed(all, [first, second])).toEqual([dayMs, dayMs + 1, dayMs + 1, 4, 5, -dayMs, 2 - dayMs]);
});
