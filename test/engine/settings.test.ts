/** Saved changes in a whole engine: when they decide, what the trace and the status say, and what a restart keeps. */
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { exampleBenchFile } from '../../relay-core/bench-file/example.ts';
import { type Engine, startEngine } from '../../relay-core/engine.ts';
import { lastReply, testBench, toElsewhere } from './engine-of-tests.ts';

const minute = 60_000;
const slow = `${exampleBenchFile}propagationMinutes: 60\n`;
const accepted = /^250 2\.0\.0 OK/;
const denied = '550 5.7.0 Mail Sending denied.';

/** Anna is suspended by the change, so that her next message tells whose settings decide. */
const annaSuspended = (yaml: string) =>
  yaml.replace('aliases: [a.svensson', 'suspended: true\n    aliases: [a.svensson');
const annaBack = (yaml: string) => yaml.replace('    suspended: true\n    aliases', '    aliases');

async function save(engine: Engine, change: (yaml: string) => string) {
  const replaced = await engine.replaceBench(change(engine.bench().yaml));
  if (replaced.outcome !== 'replaced') throw new Error(JSON.stringify(replaced));
}

const send = async (engine: Engine) => lastReply(await engine.send(toElsewhere));

async function traceOf(engine: Engine) {
  const { transactionId } = await engine.send(toElsewhere);
  return engine.store.transaction(transactionId ?? '')?.decision.trace ?? [];
}

describe('with a delay of 60 minutes', () => {
  test('the previous settings decide until it is over on the engine’s clock · SET-6', async () => {
    const engine = await (await testBench(slow)).start();
    await save(engine, annaSuspended);
    expect(await send(engine)).toMatch(accepted);
    engine.clockControl.moveTo(engine.clock.now() + 59 * minute);
    expect(await send(engine)).toMatch(accepted);
    engine.clockControl.moveTo(engine.clock.now() + minute);
    expect(await send(engine)).toBe(denied);
  });
  test('the trace says that a newer version is on its way, and when it comes · SET-6', async () => {
    const engine = await (await testBench(slow)).start();
    expect((await traceOf(engine)).some(({ rule }) => rule === 'SET-6')).toBe(false);
    await save(engine, annaSuspended);
    const [pending] = engine.pendingVersions();
    const wholeSecond = Math.ceil((pending?.inForceAt ?? 0) / 1_000) * 1_000;
    const at = new Date(wholeSecond).toISOString().replace('T', ' ').slice(0, 19);
    const [news] = await traceOf(engine);
    expect(news).toMatchObject({ rule: 'SET-6', outcome: 'note' });
    expect(news?.text).toMatch(new RegExp(`newer version.*on its way.*into force at ${at} UTC\\.$`));
    await save(engine, annaBack);
    expect((await traceOf(engine))[0]?.text).toMatch(/One more will follow it\.$/);
    engine.clockControl.moveTo(engine.clock.now() + 61 * minute);
    expect((await traceOf(engine)).some(({ rule }) => rule === 'SET-6')).toBe(false);
  });
  test('a refusal that the newer version would not give says until when to wait · SET-6', async () => {
    const engine = await (await testBench(annaSuspended(slow))).start();
    await save(engine, annaBack);
    const { transactionId } = await engine.send(toElsewhere);
    const remedies = engine.store.transaction(transactionId ?? '')?.decision.remedies;
    const until = new Date(engine.pendingVersions()[0]?.inForceAt ?? 0).toISOString();
    expect(remedies).toContainEqual(expect.objectContaining({ side: 'wait', until }));
  });
  test('several changes in flight come into force each in its turn · SET-6', async () => {
    const engine = await (await testBench(slow)).start();
    await save(engine, annaSuspended);
    engine.clockControl.moveTo(engine.clock.now() + 20 * minute);
    await save(engine, annaBack);
    expect(await send(engine)).toMatch(accepted);
    engine.clockControl.moveTo(engine.clock.now() + 40 * minute);
    expect(await send(engine)).toBe(denied);
    engine.clockControl.moveTo(engine.clock.now() + 20 * minute);
    expect(await send(engine)).toMatch(accepted);
  });
  test('the status tells of the versions on their way, and watchers hear of their coming · SET-6', async () => {
    const engine = await (await testBench(slow)).start();
    expect(engine.status().pendingVersions).toEqual([]);
    await save(engine, annaSuspended);
    const { version } = engine.bench();
    const { pendingVersions: [pending] = [] } = engine.status();
    expect(pending?.version).toBe(version);
    expect(Date.parse(pending?.inForceAt ?? '') - Date.parse(pending?.savedAt ?? '')).toBe(60 * minute);
    engine.clockControl.moveTo(engine.clock.now() + 60 * minute);
    expect(engine.status().pendingVersions).toEqual([]);
  });
  test('limits that go by the customer’s licences wait with them · SET-6 · ORG-2', async () => {
    const engine = await (await testBench(slow)).start();
    await save(engine, (yaml) => yaml.replace('licences: 100', 'licences: 1'));
    expect(engine.configuration().quotaLimits['customer-recipients-day'].value).toBe(13_000);
    engine.clockControl.moveTo(engine.clock.now() + 60 * minute);
    expect(engine.configuration().quotaLimits['customer-recipients-day'].value).toBe(130);
  });
  test('what is the bench’s own holds at once: listeners, profile, limits, the delay itself · SET-6', async () => {
    const engine = await (await testBench(slow)).start();
    await save(engine, (yaml) =>
      `${yaml}limits: { messageBytes: 2048 }\n`.replace('profile: g-suite', 'profile: workspace'),
    );
    expect(engine.pendingVersions()).toEqual([]);
    expect(engine.configuration()).toMatchObject({ messageBytes: 2048, profile: 'workspace' });
    await save(engine, annaSuspended);
    await save(engine, (yaml) => yaml.replace('messageBytes: 2048', 'messageBytes: 4096'));
    expect(engine.pendingVersions()).toHaveLength(1);
    expect(engine.configuration().messageBytes).toBe(4096);
    expect(await send(engine)).toMatch(accepted);
    await save(engine, (yaml) => yaml.replace('propagationMinutes: 60', 'propagationMinutes: 0'));
    expect(await send(engine)).toBe(denied);
  });
});

