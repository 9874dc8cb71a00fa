/** Nothing leaves the machine: whatever is accepted is kept for inspection, and no connection is opened for it. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import dns from 'node:dns';
import { Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { exampleBenchFile } from '../../relay-core/bench-file/example.ts';
import { lastReply, testBench, toElsewhere } from './engine-of-tests.ts';

/** Node tells of every TCP connection that this process begins. */
const clientSockets = 'net.client.socket';

test('accepted mail opens no connection and looks up no name, but for the test sender’s own to the listener', async () => {
  const engine = await (
    await testBench(exampleBenchFile.replace('allowedSenders: registered-users', 'allowedSenders: any'))
  ).start();
  const begun: Socket[] = [];
  const noticed = (message: unknown) => {
    if (
      typeof message === 'object' &&
      message !== null &&
      'socket' in message &&
      message.socket instanceof Socket
    )
      begun.push(message.socket);
  };
  const reached: unknown[] = [];
  subscribe(clientSockets, noticed);
  const lookup = vi.spyOn(dns, 'lookup');
  onTestFinished(() => {
    unsubscribe(clientSockets, noticed);
    lookup.mockRestore();
  });

  const messages = [
    toElsewhere,
    { ...toElsewhere, from: '', heloName: 'mail.example.com' },
    { ...toElsewhere, from: 'shop@partner.example.org', heloName: 'mail.example.com' },
    { ...toElsewhere, html: '<img src="https://tracker.example/pixel.png">' },
  ];
  for (const message of messages) {
    const sent = engine.send(message);
    await vi.waitFor(() => expect(begun).toHaveLength(reached.length + 1));
    const [socket] = begun.slice(-1);
    await vi.waitFor(() => expect(socket?.remotePort).toBeDefined());
    reached.push([socket?.remoteAddress, socket?.remotePort]);
    expect(lastReply(await sent)).toMatch(/^250 2\.0\.0/);
  }

  const relay = engine.status().listeners.find(({ role }) => role === 'relay');
  expect(reached).toEqual(messages.map(() => ['127.0.0.1', relay?.port]));
  expect(begun).toHaveLength(messages.length);
  expect(lookup).not.toHaveBeenCalled();
  expect(engine.store.transactions({ limit: 10 }).items).toHaveLength(messages.length);
});
