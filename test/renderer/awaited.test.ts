/** What the relay awaited when a transaction was broken off, told from the record. */
import { describe, expect, test } from 'vitest';
import type { DialogueLine, Transaction } from '../../relay-core/contract/index.ts';
import { awaitedBy } from '../../renderer/transactions/awaited.ts';
import { cannedTransactions } from '../fixtures/pages/transactions.ts';

const began = Date.UTC(2026, 10, 26, 12, 0, 0);

/** Lines as `C: text` or `S: text`, each so many milliseconds after the one before. */
function brokenOff(
  lines: readonly (readonly [text: string, afterMs: number])[],
  closedAfterMs = 0,
): Transaction {
  const [first] = cannedTransactions(1, began);
  if (first === undefined) throw new Error('there are canned transactions');
  let at = 0;
  const dialogue = lines.map(([line, afterMs]): DialogueLine => {
    at += afterMs;
    return {
      at: new Date(began + at).toISOString(),
      sinceStartMs: at,
      direction: line.startsWith('C') ? 'client' : 'server',
      text: line.slice(3),
      tls: false,
    };
  });
  return { ...first, dialogue, finishedAt: new Date(began + at + closedAfterMs).toISOString() };
}

const mail = [
  ['C: MAIL FROM:<anna@example.com>', 5],
  ['S: 250 2.1.0 OK', 1],
] as const;
const rcpt = [
  ['C: RCPT TO:<a@elsewhere.org>', 5],
  ['S: 250 2.1.5 OK', 1],
] as const;
const data = [
  ['C: DATA', 5],
  ['S: 354  Go ahead', 1],
] as const;

describe('the relay awaited', () => {
  test('a first RCPT behind MAIL, the connection closed', () => {
    expect(awaitedBy(brokenOff(mail, 340))).toEqual({
      stage: 'MAIL',
      text: 'The relay awaited a first RCPT for 340 ms; then the client closed the connection.',
    });
  });
  test('another RCPT or DATA behind RCPT, and the client said RSET or QUIT', () => {
    const reset = [...mail, ...rcpt, ['C: RSET', 2_400], ['S: 250 2.1.5 Flushed', 1]] as const;
    expect(awaitedBy(brokenOff(reset))).toEqual({
      stage: 'RCPT',
      text: 'The relay awaited another RCPT or DATA for 2.4 s; then the client said RSET.',
    });
    expect(awaitedBy(brokenOff([...mail, ...rcpt, ['C: quit', 9]]))?.text).toMatch(/client said QUIT\.$/);
  });
  test('the content behind DATA, and its rest once some of it had come', () => {
    expect(awaitedBy(brokenOff([...mail, ...rcpt, ...data], 61_500))?.text).toBe(
      'The relay awaited the content for 1 min 1 s; then the client closed the connection.',
    );
    const some = [...mail, ...rcpt, ...data, ['C: [12 bytes of data]', 10]] as const;
    expect(awaitedBy(brokenOff(some, 20))?.text).toContain('awaited the rest of the content for 20 ms');
  });
  test('until it gave up itself', () => {
    const timedOut = [...mail, ['S: 451 4.4.2 Timeout - closing connection.', 300_000]] as const;
    expect(awaitedBy(brokenOff(timedOut))?.text).toBe(
      'The relay awaited a first RCPT for 5 min 0 s; then it gave up.',
    );
  });
});

test('a client that does not wait for an answer is told of as such', () => {
  expect(awaitedBy(brokenOff(mail.slice(0, 1), 3))?.text).toBe(
    'The client closed the connection before MAIL was answered.',
  );
});

test('without a line nothing is said', () => {
  expect(awaitedBy(brokenOff([]))).toBeNull();
});
