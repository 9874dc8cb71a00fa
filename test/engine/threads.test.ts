/** Threads that are asked one thing: what they fail at is told, and never waited for without end. */
import { expect, test } from 'vitest';
import { askThread } from '../../relay-core/threads.ts';

const besideReader = new URL('../../relay-core/bench-file/prepare.ts', import.meta.url).href;

const ask = (input: unknown, changes: { longestMs?: number; heapMb?: number } = {}) =>
  askThread('bench-file-reader', besideReader, {
    input,
    transfer: [],
    longestMs: 20_000,
    heapMb: 512,
    ...changes,
  });

const task = { text: 'customer: {}\n', readFor: 'looking' };

test('an answer is given as it was sent', async () => {
  expect(await ask(task)).toMatchObject({ outcome: 'problems' });
});

test('one that takes too long is given up', async () => {
  await expect(ask(task, { longestMs: 1 })).rejects.toThrow('bench-file-reader ended without an answer');
});

test('a fault in it is told with its own words', async () => {
  await expect(ask(null)).rejects.toThrow(TypeError);
});

test('one that wants more memory than it may have is given up, and this process goes on', async () => {
  const users = Array.from({ length: 20_000 }, (_, index) => `  - address: user${index}@example.com\n`);
  const large = { text: `users:\n${users.join('')}`, readFor: 'looking' };
  await expect(ask(large, { heapMb: 24 })).rejects.toMatchObject({ code: 'ERR_WORKER_OUT_OF_MEMORY' });
});
