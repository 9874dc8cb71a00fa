/** What a start leaves behind is collected by the start, and nothing is collected by hand while mail comes. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { startEngine } from '../../relay-core/engine.ts';
import { takenPort, testBench, toElsewhere } from './engine-of-tests.ts';

function watchedCollector() {
  const collect = vi.fn();
  vi.stubGlobal('gc', collect);
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  return collect;
}

test('a start collects its garbage once, and mail does not', async () => {
  const collect = watchedCollector();
  const engine = await (await testBench()).start();
  expect(collect).toHaveBeenCalledTimes(1);
  await engine.send(toElsewhere);
  expect(collect).toHaveBeenCalledTimes(1);
});

test('it is collected before any listener is open', async () => {
  const collect = watchedCollector();
  const { options } = await testBench();
  const ports = { ...options.ports, relay: await takenPort() };
  await expect(startEngine({ ...options, ports })).rejects.toMatchObject({ code: 'listener' });
  expect(collect).toHaveBeenCalledTimes(1);
});
