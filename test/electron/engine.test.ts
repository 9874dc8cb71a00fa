/** The engine in its own process: the page talks straight to it, and outlives its death. */
import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Desktop,
  enginePid,
  makeDataDirectory,
  noDesktop,
  removeDataDirectory,
  shownPort,
  startDesktop,
} from './desktop.ts';

const lost = 'Connection lost';

/** Sends one message through the listener that stands for port 25; resolves with the engine's last reply. */
async function sendThrough(port: number, subject: string): Promise<string> {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    tls: { rejectUnauthorized: false },
    name: 'mail.example.com',
  });
  try {
    const sent = await transport.sendMail({
      from: 'anna@example.com',
      to: `${subject}@example.org`,
      subject,
      text: 'A message to be kept.',
    });
    return sent.response;
  } finally {
    transport.close();
  }
}

/** Writes one-recipient charges of this moment straight into a store that nobody has open. */
function writeCharges(dataDirectory: string, charges: number): void {
  const database = new DatabaseSync(join(dataDirectory, 'store.sqlite'));
  const put = database.prepare('INSERT INTO charges (at, user, recipients) VALUES (?, ?, ?)');
  const now = Date.now();
  database.exec('BEGIN');
  for (let charge = 0; charge < charges; charge++) put.run(now, 'anna@example.com', 'someone@example.org');
  database.exec('COMMIT');
  database.close();
}

/** Holds a port until closed. */
function holdPort(port: number): Promise<{ server: Server; port: number }> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : port });
    });
  });
}

describe.skipIf(noDesktop)('the engine process', () => {
  let desktop: Desktop | undefined;
  let dataDirectory: string;

  beforeEach(() => {
    dataDirectory = makeDataDirectory();
    desktop = undefined;
  });
  afterEach(async () => {
    await desktop?.close();
    removeDataDirectory(dataDirectory);
  });

  it('is started again when it dies; the page says so, and nothing is lost', async () => {
    desktop = await startDesktop({ dataDirectory });
    const { app, page } = desktop;
    expect(await sendThrough(await shownPort(page, 25), 'before')).toContain('OK');
    await page.getByText('before@example.org').waitFor();

    const first = await enginePid(app);
    process.kill(first, 'SIGKILL');
    await page.getByText(lost).waitFor();
    await page.getByText(lost).waitFor({ state: 'hidden' });
    expect(await enginePid(app)).not.toBe(first);
    await page.getByText('before@example.org').waitFor();

    // The new engine chose other free ports: a page loaded anew shows them, and every transaction from the start.
    await page.reload();
    expect(await sendThrough(await shownPort(page, 25), 'after')).toContain('OK');
    await page.reload();
    await page.getByText('after@example.org').waitFor();
    await page.getByText('before@example.org').waitFor();
  });

  it('that cannot start says why on the page, and is there once it can', async () => {
    const { server, port } = await holdPort(0);
    desktop = await startDesktop({ dataDirectory, ports: { relay: port } });
    const { page } = desktop;
    await page.getByText(new RegExp(`Cannot listen on 127\\.0\\.0\\.1 port ${port}`)).waitFor();
    await new Promise((resolve) => server.close(resolve));
    expect(await shownPort(page, 25)).toBe(port);
    expect(await page.getByText(lost).count()).toBe(0);
  });

  it('can be started again from the menu', async () => {
    desktop = await startDesktop({ dataDirectory });
    const { app, page } = desktop;
    await shownPort(page, 25);
    const first = await enginePid(app);
    await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('restart-engine')?.click());
    await page.getByText('The engine is being restarted.').waitFor();
    await page.getByText(lost).waitFor({ state: 'hidden' });
    expect(await enginePid(app)).not.toBe(first);
  });

  it('says on the page how far it has come when there is much to count', async () => {
    desktop = await startDesktop({ dataDirectory });
    await shownPort(desktop.page, 25);
    await desktop.close();
    writeCharges(dataDirectory, 150_000);

    desktop = await startDesktop({ dataDirectory });
    const { app, page } = desktop;
    await shownPort(page, 25);
    // The counting is soon over: what the page says meanwhile is gathered.
    await page.evaluate(() => {
      const said: string[] = [];
      const gather = (): void => {
        const text = document.body.textContent;
        said.push(...(/Counting what was sent in the last 24 hours: [\d,]+ of [\d,]+/.exec(text) ?? []));
      };
      new MutationObserver(gather).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
      });
      Object.assign(window, { said });
    });
    const said = () => page.evaluate(() => ('said' in window ? window.said : null));
    await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('restart-engine')?.click());
    const sentence = 'Counting what was sent in the last 24 hours';
    await expect.poll(said, { timeout: 15_000 }).toContain(`${sentence}: 150,000 of 150,000`);
    const halfway = expect.stringMatching(/: 7\d,000 of 150,000$/);
    expect(await said()).toEqual(expect.arrayContaining([halfway]));
    await page.getByText(sentence).waitFor({ state: 'hidden' });
    expect(await page.getByText(lost).count()).toBe(0);
  });

  it('closes its store before the app has quit', async () => {
    desktop = await startDesktop({ dataDirectory });
    await shownPort(desktop.page, 25);
    const pid = await enginePid(desktop.app);
    await desktop.close();
    desktop = undefined;
    expect(() => process.kill(pid, 0)).toThrow();
    // SQLite takes its write-ahead log away when the last connection is closed in order.
    expect(readdirSync(dataDirectory)).toContain('store.sqlite');
    expect(readdirSync(dataDirectory)).not.toContain('store.sqlite-wal');
  });

  it('that still counts when the app is quit is not waited for, and nothing is lost', async () => {
    desktop = await startDesktop({ dataDirectory });
    await shownPort(desktop.page, 25);
    await desktop.close();
    const charges = 1_500_000;
    writeCharges(dataDirectory, charges);

    desktop = await startDesktop({ dataDirectory });
    await desktop.page.getByText('Counting what was sent in the last 24 hours').waitFor();
    await desktop.close();
    desktop = undefined;
    // An engine that had been waited for would have closed its store, and taken the log away with it.
    expect(readdirSync(dataDirectory)).toContain('store.sqlite-wal');
    const database = new DatabaseSync(join(dataDirectory, 'store.sqlite'));
    expect(database.prepare('SELECT count(*) AS kept FROM charges').get()).toEqual({ kept: charges });
    database.close();
  });

  it('is reached by a page that was loaded anew', async () => {
    desktop = await startDesktop({ dataDirectory });
    const { page } = desktop;
    const port = await shownPort(page, 25);
    for (let round = 0; round < 3; round++) {
      await page.reload();
      expect(await shownPort(page, 25)).toBe(port);
    }
  });
});
