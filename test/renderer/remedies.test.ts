/** From a refusal to what makes it pass, over a real engine as the headless shell serves it: into the draft, out of the fills, on with the clock. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startHttpServer } from '../../headless/http/server.ts';
import type { TestMessage } from '../../relay-core/contract/index.ts';
import type { Engine } from '../../relay-core/engine.ts';
import { createRouter } from '../../relay-core/router.ts';
import { testBench, toElsewhere } from '../engine/engine-of-tests.ts';
import { type Bench, chromiumMissing, eventually, startBench, type Visited } from './browser.ts';

describe.skipIf(chromiumMissing)('what would make it pass', { timeout: 60_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  const serve = async (engine: Engine, token: string, port = 0) => {
    const server = await startHttpServer({
      bench: { router: createRouter(engine, 'api'), certificateAuthorityPem: '', messagePiece: () => null },
      address: { host: '127.0.0.1', port },
      token,
      pagesFolder: bench.pagesFolder,
      version: '0.0.0',
    });
    onTestFinished(() => server.close());
    const url = `http://127.0.0.1:${server.address.port}/?token=${token}`;
    return { url, port: server.address.port, close: () => server.close() };
  };

  type Opened = Visited & { engine: Engine; server: Awaited<ReturnType<typeof serve>> };

  const open = async (place: string): Promise<Opened> => {
    const engine = await (await testBench()).start();
    const server = await serve(engine, 'first-token');
    const visited = await bench.visit(server.url, place);
    onTestFinished(() => visited.page.context().close());
    return { ...visited, engine, server };
  };

  const sent = async (engine: Engine, message: Partial<TestMessage>): Promise<string> => {
    const { transactionId } = await engine.send({ ...toElsewhere, ...message });
    if (transactionId === null) throw new Error('no transaction');
    return transactionId;
  };
  const goTo = (page: Page, place: string): Promise<void> =>
    page.evaluate((hash) => window.location.assign(hash), `#/${place}`);
  const putIn = async (page: Page, id: string): Promise<void> => {
    await goTo(page, `transactions/${id}`);
    await page.getByRole('button', { name: 'Put into settings' }).first().click();
  };
  const markedLines = (page: Page): Promise<string[]> => page.locator('.cm-changedLine').allTextContents();
  const notSaved = (page: Page) =>
    page.getByRole('status').filter({ hasText: 'Put in from a transaction, not saved yet' });

  test('a change is put into the draft, seen and marked where it stands, until the next edit', async () => {
    const { page, engine, screen } = await open('settings');
    await putIn(page, await sent(engine, { from: 'nobody@example.com' }));
    await notSaved(page).getByText('Line 19, marked in the file').waitFor();
    expect(await markedLines(page)).toEqual(['  - address: nobody@example.com']);
    await screen('settings-put-in');
    await page.locator('.cm-changedLine').click();
    await page.keyboard.press('End');
    await page.keyboard.type(' # new');
    await eventually(() => markedLines(page)).toEqual([]);
    await notSaved(page).waitFor();
    expect(await notSaved(page).getByText('marked in the file').count()).toBe(0);
  });

  test('a second change goes in beside the first; both are saved, and nothing else of the file has changed', async () => {
    const { page, engine } = await open('settings');
    const before = engine.bench().yaml;
    await putIn(page, await sent(engine, { from: 'nobody@example.com' }));
    await notSaved(page).waitFor();
    const second = await sent(engine, { claimedAddress: '198.51.100.9' });
    await putIn(page, second);
    await notSaved(page).getByText('Line 29, marked in the file').waitFor();
    expect(await markedLines(page)).toEqual(['        - { range: 198.51.100.9 }']);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('2 changes, in force now').waitFor();
    const added = ['  - address: nobody@example.com', '        - { range: 198.51.100.9 }'];
    const lines = engine.bench().yaml.split('\n');
    expect(lines.filter((line) => added.includes(line))).toEqual(added);
    expect(lines.filter((line) => !added.includes(line))).toEqual(before.split('\n'));
    await page.getByRole('link', { name: 'Back to the transaction' }).click();
    await eventually(() => page.url()).toContain(`#/transactions/${second}`);
  });

  test('a draft that cannot run takes no change: it says what is wrong with it, and leads there', async () => {
    const { page, engine } = await open('settings');
    await page.locator('.cm-line').filter({ hasText: 'licences' }).click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('licenses: 3');
    await page.getByText('Unsaved changes').waitFor();
    await putIn(page, await sent(engine, { from: 'nobody@example.com' }));
    const alert = page.getByRole('alert').filter({ hasText: 'The change was not put into the settings' });
    await alert.getByText('The draft has to be right before a change can go in beside its edits').waitFor();
    expect(await alert.textContent()).not.toContain('fault of Relay Bench');
    await page.getByRole('link', { name: 'Open Settings' }).click();
    await page.locator('.cm-line').filter({ hasText: 'licenses: 3' }).waitFor();
  });

  const shown = async (): Promise<Opened & { transaction: ReturnType<Page['getByRole']> }> => {
    const opened = await open('quotas');
    const { page } = opened;
    await page.getByText('fills the messages of admin@example.com').waitFor();
    await page.getByRole('button', { name: 'Show me 550 5.4.5' }).click();
    const transaction = page.getByRole('region', { name: 'Transaction' });
    await transaction.getByRole('heading', { name: /^Refused at DATA: admin@example\.com/ }).waitFor();
    return { ...opened, transaction };
  };
  const outcomeNow = async (engine: Engine): Promise<string | undefined> => {
    const id = await sent(engine, { from: 'admin@example.com' });
    return engine.store.transaction(id)?.decision.outcome;
  };

  test('a window that is full by hand can be emptied beside its refusal · UQ-1', async () => {
    const { page, engine, transaction, screen } = await shown();
    expect(await outcomeNow(engine)).toBe('rejected');
    await transaction.getByText('10,000 of the messages were filled in by hand').waitFor();
    await screen('remedies-of-a-full-window');
    await transaction.getByRole('button', { name: 'Undo fills' }).click();
    await transaction.getByText('Undone: 1 fill. Send the message again.').waitFor();
    expect(await outcomeNow(engine)).toBe('accepted');
    expect(await page.getByRole('button', { name: 'Undo fills' }).count()).toBe(0);
  });

  test('the clock can be moved to where it passes, and then it does · UQ-1', async () => {
    const { engine, transaction } = await shown();
    await transaction.getByRole('button', { name: 'Move the clock there' }).click();
    await transaction.getByText('The clock is there now. Send the message again.').waitFor();
    expect(await outcomeNow(engine)).toBe('accepted');
  });

  test('a refusal that no window makes offers neither', async () => {
    const { page, engine } = await open('settings');
    await goTo(page, `transactions/${await sent(engine, { from: 'nobody@example.com' })}`);
    await page.getByRole('button', { name: 'Put into settings' }).first().waitFor();
    expect(await page.getByRole('button', { name: /Undo fills|Move the clock/ }).count()).toBe(0);
  });

  test('after a start with a new key the page says what to do, keeps the draft, and goes on once that is done', async () => {
    const { page, engine, server, screen } = await open('settings');
    await page.locator('.cm-line').filter({ hasText: 'licences' }).click();
    await page.keyboard.press('End');
    await page.keyboard.type('0');
    await server.close();
    const again = await serve(engine, 'second-token', server.port);
    const bar = page.getByRole('alert').filter({ hasText: 'Connection lost.' });
    await bar.getByText('Open the address it printed in another tab').waitFor();
    expect(await bar.getByText('connecting again').count()).toBe(0);
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await save.click();
    await bar.getByText('Waits for it: saving the bench file.').waitFor();
    await screen('connection-new-key');
    await bar.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('It was cancelled while it waited for the engine.').waitFor();
    await page.locator('.cm-line').filter({ hasText: 'licences: 1000' }).waitFor();
    await save.click();
    const other = await page.context().newPage();
    await other.goto(again.url);
    await page.getByText('1 change, in force now').waitFor();
    await bar.waitFor({ state: 'detached' });
    expect(engine.bench().file.customer.licences).toBe(1_000);
  });
});
