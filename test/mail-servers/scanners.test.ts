/** Real scanners behind the engine: what SpamAssassin and ClamAV say is what the client is answered (FIL-3). */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { askClamAv } from '../../relay-core/content/clamav.ts';
import type { SendResult, TestMessage } from '../../relay-core/contract/index.ts';
import type { Engine } from '../../relay-core/engine.ts';
import type { ScannerAddress } from '../../relay-core/settings/filtering.ts';
import { eicar, gtube } from '../content/messages-of-tests.ts';
import { lastReply, testBench, toElsewhere } from '../engine/engine-of-tests.ts';
import { type BenchInput, testBench as benchWith } from '../fixtures/engine.ts';
import { findMailServers } from './install.mjs';
import { type RunningScanner, startClamd, startSpamd } from './scanners.ts';

const { spamassassin, clamav, missing } = findMailServers();
const titleOf = (name: string, copy: { version: string } | null) =>
  copy ? `${name} ${copy.version}` : (missing.find((line) => line.startsWith(name)) ?? name);

async function engineWith(filtering: BenchInput['filtering']): Promise<Engine> {
  return (await testBench(stringify(benchWith({ filtering })))).start();
}

async function sent(
  engine: Engine,
  message: Partial<TestMessage>,
): Promise<{
  readonly reply: string;
  readonly steps: readonly string[];
}> {
  const result: SendResult = await engine.send({ ...toElsewhere, ...message });
  const record = result.transactionId === null ? null : engine.store.transaction(result.transactionId);
  const steps = (record?.decision.trace ?? [])
    .filter(({ rule }) => rule.startsWith('FIL'))
    .map(({ rule, outcome, text }) => `${rule} ${outcome}: ${text}`);
  return { reply: lastReply(result), steps };
}

/** Nothing the engine itself would know. */
const virusText = 'These bytes only the signature of the test calls a virus';

describe.skipIf(!spamassassin)(titleOf('SpamAssassin', spamassassin), () => {
  let spamd: RunningScanner | null = null;
  const address = (): ScannerAddress => {
    if (spamd === null) throw new Error('spamd is not running');
    return spamd.address;
  };
  beforeAll(async () => {
    if (spamassassin) spamd = await startSpamd(spamassassin);
  }, 90_000);
  afterAll(() => spamd?.stop());

  test('calls GTUBE spam as the engine does, and says by which rules · FIL-1, FIL-3', async () => {
    const engine = await engineWith({ spamassassin: address() });
    const { reply, steps } = await sent(engine, { text: gtube });
    expect(reply).toMatch(/^550 5\.7\.1 /);
    expect(steps.at(-1)).toMatch(/^FIL-1 fail: SpamAssassin gave \d+(?:\.\d+)? points; .*\bGTUBE\b/);
  });
  test('lets an ordinary message pass, with its score in the trace · FIL-3', async () => {
    const engine = await engineWith({ spamassassin: address() });
    const { reply, steps } = await sent(engine, {});
    expect(reply).toMatch(/^250 2\.0\.0 OK/);
    expect(steps).toEqual([
      expect.stringMatching(/^FIL-1 pass: SpamAssassin gave -?[\d.]+ points; from 5 on/),
    ]);
  });
});

describe.skipIf(!clamav)(titleOf('ClamAV', clamav), () => {
  let clamd: RunningScanner | null = null;
  const running = (): RunningScanner => {
    if (clamd === null) throw new Error('clamd is not running');
    return clamd;
  };
  beforeAll(async () => {
    if (clamav) clamd = await startClamd(clamav, { name: 'Test.Body', body: virusText });
  }, 90_000);
  afterAll(() => clamd?.stop());

  test('finds its signature in a base64 attachment · FIL-1, FIL-3', async () => {
    const engine = await engineWith({ clamav: running().address });
    const contentBase64 = Buffer.from(virusText).toString('base64');
    const { reply, steps } = await sent(engine, { attachments: [{ filename: 'a.bin', contentBase64 }] });
    expect(reply).toMatch(/^552 5\.7\.0 /);
    expect(steps).toEqual(['FIL-1 fail: ClamAV found Test.Body.UNOFFICIAL.']);
  });
  test('lets an ordinary message pass · FIL-3', async () => {
    const engine = await engineWith({ clamav: running().address });
    const { reply, steps } = await sent(engine, {});
    expect(reply).toMatch(/^250 2\.0\.0 OK/);
    expect(steps).toEqual(['FIL-1 pass: ClamAV found nothing.']);
  });
  test('does not know EICAR here, and the engine does · FIL-3', async () => {
    expect(await askClamAv(running().address, Buffer.from(eicar))).toMatchObject({ signature: null });
    const engine = await engineWith({ clamav: running().address });
    const { reply, steps } = await sent(engine, { text: eicar });
    expect(reply).toMatch(/^552 5\.7\.0 /);
    expect(steps).toHaveLength(2);
  });
  test('that refuses a message as too large for it defers the message · FIL-3', async () => {
    const engine = await engineWith({ clamav: running().address });
    const { reply, steps } = await sent(engine, { text: 'word '.repeat(400_000) });
    expect(reply).toMatch(/^451 4\.3\.0 /);
    expect(steps.at(-1)).toMatch(
      /^FIL-3 fail: ClamAV gave no verdict: 127\.0\.0\.1:\d+ (?:answered|broke off)/,
    );
  });
  test('that hangs defers the message, or lets it pass, as the bench file says · FIL-3', async () => {
    running().freeze();
    const address = { ...running().address, timeoutMs: 200 };
    const deferring = await sent(await engineWith({ clamav: address }), {});
    expect(deferring.reply).toBe('451 4.3.0 Local error in processing, try again later.');
    expect(deferring.steps).toEqual([expect.stringMatching(/^FIL-3 fail: .*did not answer within 200 ms/)]);
    const passing = await sent(await engineWith({ clamav: address, whenScannerFails: 'pass' }), {});
    expect(passing.reply).toMatch(/^250 2\.0\.0 OK/);
    expect(passing.steps).toEqual([expect.stringMatching(/^FIL-3 note: .*did not answer within 200 ms/)]);
  });
});
