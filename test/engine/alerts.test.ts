/** Alerts about spam over a whole engine: counted over restarts, kept, and told once (ABU). */
import { expect, test } from 'vitest';
import { exampleBenchFile } from '../../relay-core/bench-file/example.ts';
import { type Engine, startEngine } from '../../relay-core/engine.ts';
import { lastReply, testBench, toElsewhere } from './engine-of-tests.ts';

const gtube = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X';

async function sendSpam(engine: Engine, times: number): Promise<void> {
  for (let index = 0; index < times; index++) {
    expect(lastReply(await engine.send({ ...toElsewhere, text: gtube }))).toMatch(/^550 5\.7\.1/);
  }
}

const alerts = (engine: Engine) => engine.store.alerts({ limit: 10 }).items.map(({ alert }) => alert);

test('spam before and after a restart counts together, and the alert is raised once · ABU-1', async () => {
  const bench = await testBench(exampleBenchFile);
  const first = await startEngine(bench.options);
  await sendSpam(first, 6);
  expect(alerts(first)).toEqual([]);
  await first.close();
  const second = await startEngine(bench.options);
  await sendSpam(second, 4);
  expect(alerts(second)).toEqual([expect.objectContaining({ rule: 'ABU-1', sender: 'anna@example.com' })]);
  await second.close();
  const third = await bench.start();
  await sendSpam(third, 1);
  expect(alerts(third)).toHaveLength(1);
});

test('a suspension lasts over a restart · ABU-2', async () => {
  const bench = await testBench(exampleBenchFile.replace('profile: g-suite', 'profile: workspace'));
  const first = await startEngine(bench.options);
  await sendSpam(first, 10);
  expect(alerts(first)[0]).toMatchObject({ rule: 'ABU-2', mail: { to: 'admin@example.com' } });
  await first.close();
  expect(lastReply(await (await bench.start()).send(toElsewhere))).toBe('550 5.7.0 Mail Sending denied.');
});

test('a suspension ends 24 hours later on the engine’s clock, and spam of the day before counts no more · ABU-2', async () => {
  const engine = await (
    await testBench(exampleBenchFile.replace('profile: g-suite', 'profile: workspace'))
  ).start();
  await sendSpam(engine, 10);
  engine.clockControl.stepBy(23 * 3_600_000);
  expect(lastReply(await engine.send(toElsewhere))).toBe('550 5.7.0 Mail Sending denied.');
  engine.clockControl.stepBy(2 * 3_600_000);
  expect(lastReply(await engine.send(toElsewhere))).toMatch(/^250/);
  await sendSpam(engine, 9);
  expect(alerts(engine)).toHaveLength(1);
});

test('starting the clock over ends suspensions and counts, over a restart too; the alerts stay · ABU-2', async () => {
  const bench = await testBench(exampleBenchFile.replace('profile: g-suite', 'profile: workspace'));
  const first = await startEngine(bench.options);
  first.clockControl.stepBy(3_600_000);
  await sendSpam(first, 10);
  expect(lastReply(await first.send(toElsewhere))).toBe('550 5.7.0 Mail Sending denied.');
  expect(first.clockControl.startOver()).toEqual({ outcome: 'done' });
  expect(lastReply(await first.send(toElsewhere))).toMatch(/^250/);
  await first.close();
  const second = await bench.start();
  expect(lastReply(await second.send(toElsewhere))).toMatch(/^250/);
  await sendSpam(second, 9);
  expect(alerts(second)).toHaveLength(1);
});
