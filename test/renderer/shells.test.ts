/** The two ways a page reaches its engine, and what it says when the engine goes: a WebSocket in a browser, a MessagePort in the desktop. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, chromiumMissing, startBench } from './browser.ts';

/**
 * Plays the preload: hands the page one end of a channel and joins the other end to the engine's socket,
 * since both speak the same messages. `window.engine` lets a test kill and restart it.
 */
const preload = `
  let socket = null;
  const hand = () => {
    const { port1, port2 } = new MessageChannel();
    const url = location.href.replace(/#.*/, '').replace('http', 'ws') + 'api/socket';
    socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    const waiting = [];
    port1.onmessage = ({ data }) => (socket.readyState === 1 ? socket.send(data) : waiting.push(data));
    socket.onopen = () => { for (const data of waiting) socket.send(data); };
    socket.onmessage = ({ data }) => port1.postMessage(data);
    window.postMessage({ kind: 'relay-bench:engine-port' }, '*', [port2]);
  };
  window.engine = {
    restart: hand,
    starts: (done, total) => window.postMessage({ kind: 'relay-bench:engine-starting', done, total }, '*'),
    die: () => {
      socket.close();
      window.postMessage({ kind: 'relay-bench:engine-gone', message: 'The engine stopped with code 9. It is being started again.' }, '*');
    },
  };
  window.addEventListener('message', (event) => {
    if (event.source === window && event.data?.kind === 'relay-bench:page-ready') hand();
  });
`;

describe.skipIf(chromiumMissing)('shells', { timeout: 30_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  test('in a browser, a lost engine is told at once, and found again', async () => {
    const { page, server, screen } = await bench.open('full', 'transactions/t1997');
    await page.getByRole('heading', { name: /^Refused at DATA/ }).waitFor();
    server.stopEngine();
    const bar = page.getByRole('alert').filter({ hasText: 'Connection lost.' });
    await bar.waitFor();
    await page.getByRole('heading', { name: /^Refused at DATA/ }).waitFor();
    await page.waitForTimeout(300);
    await screen('connection-lost');
    // What is asked for meanwhile waits for the engine.
    await page.getByRole('row').nth(1).click();
    server.startEngine();
    await bar.waitFor({ state: 'detached' });
    await page
      .getByRole('heading', { name: /^Refused at DATA: anna@example\.com has sent 10,000 messages/ })
      .waitFor();
    server.engine.arrive(3);
    await page.getByRole('button', { name: '3 new' }).waitFor();
  });

  test('in the desktop, the page takes the port it is handed, and a fresh one after the engine died', async () => {
    const { page } = await bench.open('full', 'transactions', { shell: 'desktop', preload });
    await page
      .getByRole('row', { name: /anna@example\.com/ })
      .first()
      .waitFor();
    await page.evaluate('window.engine.die()');
    const bar = page.getByRole('alert').filter({ hasText: 'The engine stopped with code 9.' });
    await bar.waitFor();
    await page.getByRole('row').nth(1).click();
    await page.evaluate('window.engine.restart()');
    await bar.waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: /^Refused at DATA/ }).waitFor();
  });

  test('in the desktop, an engine with much to count says how far it has come, until it is there', async () => {
    const starting = preload.replace(
      "page-ready') hand()",
      "page-ready') window.engine.starts(1_200_000, 4_600_000)",
    );
    const { page, screen } = await bench.open('full', 'transactions', {
      shell: 'desktop',
      preload: starting,
    });
    const bar = page.getByRole('status').filter({ hasText: 'The engine is starting.' });
    await bar.getByText('Counting what was sent in the last 24 hours: 1,200,000 of 4,600,000.').waitFor();
    expect(await page.getByText('Connection lost.').count()).toBe(0);
    await screen('engine-starting');
    await page.evaluate('window.engine.starts(4_600_000, 4_600_000)');
    await bar.getByText('4,600,000 of 4,600,000').waitFor();
    await page.evaluate('window.engine.restart()');
    await bar.waitFor({ state: 'detached' });
    await page
      .getByRole('row', { name: /anna@example\.com/ })
      .first()
      .waitFor();
  });

  test('a port that comes without being asked for is taken too', async () => {
    const unasked = preload.replace(
      /window\.addEventListener\('message'[\s\S]*$/,
      "window.addEventListener('DOMContentLoaded', hand);",
    );
    const { page } = await bench.open('full', 'transactions', { shell: 'desktop', preload: unasked });
    await page
      .getByRole('row', { name: /anna@example\.com/ })
      .first()
      .waitFor();
  });

  test('a message from another window counts for nothing, the same from the page’s own does', async () => {
    const { page } = await bench.open('full', 'transactions/t1981?tab=envelope', {
      shell: 'desktop',
      preload,
    });
    await page.getByRole('tab', { name: 'Envelope' }).waitFor();
    await page.evaluate(() => document.body.append(document.createElement('iframe')));
    const [, inner] = page.frames();
    const forge = () => parent.postMessage({ kind: 'relay-bench:engine-gone', message: 'forged' }, '*');
    await inner?.evaluate(forge);
    await page.waitForTimeout(300);
    expect(await page.getByText('Connection lost.').count()).toBe(0);
    await page.evaluate(forge);
    await page.getByText('Connection lost.').waitFor();
  });
});
