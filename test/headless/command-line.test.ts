/** The command line of relay-bench, read: what it takes, and one line for each mistake. */
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canShowBrowser } from '../../headless/browser.ts';
import { readCommandLine, type ServeOptions, usage } from '../../headless/command-line.ts';

function served(...args: string[]): ServeOptions {
  const command = readCommandLine(['serve', ...args]);
  if (command.kind !== 'serve') throw new Error(JSON.stringify(command));
  return command.options;
}

describe('serve', () => {
  test('needs no options: loopback, the bench file’s ports, data in the person’s own folder', () => {
    const options = served();
    expect(options.http).toEqual({ host: '127.0.0.1', port: 8525 });
    expect(options.ports).toEqual({});
    expect(options.browser).toBe('open');
    expect(options.output).toBe('text');
    expect(options.dataDirectory).toMatch(/relay-bench/);
    expect(options.benchFile).toBe(join(options.dataDirectory, 'bench.yaml'));
  });

  test('takes files, ports and what to print', () => {
    const options = served(
      ...['--config', 'my.yaml', '--data', 'kept', '--http', '127.0.0.1:0', '--relay', '0', '--smtps=4466'],
      ...['--submission', '65535', '--no-open', '--json'],
    );
    expect(options).toEqual({
      benchFile: resolve('my.yaml'),
      dataDirectory: resolve('kept'),
      http: { host: '127.0.0.1', port: 0 },
      ports: { relay: 0, smtps: 4466, submission: 65535 },
      browser: 'leave',
      output: 'json',
    });
  });

  test.each([
    ['[::1]:8080', { host: '::1', port: 8080 }],
    ['localhost:1', { host: 'localhost', port: 1 }],
    ['9000', { host: '127.0.0.1', port: 9000 }],
  ])('takes --http %s', (text, address) => {
    expect(served('--http', text).http).toEqual(address);
  });
});

test.each([
  [[], /command is missing/],
  [['server'], /"server" is no command/],
  [['serve', 'now'], /"now" is one argument too many/],
  [['serve', '--port', '1'], /'--port'/],
  [['serve', '--realy', '0'], /'--realy'; did you mean --relay\?$/],
  [['serve', '--relay'], /--relay/],
  [['serve', '--relay', 'smtp'], /--relay takes a port from 0 to 65535, not "smtp"/],
  [['serve', '--smtps', '65536'], /--smtps takes a port/],
  [['serve', '--submission', '-1'], /--submission/],
  [['serve', '--http', 'http://x/'], /--http takes HOST:PORT/],
  [['serve', '--http', '::1:80'], /--http takes HOST:PORT/],
  [['serve', '--http', '127.0.0.1:99999'], /--http takes a port/],
  [['serve', '--data', ''], /--data needs a path/],
  [['serve', '--json=1'], /--json/],
])('%j is refused in one line', (args, words) => {
  const command = readCommandLine(args);
  if (command.kind !== 'refused') throw new Error(JSON.stringify(command));
  expect(command.message).toMatch(words);
  expect(command.message).not.toContain('\n');
});

test('--help and --version win over everything else', () => {
  expect(readCommandLine(['serve', '--help'])).toEqual({ kind: 'help' });
  expect(readCommandLine(['-v'])).toEqual({ kind: 'version' });
});

test('the help names every option', () => {
  for (const option of [
    '--config',
    '--data',
    '--http',
    '--relay',
    '--smtps',
    '--submission',
    '--no-open',
    '--json',
  ]) {
    expect(usage).toContain(option);
  }
});

test('a browser is opened only where one could appear', () => {
  expect(canShowBrowser({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(canShowBrowser({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(canShowBrowser({}, 'linux')).toBe(false);
  expect(canShowBrowser({ DISPLAY: ':0', CI: 'true' }, 'linux')).toBe(false);
  expect(canShowBrowser({}, 'darwin')).toBe(true);
});
