/**
 * A server to measure against: the engine's SMTP room alone, with a relay behind it that says yes to everything. What is
 * left of the time when policy, quotas, the record of the session and all but the least of the store cost nothing:
 * `bare-room.ts nothing` keeps nothing, `row-here` and `row-on-thread` commit one row for each message before its 250, as
 * many together as wait. Prints its port.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { done } from '../../../relay-core/relay/answers.ts';
import type { Answer, Relay } from '../../../relay-core/relay/types.ts';
import { reply } from '../../../relay-core/replies/catalogue.ts';
import { makeSessionId } from '../../../relay-core/replies/session-id.ts';
import { loadCertificates } from '../../../relay-core/smtp/certificates.ts';
import { createContentRoom } from '../../../relay-core/smtp/content/room.ts';
import { openListener } from '../../../relay-core/smtp/listeners.ts';
import { openConnection } from '../../../relay-core/store/connection.ts';

/** As long as what the engine keeps of such a message beside its content. */
const record = 'x'.repeat(2_000);

/** Commits a batch of contents. */
type Commit = (contents: readonly Uint8Array[]) => Promise<void>;

function commitHere(file: string): Commit {
  const database = openConnection(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec('CREATE TABLE messages (number INTEGER PRIMARY KEY, record TEXT, content BLOB)');
  const put = database.prepare('INSERT INTO messages (record, content) VALUES (?, ?)');
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  return async (contents) => {
    begin.run();
    for (const content of contents) put.run(record, content);
    commit.run();
  };
}

function commitOnThread(file: string): Commit {
  const thread = new Worker(new URL(import.meta.url), { workerData: file });
  return (contents) => {
    const copies = contents.map((content) => Uint8Array.from(content));
    thread.postMessage(
      copies,
      copies.map(({ buffer }) => buffer),
    );
    return new Promise((resolve) => thread.once('message', resolve));
  };
}

/** Keeps a message with all that wait at the end of the turn; resolves when it is committed. */
function keeping(commit: Commit): (content: Uint8Array) => Promise<void> {
  let waiting: { readonly content: Uint8Array; readonly kept: () => void }[] = [];
  let isUnderWay = false;
  const commitAll = async () => {
    isUnderWay = true;
    await turn();
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await commit(batch.map(({ content }) => content));
      for (const { kept } of batch) kept();
      await turn();
    }
    isUnderWay = false;
  };
  return (content) =>
    new Promise((kept) => {
      waiting.push({ content, kept });
      if (!isUnderWay) void commitAll();
    });
}

function yesMan(keep: (content: Uint8Array) => Promise<void>): Relay {
  const yes = (id: 'mail-ok' | 'rcpt-ok' | 'go-ahead') => done(reply(id));
  const greeted: Answer = done(reply('helo'));
  return {
    openSession({ clientAddress }) {
      const id = makeSessionId((below) => Math.floor(Math.random() * below));
      return {
        id,
        clientAddress,
        messageBytes: 25_000_000,
        replyContext: { sessionId: id, wording: 'workspace' },
        record: () => undefined,
        replied: () => undefined,
        claimAddress: () => undefined,
        secured: () => undefined,
        helo: () => greeted,
        authenticate: async () => greeted,
        mail: () => yes('mail-ok'),
        mailRefused: () => undefined,
        rcpt: () => yes('rcpt-ok'),
        rcptRefused: () => undefined,
        data: () => yes('go-ahead'),
        async endOfData({ content }) {
          await keep(content);
          return done(reply('message-accepted', { unixSeconds: Math.floor(Date.now() / 1000) }));
        },
        reset: () => undefined,
        note: () => undefined,
        closed: () => undefined,
      };
    },
  };
}

async function serve(kept: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'relay-bench-room-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  process.once('SIGTERM', () => process.exit(0));
  const file = join(directory, 'messages.sqlite');
  const keep =
    kept === 'nothing'
      ? async () => undefined
      : keeping(kept === 'row-here' ? commitHere(file) : commitOnThread(file));
  const opened = await openListener(
    { role: 'relay', host: '127.0.0.1', port: 0 },
    {
      relay: yesMan(keep),
      tls: (await loadCertificates(directory, Date.now())).server,
      idleTimeoutMs: 60_000,
      room: createContentRoom(1_000_000_000),
      report: (event) => void process.stderr.write(`${JSON.stringify(event)}\n`),
    },
  );
  if (opened.outcome === 'failed') throw new Error(opened.message);
  process.stdout.write(`${opened.listener.port}\n`);
}

if (isMainThread) {
  await serve(process.argv[2] ?? 'nothing');
} else {
  const commit = commitHere(workerData);
  parentPort?.on('message', (contents: Uint8Array[]) => {
    void commit(contents).then(() => parentPort?.postMessage('kept'));
  });
}
