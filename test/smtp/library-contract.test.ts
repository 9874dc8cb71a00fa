/**
 * Holds smtp-server to what `relay-core/smtp/wire/` knows of its inside. A new version that changes a member we override or
 * lean on fails here, by that member's name: read what it does now, then renew the list: `vitest run test/smtp/library-contract.test.ts -u`.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { SMTPServer } from 'smtp-server';
import * as connectionModule from 'smtp-server/lib/smtp-connection.js';
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import smtpServerPackage from 'smtp-server/package.json' with { type: 'json' };
import { expect, test } from 'vitest';
import ownPackage from '../../package.json' with { type: 'json' };
import { createContentRoom } from '../../relay-core/smtp/content/room.ts';
import { mappedText } from '../../relay-core/smtp/wire/library-texts.ts';
import { RelayServer } from '../../relay-core/smtp/wire/server.ts';
import { prepareBench } from './bench.ts';
import { scriptedRelay } from './scripted-relay.ts';

const openBench = prepareBench();

const { SMTPConnection } = connectionModule;

type Class = typeof SMTPServer | typeof SMTPConnection | typeof SMTPStream;

/** What is overridden, and what is called or leaned on. */
const touched: readonly { readonly of: Class; readonly members: readonly string[] }[] = [
  {
    of: SMTPServer,
    members: [
      'constructor',
      'connect',
      'close',
      'updateSecureContext',
      '_setListeners',
      '_onError',
      '_acceptSocket',
      '_expectsProxyHeader',
      '_handleProxy',
      '_upgrade',
      '_resolveSNI',
      '_warnAboutDefaultCertificate',
      'onSecure',
    ],
  },
  {
    of: SMTPConnection,
    members: [
      'constructor',
      'init',
      'send',
      'close',
      'upgrade',
      '_createParser',
      '_setListeners',
      '_onCloseEvent',
      '_onClose',
      '_onError',
      '_onTimeout',
      '_armTimeout',
      '_whenWritable',
      '_resetSession',
    ],
  },
  { of: SMTPStream, members: ['constructor', '_write', '_flushData'] },
];

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** A member's own text; a constructor's is cut out of its class. */
function source(owner: Class, member: string): { readonly text: string; readonly arity: number } {
  if (member === 'constructor') {
    const body = /^ {4}constructor\([\s\S]*?\n {4}\}\n/m.exec(owner.toString());
    if (body === null) throw new Error(`${owner.name} has no constructor`);
    return { text: body[0], arity: owner.length };
  }
  const value: unknown = Object.getOwnPropertyDescriptor(owner.prototype, member)?.value;
  if (typeof value !== 'function') throw new Error(`${owner.name} has no method ${member} any more`);
  return { text: value.toString(), arity: value.length };
}

test('the members that wire/ touches are as they were', async () => {
  const members = touched.flatMap(({ of, members: names }) =>
    names.map((name) => {
      const { text, arity } = source(of, name);
      return `${of.name}.${name} takes ${arity}: ${hash(text)}`;
    }),
  );
  const functions = Object.entries(connectionModule).flatMap(([name, exported]) =>
    typeof exported === 'function' && exported !== SMTPConnection
      ? [`${name} takes ${exported.length}: ${hash(exported.toString())}`]
      : [],
  );
  await expect([...members, ...functions, ''].join('\n')).toMatchFileSnapshot('library-contract/members.txt');
});

test('the classes have the methods they had', async () => {
  const methods = [SMTPServer, SMTPConnection, SMTPStream].flatMap((owner) =>
    Object.getOwnPropertyNames(owner.prototype)
      .sort()
      .map((name) => `${owner.name}.${name}`),
  );
  await expect([...methods, ''].join('\n')).toMatchFileSnapshot('library-contract/methods.txt');
});

test('the version is pinned, and is the one that was read', () => {
  expect(ownPackage.dependencies['smtp-server']).toBe(smtpServerPackage.version);
});

test('a text of the library that the catalogue does not hold is an event, and local-error goes out', async () => {
  const bench = await openBench();
  const client = await bench.introduced();
  const server = new RelayServer('relay', {
    relay: scriptedRelay(),
    tls: { key: '', certificate: '' },
    idleTimeoutMs: 1_000,
    room: createContentRoom(1_000_000),
    report: (event) => bench.events.push(event),
  });
  const listening = createServer((socket) => {
    server.connect(socket);
    for (const connection of server.connections) connection.send(500, 'Error: command not recognized');
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  const other = await bench.connect({
    port: typeof address === 'object' && address !== null ? address.port : 0,
  });
  expect(await other.replies(2)).toEqual([
    expect.stringMatching(/^220 /),
    expect.stringMatching(/^451 4\.3\.0 Local error in processing/),
  ]);
  expect(bench.events.splice(0)).toEqual([
    { kind: 'unmapped-text', code: 500, text: 'Error: command not recognized' },
  ]);
  other.destroy();
  client.destroy();
  listening.close();
});

test('what the library says when its grace is over is in the catalogue', () => {
  expect(mappedText(421, 'Server shutting down')?.id).toBe('shutting-down');
  expect(source(SMTPServer, 'close').text).toContain("connection.send(421, 'Server shutting down')");
});
