/** The engine as a whole: it starts on an example, keeps what it answered, and takes a new bench file at once. */
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exampleBenchFile } from '../../relay-core/bench-file/example.ts';
import type { TestMessage } from '../../relay-core/contract/index.ts';
import { startEngine } from '../../relay-core/engine.ts';
import { lastReply, takenPort, testBench, toElsewhere } from './engine-of-tests.ts';

/** The line, counted from 1, that holds a piece of a text. */
const lineOf = (text: string, piece: string): number => text.slice(0, text.indexOf(piece)).split('\n').length;

describe('a first start', () => {
  test('opens on the example organisation, labelled as one, with secrets as hashes on disk', async () => {
    const bench = await testBench();
    const engine = await bench.start();
    expect(engine.status()).toMatchObject({
      organisation: 'Example AB',
      example: true,
      licences: 100,
      problems: [],
    });
    const onDisk = await readFile(bench.options.benchFile, 'utf8');
    expect(onDisk).toBe(engine.bench().yaml);
    expect(onDisk).not.toContain('battery staple');
  });
  test('listens on stand-ins for 25, 465 and 587, on loopback only, and says which role each has · PRT-3', async () => {
    const engine = await (await testBench()).start();
    expect(
      engine
        .status()
        .listeners.map(({ role, standsFor, beyondLoopback }) => [role, standsFor, beyondLoopback]),
    ).toEqual([
      ['relay', 25, false],
      ['smtps', 465, false],
      ['submission', 587, false],
    ]);
  });
  test('listens beyond loopback only when the bench file says so, and then its status says it · PRT-3', async () => {
    const bench = await testBench(exampleBenchFile.replace('host: 127.0.0.1', 'host: 0.0.0.0'));
    const { listeners } = (await bench.start()).status();
    expect(listeners.map(({ beyondLoopback }) => beyondLoopback)).toEqual([true, true, true]);
  });
});

describe('a message', () => {
  test('sent in plain text to 25 is accepted and kept whole', async () => {
    const engine = await (await testBench()).start();
    const sent = await engine.send(toElsewhere);
    expect(lastReply(sent)).toMatch(/^250 2\.0\.0 OK {2}\d+$/);
    const record = engine.store.transaction(sent.transactionId ?? '');
    expect(record?.decision).toMatchObject({ outcome: 'accepted', setting: 'Mail servers on this machine' });
    const message = engine.store.message(sent.transactionId ?? '', 0, 10_000);
    expect(Buffer.from(message?.content ?? []).toString()).toContain('Subject: Hello');
  });
  test('465 is TLS from the first byte, 25 and 587 offer STARTTLS, and AUTH works inside · PRT-2 · AUT-2 · AUT-3', async () => {
    const engine = await (await testBench()).start();
    const auth = { user: 'anna@example.com', password: 'correct horse battery staple' };
    const ways: TestMessage[] = [
      { ...toElsewhere, portRole: 'smtps', tls: 'implicit', auth },
      { ...toElsewhere, portRole: 'submission', tls: 'starttls', auth: { ...auth, mechanism: 'LOGIN' } },
      { ...toElsewhere, portRole: 'relay', tls: 'starttls' },
    ];
    for (const way of ways) {
      const sent = await engine.send(way);
      expect(lastReply(sent)).toMatch(/^250 2\.0\.0/);
      expect(engine.store.transaction(sent.transactionId ?? '')?.client).toMatchObject({
        portRole: way.portRole,
        tls: { version: 'TLSv1.3' },
        authenticatedAs: way.auth === undefined ? null : 'anna@example.com',
      });
    }
  });
  test('from a claimed address is judged by that address · AUT-1 · SET-4', async () => {
    const engine = await (await testBench()).start();
    const from = async (claimedAddress: string) =>
      lastReply(await engine.send({ ...toElsewhere, claimedAddress }));
    expect(await from('203.0.113.9')).toMatch(/^250 2\.0\.0/);
    expect(await from('198.51.100.7')).toMatch(/^550 5\.7\.0/);
    expect(await from('2001:db8::7')).toMatch(/^550 5\.7\.0/);
  });
});

