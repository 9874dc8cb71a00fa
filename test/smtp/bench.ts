/**
 * Opens listeners over a scripted relay for one test file, with certificates made once, and closes what a test leaves open.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Certificates, loadCertificates } from '../../relay-core/smtp/certificates.ts';
import { createContentRoom } from '../../relay-core/smtp/content/room.ts';
import {
  type ListenerRole,
  openListener,
  type SmtpListener,
  type WireEvent,
} from '../../relay-core/smtp/listeners.ts';
import { connectRaw, type RawClient, type RawClientOptions } from './raw-client.ts';
import { type Script, type ScriptedRelay, scriptedRelay } from './scripted-relay.ts';

export interface OpenBench {
  readonly relay: ScriptedRelay;
  readonly listener: SmtpListener;
  readonly events: WireEvent[];
  readonly authority: string;
  /** Connects; the greeting is still to be read. */
  connect(options?: Partial<RawClientOptions>): Promise<RawClient>;
  /** Connects and reads the greeting. */
  greeted(options?: Partial<RawClientOptions>): Promise<RawClient>;
  /** Connects, reads the greeting and says EHLO. */
  introduced(options?: Partial<RawClientOptions>): Promise<RawClient>;
  /** Connects, and says EHLO inside TLS. */
  secured(): Promise<RawClient>;
}

/** To be called at the top of a test file. Events of the wire fail the test that did not expect them. */
export function prepareBench() {
  let directory = '';
  let certificates: Certificates;
  const open: { readonly listener: SmtpListener; readonly events: WireEvent[] }[] = [];
  const clients: RawClient[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'relay-bench-'));
    certificates = await loadCertificates(directory, Date.now());
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    const closing = open.splice(0);
    await Promise.all(closing.map(({ listener }) => listener.close(10)));
    const unexpected = closing.flatMap(({ events }) => events);
    if (unexpected.length > 0) throw new Error(`unexpected events: ${JSON.stringify(unexpected)}`);
  });
  afterAll(() => rm(directory, { recursive: true }));

  return async (
    script: Script = {},
    {
      role = 'relay' as ListenerRole,
      idleTimeoutMs = 10_000,
      room = createContentRoom(Number.POSITIVE_INFINITY),
    } = {},
  ): Promise<OpenBench> => {
    const relay = scriptedRelay(script);
    const events: WireEvent[] = [];
    const result = await openListener(
      { role, host: '127.0.0.1', port: 0 },
      { relay, tls: certificates.server, idleTimeoutMs, room, report: (event) => events.push(event) },
    );
    if (result.outcome === 'failed') throw new Error(result.message);
    const { listener } = result;
    open.push({ listener, events });
    const bench: OpenBench = {
      relay,
      listener,
      events,
      authority: certificates.authority,
      async connect(options = {}) {
        const client = await connectRaw({ port: listener.port, implicitTls: role === 'smtps', ...options });
        clients.push(client);
        return client;
      },
      async greeted(options) {
        const client = await bench.connect(options);
        await client.reply();
        return client;
      },
      async introduced(options) {
        const client = await bench.greeted(options);
        await client.command('EHLO mail.example.com');
        return client;
      },
      async secured() {
        const client = await bench.introduced();
        await client.startTls();
        await client.command('EHLO mail.example.com');
        return client;
      },
    };
    return bench;
  };
}

/** Waits until something is so; a bounded number of short waits. */
export async function until(condition: () => boolean, what: string, timeoutMs = 5_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`it never came to this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
