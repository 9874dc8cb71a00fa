/** `relay-bench` as a process: its first line, its exit statuses, and an end that loses nothing. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { exampleBenchFile } from '../../relay-core/bench-file/example.ts';
import { sendResultSchema, transactionSchema } from '../../relay-core/contract/index.ts';
import { removeFolder, scratchFolder } from '../fixtures/program.ts';
import { anyFreePort, runShell, type Shell, startShell } from './shell.ts';

let folder: string;
const running: Shell[] = [];
beforeEach(() => {
  folder = scratchFolder();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((shell) => shell.stop('SIGKILL')));
  removeFolder(folder);
});

async function started(...args: Parameters<typeof startShell>): Promise<Shell> {
  const shell = await startShell(...args);
  running.push(shell);
  return shell;
}

async function squat(): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

/** @param first what the client says unasked */
const greeting = (port: number, first = ''): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(first);
    socket.once('data', (data) => {
      resolve(String(data));
      socket.destroy();
    });
    socket.once('error', reject);
  });

const message = {
  from: 'anna@example.com',
  to: ['customer@elsewhere.test'],
  subject: 'Kept',
  text: 'Hello',
  portRole: 'relay',
  tls: 'none',
};

describe('serve --json', () => {
  test('says in its first line where everything is, once all is ready', async () => {
    const shell = await started(folder);
    const { relay, submission } = shell.ready.listeners;
    expect(await greeting(relay)).toMatch(/^220 smtp-relay\.gmail\.com ESMTP /);
    expect(await greeting(submission)).toMatch(/^220 /);
    expect((await shell.call('GET', '/api/status')).status).toBe(200);
    expect((await fetch(`${shell.ready.http}/api/status`)).status).toBe(401);
  });

  test('names the listener behind PROXY too, where the bench file has one', async () => {
    const ports = 'host: 127.0.0.1\n  proxy: 0\n';
    writeFileSync(`${folder}/bench.yaml`, exampleBenchFile.replace('host: 127.0.0.1\n', ports));
    const shell = await started(folder, [...anyFreePort, '--config', `${folder}/bench.yaml`]);
    const { proxy } = shell.ready.listeners;
    expect(await greeting(proxy ?? 0, 'PROXY TCP4 203.0.113.9 127.0.0.1 40000 25\r\n')).toMatch(/^220 /);
  });

  test('listens on the ports it is given', async () => {
    const { port, server } = await squat();
    await new Promise((resolve) => server.close(resolve));
    const shell = await started(folder, [...anyFreePort, '--submission', String(port)]);
    expect(shell.ready.listeners.submission).toBe(port);
  });
});

describe('it stops', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'at %s with status 0, and what it answered 250 is there afterwards',
    async (signal) => {
      const first = await started(folder);
      const sent = sendResultSchema.parse(await (await first.call('POST', '/api/messages', message)).json());
      expect(sent.failure).toBeNull();
      expect(await first.stop(signal)).toEqual({ status: 0, stderr: '' });
      const second = await started(folder);
      const kept = await second.call('GET', `/api/transactions/${sent.transactionId}`);
      expect(transactionSchema.parse(await kept.json()).decision.outcome).toBe('accepted');
      const used = z
        .object({ windows: z.array(z.object({ window: z.string(), used: z.int() })) })
        .parse(await (await second.call('GET', '/api/quotas')).json());
      expect(used.windows.find(({ window }) => window === 'customer-recipients-day')?.used).toBe(1);
    },
  );

  test('with a page’s stream and a mail client still connected', async () => {
    const shell = await started(folder);
    const stream = await shell.call('GET', '/api/status/watch');
    const client = connect(shell.ready.listeners.relay, '127.0.0.1');
    client.on('error', () => {});
    await new Promise((resolve) => client.once('data', resolve));
    expect((await shell.stop('SIGTERM')).status).toBe(0);
    await stream.body?.cancel().catch(() => {});
    client.destroy();
  });
});

describe('it refuses in one line, with status 2', () => {
  test.each(['--http', '--relay', '--smtps', '--submission'])(
    'a taken port of %s, naming both',
    async (option) => {
      const { port, server } = await squat();
      const value = option === '--http' ? `127.0.0.1:${port}` : String(port);
      const result = await runShell('serve', '--json', '--data', folder, ...anyFreePort, option, value);
      await new Promise((resolve) => server.close(resolve));
      expect(result.status).toBe(2);
      expect(result.stdout).toBe('');
      expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(result.stderr).toContain(String(port));
      expect(result.stderr).toContain(option);
    },
  );

  test('an option that is not known', async () => {
    const result = await runShell('serve', '--prot', '1');
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(/^relay-bench: .*--prot.*--help.*\n$/);
  });

  test('a bench file that is wrong, naming file and line', async () => {
    const benchFile = join(folder, 'wrong.yaml');
    writeFileSync(benchFile, 'customer:\n  nmae: Example AB\n');
    const result = await runShell('serve', '--data', folder, ...anyFreePort, '--config', benchFile);
    expect(result.status).toBe(2);
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(result.stderr).toContain(`${benchFile}:`);
  });

  test('a data directory that cannot be one', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    mkdirSync(join(folder, 'other'));
    const result = await runShell('serve', '--data', join(file, 'data'), ...anyFreePort);
    expect(result.status).toBe(2);
    expect(result.stderr).toContain('--data');
  });
});

test('--help and --version answer on stdout, with status 0', async () => {
  const [help, version] = await Promise.all([runShell('--help'), runShell('--version')]);
  expect(help).toMatchObject({ status: 0, stderr: '' });
  expect(help.stdout).toContain('--submission PORT');
  expect(version).toMatchObject({ status: 0, stderr: '' });
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
