/** What is kept of long lines: their beginning, and in memory no more than that. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { prepareBench } from './bench.ts';

const openBench = prepareBench();

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

function heapBytes(): number {
  if (typeof collectGarbage !== 'function') throw new Error('there is no collecting of garbage by hand');
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const lines = 2_000;
const filling = 'x'.repeat(16_000);

test.each([
  ['a long command', `NOOP ${filling}`],
  ['a path that does not end', `RCPT TO:<${filling}`],
  ['a short path, and far too much behind it', `RCPT TO:<somebody@example.org> ${filling}`],
  [
    'an accepted path behind which there are spaces',
    `RCPT TO:<somebody@example.org>${filling.replaceAll('x', ' ')}`,
  ],
])('%s takes the memory of what is kept of it', async (_what, line) => {
  const bench = await openBench();
  const client = await bench.introduced();
  await client.command('MAIL FROM:<a@example.com>');
  const before = heapBytes();
  for (let count = 0; count < lines; count += 1) await client.command(line);
  expect(bench.relay.session.lines.at(-2)?.text).toMatch(/^(?:NOOP|RCPT).*… \(\d+ characters\)$/);
  expect((heapBytes() - before) / lines).toBeLessThan(5_000);
});
