/**
 * The servers that are compared, each as a process of its own on a free port: the engine with everything on, bare
 * smtp-server, a bare JavaScript socket, and Postfix's smtp-sink.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startEngine, testBench } from '../../fixtures/engine.ts';
import { ended, eventually, runProgram } from '../../fixtures/program.ts';
import { environmentOf, type MailServerCopy } from '../../mail-servers/install.mjs';

export type ServerName =
  | 'engine'
  | 'smtp-server'
  | 'socket'
  | 'smtp-sink'
  | 'room'
  | 'room-row-here'
  | 'room-row-on-thread';

export interface MeasuredServer {
  readonly name: ServerName;
  readonly port: number;
  readonly processId: number;
  readonly stop: () => Promise<void>;
}

export const serverTitles: Readonly<Record<ServerName, string>> = {
  engine: 'Relay Bench, everything on',
  'smtp-server': 'smtp-server as shipped, data drained',
  socket: 'bare JavaScript socket',
  'smtp-sink': 'Postfix smtp-sink (C)',
  room: 'our SMTP room, nothing behind it',
  'room-row-here': 'our SMTP room, one row a message',
  'room-row-on-thread': 'the same, on a thread of its own',
};

/** Higher than any load reaches; the counting is the same. */
const outOfReach = 1_000_000_000;

/** Builds the headless shell: what is measured is what users start. */
export async function buildEngine(): Promise<void> {
  const build = fileURLToPath(new URL('../../../build/build.mjs', import.meta.url));
  const { status, stdout, stderr } = await runProgram(process.execPath, [build, 'headless'], {
    timeoutMs: 300_000,
  });
  if (status !== 0) throw new Error(`The build failed: ${stdout}${stderr}`);
}

/** The engine over a bench file whose limits no load meets. `buildEngine` comes first. */
export async function startMeasuredEngine(options: {
  readonly synchronous: 'normal' | 'full';
  readonly nodeOptions?: readonly string[];
}): Promise<MeasuredServer> {
  const { synchronous, nodeOptions } = options;
  const engine = await startEngine({
    program: 'built',
    bench: testBench({
      limits: {
        userMessagesPerDay: outOfReach,
        userUniqueRecipientsPerDay: outOfReach,
        customerRecipientsPerDay: outOfReach,
        customerRecipientsPerTenMinutes: outOfReach,
        connectionsPerMinute: outOfReach,
        connectionsAtOnce: outOfReach,
      },
      store: { synchronous },
    }),
    ...(nodeOptions ? { nodeOptions } : {}),
  });
  return { name: 'engine', port: engine.listeners.relay, processId: engine.processId, stop: engine.stop };
}

function measured(name: ServerName, child: ChildProcess, port: number): MeasuredServer {
  const stop = async () => {
    child.kill('SIGTERM');
    await ended(child);
  };
  return { name, port, processId: child.pid ?? -1, stop };
}

async function startScript(name: ServerName, file: string, ...args: string[]): Promise<MeasuredServer> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(createInterface({ input: child.stdout }), 'line');
  return measured(name, child, Number(port));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const answers = (port: number) =>
  new Promise<true | undefined>((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('error', () => resolve(undefined));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });

async function startSmtpSink({ root }: MailServerCopy): Promise<MeasuredServer> {
  const port = await freePort();
  const backlog = '511';
  const child = spawn(
    join(root, 'usr', 'sbin', 'smtp-sink'),
    ['-u', 'nobody', `127.0.0.1:${port}`, backlog],
    { env: environmentOf(root), stdio: 'ignore' },
  );
  await eventually('smtp-sink to listen', () => answers(port));
  return measured('smtp-sink', child, port);
}

/** Starts one of the servers. The engine's store is at its default, `synchronous: normal`. */
export function startServer(name: ServerName, postfix: MailServerCopy): Promise<MeasuredServer> {
  switch (name) {
    case 'engine':
      return startMeasuredEngine({ synchronous: 'normal' });
    case 'smtp-server':
      return startScript(name, './bare-smtp-server.ts');
    case 'socket':
      return startScript(name, './bare-socket.ts');
    case 'smtp-sink':
      return startSmtpSink(postfix);
    case 'room':
      return startScript(name, './bare-room.ts', 'nothing');
    case 'room-row-here':
      return startScript(name, './bare-room.ts', 'row-here');
    case 'room-row-on-thread':
      return startScript(name, './bare-room.ts', 'row-on-thread');
  }
}
