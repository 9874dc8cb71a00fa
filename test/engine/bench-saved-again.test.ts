/** A bench file with plain passwords that is put again, as a script does that keeps it in version control. */
import { expect, test } from 'vitest';
import { exampleBenchFile } from '../../relay-core/bench-file/example.ts';
import { testBench } from './engine-of-tests.ts';

const slow = `${exampleBenchFile}propagationMinutes: 60\n`;

test('is no change: nothing is logged, and nothing is on its way · SET-6 · SET-7', async () => {
  const engine = await (await testBench(slow)).start();
  const { version } = engine.bench();
  expect(await engine.replaceBench(slow)).toMatchObject({ outcome: 'replaced', changes: [] });
  expect(engine.bench().version).toBe(version);
  expect(engine.pendingVersions()).toEqual([]);
  expect(engine.store.auditLog({ limit: 10 }).items).toEqual([]);
});

test('with another profile changes that alone, at once · SET-6 · SET-7', async () => {
  const engine = await (await testBench(slow)).start();
  await engine.replaceBench(slow.replace('profile: g-suite', 'profile: workspace'));
  expect(engine.pendingVersions()).toEqual([]);
  expect(engine.configuration().profile).toBe('workspace');
  expect(engine.store.auditLog({ limit: 10 }).items.map(({ what }) => what)).toEqual(['profile']);
});
