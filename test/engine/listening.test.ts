/**
 * Listeners and a new bench file: one that is refused leaves every port, connection and transaction as it was, and what
 * a good one does not change goes on as well.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exampleBenchFile } from '../../relay-core/bench-file/example.ts';
import { type Engine, startEngine } from '../../relay-core/engine.ts';
import { type Listeners, openListeners } from '../../relay-core/listening.ts';
import { createContentRoom } from '../../relay-core/smtp/content/room.ts';
import type { openListener } from '../../relay-core/smtp/listeners.ts';
import type { ListenerSpec, SmtpListener } from '../../relay-core/smtp/types.ts';
import { connectRaw, type RawClient } from '../smtp/raw-client.ts';
import { scriptedRelay } from '../smtp/scripted-relay.ts';
import { takenPort, testBench } from './engine-of-tests.ts';

type Role = ListenerSpec['role'];

const anyPorts = exampleBenchFile.replace('2525', '0').replace('4465', '0').replace('5587', '0');

/** An engine whose ports the file alone decides. */
async function started(yaml = anyPorts): Promise<Engine> {
  const { options } = await testBench(yaml);
  const { benchFile, dataDirectory } = options;
  const engine = await startEngine({ benchFile, dataDirectory });
  onTestFinished(() => engine.close());
  return engine;
}

const portsOf = (engine: Engine) =>
  Object.fromEntries(engine.status().listeners.map(({ role, port }) => [role, port]));
const portOf = (engine: Engine, role: Role) => portsOf(engine)[role] ?? 0;

async function client(port: number): Promise<RawClient> {
  const connection = await connectRaw({ port });
  onTestFinished(() => connection.destroy());
  await connection.reply();
  await connection.command('EHLO mail.example.com');
  return connection;
}