describe('a restart', () => {
  test('keeps transactions and counts: what was answered 250 counts, nothing else does · CQ-8', async () => {
    const bench = await testBench();
    const first = await startEngine(bench.options);
    await first.send({ ...toElsewhere, to: ['a@elsewhere.org', 'b@elsewhere.org'] });
    await first.send({ ...toElsewhere, claimedAddress: '198.51.100.7' });
    const before = first.counts.customer(first.clock.now());
    await first.close();
    const second = await bench.start();
    expect(second.store.transactionCount()).toBe(2);
    expect(second.counts.customer(second.clock.now()).map(({ used }) => used)).toEqual(
      before.map(({ used }) => used),
    );
    expect(second.counts.customer(second.clock.now())[0]?.used).toBe(2);
  });
  test('presents the same certificate authority, so that mail servers go on trusting it', async () => {
    const bench = await testBench();
    const first = await startEngine(bench.options);
    const { fingerprint256 } = first.certificateAuthority;
    await first.close();
    expect((await bench.start()).certificateAuthority.fingerprint256).toBe(fingerprint256);
  });
});

describe('a new bench file', () => {
  test('is in force at once, for open connections too · SET-8', async () => {
    const engine = await (await testBench()).start();
    const replaced = await engine.replaceBench(
      engine
        .bench()
        .yaml.replace('- address: anna@example.com\n    aliases', '- address: anne@example.com\n    aliases'),
    );
    expect(replaced.outcome).toBe('replaced');
    expect(lastReply(await engine.send(toElsewhere))).toBe('550 5.7.0 Mail Sending denied.');
  });
  test('that wants a taken port changes nothing, and the old listeners go on', async () => {
    const anyPort = exampleBenchFile.replace('2525', '0').replace('4465', '0').replace('5587', '0');
    const bench = await testBench(anyPort);
    const engine = await startEngine({
      benchFile: bench.options.benchFile,
      dataDirectory: bench.options.dataDirectory,
    });
    onTestFinished(() => engine.close());
    const port = await takenPort();
    const draft = engine.bench().yaml.replace('relay: 0', `relay: ${port}`);
    expect(await engine.replaceBench(draft)).toMatchObject({
      outcome: 'problems',
      problems: [
        {
          path: 'listeners.relay',
          line: lineOf(draft, `relay: ${port}`),
          message: expect.stringContaining(String(port)),
        },
      ],
    });
    expect(lastReply(await engine.send(toElsewhere))).toMatch(/^250/);
    expect(engine.bench().yaml).toContain('relay: 0');
  });
  test('that wants a host this machine does not have is refused by that key', async () => {
    const engine = await (await testBench()).start();
    const elsewhere = engine.bench().yaml.replace('host: 127.0.0.1', 'host: 192.0.2.7');
    expect(await engine.replaceBench(elsewhere)).toMatchObject({
      outcome: 'problems',
      problems: [
        {
          path: 'listeners.host',
          line: lineOf(elsewhere, 'host: 192.0.2.7'),
          hint: expect.stringContaining('an address of this machine'),
        },
      ],
    });
    expect(lastReply(await engine.send(toElsewhere))).toMatch(/^250/);
  });
});

describe('watching', () => {
  test('gives a snapshot now, and one after changes, never a backlog', async () => {
    const engine = await (await testBench()).start();
    const ended = new AbortController();
    const seen: number[] = [];
    const watching = (async () => {
      for await (const { transactions } of engine.watch(ended.signal)) {
        seen.push(transactions);
        if (transactions === 20) break;
      }
    })();
    for (let index = 0; index < 20; index++) await engine.send(toElsewhere);
    await watching;
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(20);
    ended.abort();
  });
});

test('the bench file can be changed on disk while the engine is off', async () => {
  const bench = await testBench();
  const first = await startEngine(bench.options);
  await first.close();
  await writeFile(
    bench.options.benchFile,
    (await readFile(bench.options.benchFile, 'utf8')).replace('licences: 100', 'licences: 7'),
  );
  expect((await bench.start()).status().licences).toBe(7);
});
