/**
 * Debian's spamd and clamd as private instances on free ports of loopback, offline: SpamAssassin with the rules of its
 * package and no network tests, ClamAV with a signature database of one line, made here. Sources: spamd(8), clamd.conf(5).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { ScannerAddress } from '../../relay-core/settings/filtering.ts';
import { ended, eventually, removeFolder, scratchFolder } from '../fixtures/program.ts';
import { type MailServerCopy, spamdCommand } from './install.mjs';

export interface RunningScanner {
  readonly address: ScannerAddress;
  /** Stops answering without closing its connections, as a machine does that hangs. */
  readonly freeze: () => void;
  readonly stop: () => Promise<void>;
}

/** Both read and compile their rules first, on a machine that may be busy. */
const startMs = 60_000;
const timeoutMs = 30_000;

/** Starts spamd; resolves once it answers. */
export async function startSpamd({ root }: MailServerCopy): Promise<RunningScanner> {
  const folder = scratchFolder();
  // Its children run as nobody, who may not be able to read the folder of the checkout.
  chmodSync(folder, 0o755);
  cpSync(root, folder, { recursive: true });
  const port = await freePort();
  const [program, ...args] = spamdCommand(folder);
  const child = spawn(program, [
    ...args,
    ...['--local', '--nouser-config', '--max-children=1', '--syslog=stderr'],
    ...['--listen=127.0.0.1', `--port=${port}`, '--allowed-ips=127.0.0.1'],
    ...['--username=nobody', '--groupname=nogroup'],
    `--configpath=${join(folder, 'usr/share/spamassassin')}`,
    `--siteconfigpath=${join(folder, 'etc/spamassassin')}`,
  ]);
  return ready('spamd', child, port, folder);
}

/** Starts clamd with one signature. @param body the bytes it is to find */
export async function startClamd(
  { root }: MailServerCopy,
  signature: { readonly name: string; readonly body: string },
): Promise<RunningScanner> {
  const folder = scratchFolder();
  const port = await freePort();
  mkdirSync(join(folder, 'db'));
  const hex = Buffer.from(signature.body, 'latin1').toString('hex');
  // Name, any type of file, any offset, bytes.
  writeFileSync(join(folder, 'db', 'local.ndb'), `${signature.name}:0:*:${hex}\n`);
  const configuration = [
    `DatabaseDirectory ${join(folder, 'db')}`,
    'Foreground yes',
    'TCPAddr 127.0.0.1',
    `TCPSocket ${port}`,
    'StreamMaxLength 1M',
  ];
  writeFileSync(join(folder, 'clamd.conf'), `${configuration.join('\n')}\n`);
  const child = spawn(join(root, 'usr/sbin/clamd'), ['-c', join(folder, 'clamd.conf')]);
  return ready('clamd', child, port, folder);
}

async function ready(
  name: string,
  child: ChildProcess,
  port: number,
  folder: string,
): Promise<RunningScanner> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-5_000);
    });
  }
  const stop = async () => {
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    await ended(child);
    removeFolder(folder);
  };
  try {
    await eventually(
      `${name} to listen`,
      async () => {
        if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${said}`);
        return (await listens(port)) ? true : undefined;
      },
      startMs,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    address: { host: '127.0.0.1', port, timeoutMs },
    freeze: () => child.kill('SIGSTOP'),
    stop,
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was free');
  return address.port;
}