/** One in the middle of a message's content. */
async function clientInData(port: number): Promise<RawClient> {
  const connection = await client(port);
  await connection.command('MAIL FROM:<anna@example.com>');
  await connection.command('RCPT TO:<someone@elsewhere.org>');
  await connection.command('DATA');
  connection.send('Subject: Hello\r\n\r\nHello');
  return connection;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const save = (engine: Engine, change: (yaml: string) => string) =>
  engine.replaceBench(change(engine.bench().yaml));

describe('a bench file that is refused for its listeners leaves all as it was', () => {
  interface Ports {
    readonly taken: number;
    readonly free: number;
  }
  const wanted: readonly (readonly [string, (yaml: string, ports: Ports) => string])[] = [
    ['a port that another program has', (yaml, { taken }) => yaml.replace('relay: 0', `relay: ${taken}`)],
    [
      'the second of two ports',
      (yaml, { taken, free }) =>
        yaml.replace('relay: 0', `relay: ${free}`).replace('submission: 0', `submission: ${taken}`),
    ],
    ['an address this machine lacks', (yaml) => yaml.replace('host: 127.0.0.1', 'host: 192.0.2.7')],
  ];
  test.each(wanted)('%s', async (_, change) => {
    const engine = await started();
    const before = engine.status().listeners;
    const port = portOf(engine, 'relay');
    const [idle, inData] = [await client(port), await clientInData(port)];
    const ports = { taken: await takenPort(), free: await freePort() };
    expect(await save(engine, (yaml) => change(yaml, ports))).toMatchObject({ outcome: 'problems' });
    expect(engine.status().listeners).toEqual(before);
    expect(await idle.command('NOOP')).toMatch(/^250 /);
    expect(await inData.command('\r\n.')).toMatch(/^250 /);
    expect(await (await client(port)).command('NOOP')).toMatch(/^250 /);
    await expect(connectRaw({ port: ports.free })).rejects.toThrow('ECONNREFUSED');
  });

  test('ports that the file leaves open stay the same ones, at the next good file too', async () => {
    const engine = await started();
    const before = portsOf(engine);
    const taken = await takenPort();
    await save(engine, (yaml) => yaml.replace('relay: 0', `relay: ${taken}`));
    expect(await save(engine, (yaml) => `${yaml}# a comment\n`)).toMatchObject({ outcome: 'replaced' });
    expect(portsOf(engine)).toEqual(before);
  });
});

describe('a good bench file', () => {
  test('moves what it changes and touches nothing else', async () => {
    const engine = await started();
    const before = portsOf(engine);
    const idle = await client(portOf(engine, 'submission'));
    const inData = await clientInData(portOf(engine, 'relay'));
    const free = await freePort();
    await save(engine, (yaml) => yaml.replace('submission: 0', `submission: ${free}\n  proxy: 0`));
    expect(portsOf(engine)).toEqual({ ...before, submission: free, proxy: expect.any(Number) });
    expect(await idle.reply()).toMatch(/^421 /);
    await expect(connectRaw({ port: before.submission ?? 0 })).rejects.toThrow('ECONNREFUSED');
    expect(await inData.command('\r\n.')).toMatch(/^250 /);
  });
  test('is in force before the last transaction on a port that goes has ended, which it may', async () => {
    const engine = await started();
    const inData = await clientInData(portOf(engine, 'relay'));
    const free = await freePort();
    await save(engine, (yaml) => yaml.replace('relay: 0', `relay: ${free}`));
    expect(portOf(engine, 'relay')).toBe(free);
    expect(await inData.command('\r\n.')).toMatch(/^250 /);
    expect(await inData.reply()).toMatch(/^421 /);
  });
  test('that names the port a listener has already does not move it', async () => {
    const engine = await started();
    const port = portOf(engine, 'relay');
    const idle = await client(port);
    const named = await save(engine, (yaml) => yaml.replace('relay: 0', `relay: ${port}`));
    expect(named).toMatchObject({ outcome: 'replaced' });
    expect(await idle.command('NOOP')).toMatch(/^250 /);
  });
  test('may swap two ports', async () => {
    const engine = await started();
    const { relay, smtps, submission } = portsOf(engine);
    const swapped = await save(engine, (yaml) =>
      yaml.replace('relay: 0', `relay: ${submission}`).replace('submission: 0', `submission: ${relay}`),
    );
    expect(swapped).toMatchObject({ outcome: 'replaced' });
    expect(engine.status().listeners).toMatchObject([
      { role: 'relay', port: submission },
      { role: 'smtps', port: smtps },
      { role: 'submission', port: relay },
    ]);
    expect(await (await client(relay ?? 0)).command('MAIL FROM:<anna@example.com>')).toMatch(/^530/);
  });
  test('may keep the ports and change the host', async () => {
    const engine = await started();
    const before = portsOf(engine);
    const fixed = Object.entries(before).reduce(
      (yaml, [role, port]) => yaml.replace(`${role}: 0`, `${role}: ${port}`),
      engine.bench().yaml,
    );
    await save(engine, () => fixed.replace('host: 127.0.0.1', 'host: 0.0.0.0'));
    expect(engine.status().listeners.map(({ host }) => host)).toEqual(['0.0.0.0', '0.0.0.0', '0.0.0.0']);
    expect(portsOf(engine)).toEqual(before);
  });
});

/** A machine on which listeners hold addresses as sockets do, and another program may come in between. */
function machine() {
  const held = new Set<string>();
  const closed: string[] = [];
  const addressOf = ({ host, port }: Pick<ListenerSpec, 'host' | 'port'>) => `${host}:${port}`;
  const isTaken = ({ host, port }: ListenerSpec) =>
    [...held].some((each) =>
      host === '0.0.0.0' ? each.endsWith(`:${port}`) : [`${host}:${port}`, `0.0.0.0:${port}`].includes(each),
    );
  let free = 40_000;
  const open: typeof openListener = async (spec) => {
    if (isTaken(spec))
      return { outcome: 'failed', code: 'EADDRINUSE', message: `${addressOf(spec)} is taken.` };
    const port = spec.port === 0 ? free++ : spec.port;
    const address = addressOf({ ...spec, port });
    held.add(address);
    const listener: SmtpListener = {
      spec,
      port,
      openConnections: () => 0,
      close: async () => {
        held.delete(address);
        closed.push(spec.role);
      },
    };
    return { outcome: 'listening', listener };
  };
  return { held, closed, open };
}

const specs = (host: string, relay: number, smtps: number): ListenerSpec[] => [
  { role: 'relay', host, port: relay },
  { role: 'smtps', host, port: smtps },
];

async function listening(open: typeof openListener, wanted: readonly ListenerSpec[]): Promise<Listeners> {
  const opening = await openListeners(
    wanted,
    {
      relay: scriptedRelay(),
      tls: { key: '', certificate: '' },
      idleTimeoutMs: 1_000,
      room: createContentRoom(1),
      report: () => undefined,
    },
    open,
  );
  if (opening.outcome === 'failed') throw new Error(opening.failure.message);
  return opening.listeners;
}

describe('a move that needs an address of our own', () => {
  test('closes nothing while something else stands in its way', async () => {
    const { held, closed, open } = machine();
    const listeners = await listening(open, specs('127.0.0.1', 2525, 4465));
    held.add('127.0.0.1:9999');
    const failure = await listeners.move([
      ...specs('127.0.0.1', 4465, 2525),
      { role: 'proxy', host: '127.0.0.1', port: 9999 },
    ]);
    expect(failure).toMatchObject({ role: 'proxy', port: 9999 });
    expect(closed).toEqual([]);
  });
  test('closes nothing for an address that is not ours', async () => {
    const { held, closed, open } = machine();
    const listeners = await listening(open, specs('127.0.0.1', 2525, 4465));
    held.add('127.0.0.2:2525');
    expect(await listeners.move(specs('127.0.0.2', 2525, 4465))).toMatchObject({ role: 'relay' });
    expect(closed).toEqual([]);
  });
  test('opens again what it closed when another program has the address too', async () => {
    const { held, closed, open } = machine();
    const listeners = await listening(open, specs('127.0.0.1', 0, 0));
    const before = listeners.states();
    const [relay, smtps] = before.map(({ port }) => port);
    held.add(`127.0.0.2:${smtps}`);
    expect(await listeners.move(specs('0.0.0.0', relay ?? 0, smtps ?? 0))).toMatchObject({
      role: 'smtps',
      message: `0.0.0.0:${smtps} is taken.`,
    });
    expect(listeners.states()).toEqual(before);
    expect(closed).toEqual(['relay', 'smtps', 'relay']);
    // Any free port is still what was wanted of them.
    expect(await listeners.move(specs('127.0.0.1', 0, 0))).toBeNull();
    expect(listeners.states()).toEqual(before);
  });
  test('tells what could not be opened again, and the next one opens it', async () => {
    const { held, open } = machine();
    let comesBetween = false;
    const listeners = await listening(
      (spec, context) => {
        // Another program is quicker than we, once our own listener is closed.
        if (comesBetween && !held.has('127.0.0.1:2525')) held.add('0.0.0.0:2525');
        return open(spec, context);
      },
      specs('127.0.0.1', 2525, 4465),
    );
    comesBetween = true;
    const failure = await listeners.move(specs('0.0.0.0', 2525, 4465));
    expect(failure?.message).toBe(
      '0.0.0.0:2525 is taken. The relay listener was closed to make room and could not be opened again: 127.0.0.1:2525 is taken.',
    );
    expect(listeners.states()).toMatchObject([
      { role: 'relay', port: 2525, problem: expect.stringContaining('127.0.0.1:2525 is taken.') },
      { role: 'smtps', port: 4465, problem: null },
    ]);
    expect(listeners.addressOf('relay')).toBeNull();
    comesBetween = false;
    held.delete('0.0.0.0:2525');
    expect(await listeners.move(specs('127.0.0.1', 2525, 4465))).toBeNull();
    expect(listeners.states().map(({ problem }) => problem)).toEqual([null, null]);
  });
});