describe('a restart', () => {
  test('keeps what is on its way, and when it comes · SET-6', async () => {
    const bench = await testBench(slow);
    const first = await startEngine(bench.options);
    await save(first, annaSuspended);
    const pending = first.status().pendingVersions;
    await first.close();
    const second = await bench.start();
    expect(second.status().pendingVersions).toEqual(pending);
    expect(await send(second)).toMatch(accepted);
    second.clockControl.moveTo(second.clock.now() + 60 * minute);
    expect(await send(second)).toBe(denied);
  });
  test('finds a change that was made on disk, which takes its time too, and logs it as such · SET-6 · SET-7', async () => {
    const bench = await testBench(slow);
    await (await startEngine(bench.options)).close();
    const path = bench.options.benchFile;
    await writeFile(path, annaSuspended(await readFile(path, 'utf8')));
    const second = await startEngine(bench.options);
    expect(second.status().pendingVersions).toHaveLength(1);
    expect(await send(second)).toMatch(accepted);
    expect(second.store.auditLog({ limit: 10 }).items).toMatchObject([
      { who: 'file', what: 'user anna@example.com.suspended', before: false, after: true },
    ]);
    await second.close();
    expect((await bench.start()).store.auditLog({ limit: 10 }).items).toHaveLength(1);
  });
  test('without a change logs nothing · SET-7', async () => {
    const bench = await testBench();
    await (await startEngine(bench.options)).close();
    expect((await bench.start()).store.auditLog({ limit: 10 }).items).toEqual([]);
  });
});

describe('the audit log', () => {
  test('has each saving at engine time, newest first, with the version it came with · SET-7', async () => {
    const engine = await (await testBench()).start();
    engine.clockControl.moveTo(engine.clock.now() + 24 * 60 * minute);
    await save(engine, (yaml) => yaml.replace('licences: 100', 'licences: 120'));
    await engine.replaceBench(annaSuspended(engine.bench().yaml), { author: 'desktop' });
    const { items } = engine.store.auditLog({ limit: 10 });
    expect(items).toMatchObject([
      { who: 'desktop', what: 'user anna@example.com.suspended', version: engine.bench().version },
      { who: 'api', what: 'customer.licences', before: 100, after: 120 },
    ]);
    expect(Math.abs((items[0]?.at ?? 0) - engine.clock.now())).toBeLessThan(minute);
  });
  test('has nothing of a bench file that was refused · SET-7', async () => {
    const engine = await (await testBench()).start();
    const refused = await engine.replaceBench(engine.bench().yaml.replace('licences: 100', 'licences: none'));
    expect(refused.outcome).toBe('problems');
    expect(engine.store.auditLog({ limit: 10 }).items).toEqual([]);
  });
});
