/** The desktop app's command line, and how long it waits before it starts a dead engine again. */
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OptionError, readOptions } from '../../electron/options.ts';
import { restartDelayMs } from '../../electron/restart-delay.ts';

describe('the command line', () => {
  it('may be empty', () => {
    expect(readOptions(['/usr/bin/relay-bench'])).toEqual({ paths: {}, ports: {} });
  });

  it('names bench file, data directory and ports, among switches of Chromium', () => {
    const argv = [
      'electron',
      '.',
      '--config',
      'b.yaml',
      '--data=d',
      '--relay',
      '0',
      '--user-data-dir=/x',
      '--no-sandbox',
    ];
    expect(readOptions(argv)).toEqual({
      paths: { config: resolve('b.yaml'), data: resolve('d') },
      ports: { relay: 0 },
    });
  });

  it('is refused by the option’s name when a value cannot be meant', () => {
    expect(() => readOptions(['electron', '.', '--smtps', '70000'])).toThrow(OptionError);
    expect(() => readOptions(['electron', '.', '--smtps', 'high'])).toThrow(/^--smtps: /);
    expect(() => readOptions(['electron', '.', '--data'])).toThrow(/^--data: /);
  });
});

describe('a dead engine', () => {
  it('is started again after a wait that grows and is bounded', () => {
    const waits = Array.from({ length: 12 }, (_, failures) => restartDelayMs(failures));
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits[0]).toBeLessThan(1_000);
    expect(Math.max(...waits)).toBe(30_000);
  });
});
