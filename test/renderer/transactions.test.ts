/** Transactions, as a person goes through them: keyboard, news, links, the path from a line to a step and back. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { call } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { laterOnConnection, sessionIdAt } from '../fixtures/pages/transactions.ts';
import { type Bench, chromiumMissing, eventually, sizes, startBench } from './browser.ts';

describe.skipIf(chromiumMissing)('transactions', { timeout: 30_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  test('the keyboard leads from the list through a transaction to every view', async () => {
    const { page } = await bench.open('full', 'transactions');
    await page.getByRole('grid', { name: 'Transactions, newest first' }).waitFor();
    for (const key of ['j', 'j', 'k', 'j']) await page.keyboard.press(key);
    expect(await page.getByRole('row', { selected: true }).textContent()).toContain('bo@example.net');
    await page.keyboard.press('Enter');
    await page.waitForURL(/transactions\/t1999/);
    await page.keyboard.press('j');
    await page.waitForURL(/transactions\/t1998/);
    await page.keyboard.press('2');
    await eventually(() => page.getByRole('tab', { selected: true }).textContent()).toBe('Dialogue');
    await page.keyboard.press('Escape');
    await page.waitForURL(/transactions\?/);
    for (const [key, shown] of [
      ['s', page.getByRole('form', { name: 'Test message' })],
      ['q', page.getByRole('region', { name: 'Use over time' })],
      ['e', page.getByRole('textbox', { name: 'Bench file' })],
      ['t', page.getByRole('grid', { name: 'Transactions, newest first' })],
    ] as const) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await shown.waitFor();
    }
    await page.keyboard.press('/');
    await page.keyboard.type('monitoring');
    await page.waitForURL(/search=monitoring/);
    expect(await page.getByRole('textbox', { name: 'Search transactions' }).inputValue()).toBe('monitoring');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  });

  test('no key is lost when keys come faster than the page is drawn', async () => {
    const { page } = await bench.open('full', 'transactions');
    await page.getByRole('grid').waitFor();
    const machine = await page.context().newCDPSession(page);
    await machine.send('Emulation.setCPUThrottlingRate', { rate: 5 });
    for (const key of ['j', 'j', 'Enter', 'j', 'j', '2']) await page.keyboard.press(key);
    await page.waitForURL(/transactions\/t1997\?tab=dialogue$/);
    await page.getByRole('heading', { name: /^Refused at DATA: 198\.51\.100\.7/ }).waitFor();
    for (const key of ['3', 'Escape']) await page.keyboard.press(key);
    await page.waitForURL(/transactions\?tab=envelope$/);
  });

  test('Enter on a button presses the button, and opens no transaction', async () => {
    const { page } = await bench.open('full', 'transactions');
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('j');
    await page.getByRole('button', { name: 'Keyboard' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    expect(page.url()).not.toMatch(/transactions\/t/);
  });

  test('new transactions move nothing until they are brought in', async () => {
    const { page, server, screen } = await bench.open('full', 'transactions');
    await page.getByRole('grid').waitFor();
    const scroller = page.locator('div:has(> table[role="grid"])');
    await scroller.evaluate((element) => element.scrollTo(0, 1_400));
    const rowAtTop = () =>
      page.evaluate(() => document.elementFromPoint(400, 130)?.closest('tr')?.getAttribute('aria-rowindex'));
    const textAtTop = () =>
      page.evaluate(() => document.elementFromPoint(400, 130)?.closest('tr')?.textContent);
    await eventually(rowAtTop).toBe('52');
    const before = await textAtTop();
    server.engine.arrive(12);
    const news = page.getByRole('button', { name: '12 new' });
    await news.waitFor();
    await screen('transactions-news');
    expect(await textAtTop()).toBe(before);
    await news.click();
    await eventually(rowAtTop).toBe('2');
    expect(await textAtTop()).toContain('anna@example.com');
    expect(await news.count()).toBe(0);
  });

  test('news under a filter counts only what fits it', async () => {
    const { page, server } = await bench.open('full', 'transactions?search=monitoring');
    await page.getByRole('grid').waitFor();
    server.engine.arrive(5);
    await page.getByText('2,005 kept').waitFor();
    await page.waitForTimeout(1_300);
    expect(await page.getByRole('button', { name: /new$/ }).count()).toBe(0);
  });

  test('no letter is lost while the list follows what is typed', async () => {
    const { page } = await bench.open('full', 'transactions');
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('/');
    // About as fast as the list follows: each letter meets the answer to the one before.
    await page.keyboard.type('monitoring', { delay: 205 });
    await page.waitForURL(/search=monitoring$/);
    expect(await page.getByRole('textbox', { name: 'Search transactions' }).inputValue()).toBe('monitoring');
  });

  test('showing all transactions clears the search and the outcome together', async () => {
    const { page } = await bench.open('full', 'transactions?outcome=accepted&search=nobody-like-that');
    await page.getByRole('button', { name: 'Show all transactions' }).click();
    await page.getByRole('grid').waitFor();
    expect(page.url()).not.toMatch(/outcome|search/);
    expect(await page.getByRole('textbox', { name: 'Search transactions' }).inputValue()).toBe('');
    expect(await page.getByRole('radio', { name: 'All' }).isChecked()).toBe(true);
  });

  test('an empty list says how to make the first one, and shows it when it comes', async () => {
    const { page, server } = await bench.open('empty', 'transactions');
    await page.getByRole('heading', { name: 'No transactions yet' }).waitFor();
    await page.getByText('relayhost = [127.0.0.1]:2525').waitFor();
    await page.getByRole('button', { name: 'Copy swaks' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(
      'swaks --server 127.0.0.1:2525',
    );
    server.engine.arrive(1);
    await page.getByRole('row', { name: /anna@example.com/ }).waitFor();
  });

  test('connections that ended before MAIL are told of, over an empty list and over a full one, with a way to why', async () => {
    for (const state of ['empty', 'full'] as const) {
      const { page, server, screen } = await bench.open(state, 'send');
      await page.getByRole('form', { name: 'Test message' }).waitFor();
      server.engine.endBeforeMail(3);
      await page.goto(`${server.url}#/transactions`);
      const line = page.getByText('3 connections ended before MAIL in the last 24 hours');
      await line.waitFor();
      await screen(`transactions-ended-before-mail-${state}`);
      await line.getByRole('link', { name: 'see why' }).click();
      await page.waitForURL(/findings\?severity=problem$/);
      expect(await page.getByRole('radio', { name: 'Problems' }).isChecked()).toBe(true);
    }
  });

  test('a transaction leads to its whole connection, and says which of its transactions it is', async () => {
    const { index, place } = laterOnConnection;
    const id = `${sessionIdAt(index)}-${place}`;
    const { page } = await bench.open('full', `transactions/${id}?tab=dialogue`);
    await page.getByRole('link', { name: '29th transaction on it' }).waitFor();
    await page.getByRole('link', { name: '29th transaction on this connection: see all of it' }).click();
    const connection = page.getByRole('region', { name: 'Connection', exact: true });
    await connection.getByRole('link', { name: '→' }).click();
    await page.waitForURL((url) => url.hash.includes(`transactions/${id}`));
    await page.goto(page.url().replace(id, 't1997').concat('?tab=dialogue'));
    await page.getByRole('link', { name: 'Whole connection', exact: true }).waitFor();
  });

  test('at the usual size the subject stands in the list, and in the head of a transaction', async () => {
    const { page } = await bench.open('full', 'transactions');
    await page.getByRole('columnheader', { name: 'Subject' }).waitFor();
    await page
      .getByRole('row', { name: /Newsletter, week 47/ })
      .first()
      .waitFor();
    await page.goto(`${page.url().split('#')[0]}#/transactions/t1981`);
    await page.getByRole('region', { name: 'Transaction' }).getByText('Newsletter, week 47').waitFor();
  });

  test('a search says how many fit so far', async () => {
    const { page } = await bench.open('full', 'transactions?search=monitoring');
    await page.getByText('100 fit so far, of 2,000 kept').waitFor();
    await page.getByText('Abandoned', { exact: true }).click();
    await page.getByText(/^\d\d? fit, of 2,000 kept$/).waitFor();
  });

  test('encoded words of a header stand with what they say', async () => {
    const { page } = await bench.open('full', 'transactions/t1981?tab=message');
    await page.getByText('Headers', { exact: true }).click();
    const field = page.getByText('=?utf-8?q?Order_20418_=E2=80=93_sent?=');
    await field.getByText('Order 20418 – sent').waitFor();
  });

  test('rows judge today by engine time: after two simulated days those of before have their weekday', async () => {
    const { page, server } = await bench.open('full', 'transactions');
    const times = page.getByRole('grid').locator('tbody time');
    await eventually(() => times.first().textContent()).toMatch(/^\d\d:\d\d:\d\d$/);
    await call(server.engine.router.clock.advance, { minutes: 2 * 24 * 60 });
    await eventually(() => times.first().textContent()).toMatch(/^[A-Z][a-z][a-z] \d\d:\d\d$/);
  });

  test('in a window of 420 pixels both ends of an envelope can be told, and every outcome can be chosen', async () => {
    const { page } = await bench.open('full', 'transactions', { size: { width: 420, height: 860 } });
    const envelope = page.locator('tr[aria-rowindex="5"] td > span[title*="→"] .cut');
    await envelope.first().waitFor();
    for (const part of await envelope.all())
      expect(await part.evaluate((one) => one.clientWidth)).toBeGreaterThan(40);
    const abandoned = await page.getByText('Abandoned', { exact: true }).boundingBox();
    expect((abandoned?.x ?? 420) + (abandoned?.width ?? 0)).toBeLessThan(420);
  });

  test('the list goes on by itself to its very end', async () => {
    const { page } = await bench.open('full', 'transactions');
    const grid = page.getByRole('grid');
    await grid.focus();
    // Each press leads to the end of what is there by then.
    await expect
      .poll(
        async () => {
          await page.keyboard.press('End');
          return grid.getAttribute('aria-rowcount');
        },
        { timeout: 60_000 },
      )
      .toBe('2001');
    expect(await page.locator('tbody tr').count()).toBeLessThan(80);
  });

  test('a transaction is reopened by its address, with its tab and the filter of the list', async () => {
    const { page } = await bench.open('full', 'transactions/t1997?outcome=rejected&tab=envelope');
    await page.getByRole('heading', { name: /^Refused at DATA: 198\.51\.100\.7/ }).waitFor();
    expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Envelope');
    expect(await page.getByRole('radio', { name: 'Refused' }).isChecked()).toBe(true);
  });

  test('an address without its transaction says so and leaves the list in use', async () => {
    const { page } = await bench.open('full', 'transactions/t0');
    await page.getByText('There is no transaction t0.').waitFor();
    await page.getByRole('button', { name: 'Close the transaction' }).click();
    await page.waitForURL(/transactions$/);
  });

  test('the deciding step stands open with its rule, the passed ones are folded', async () => {
    const { page } = await bench.open('full', 'transactions/t1997');
    const steps = page.getByRole('list', { name: 'Steps of the decision' });
    await steps.getByText('With the IP box ticked').waitFor();
    const open = steps.locator('[aria-expanded="true"]');
    expect(await open.count()).toBe(1);
    expect(await open.textContent()).toContain('198.51.100.7 is in none');
    expect(await steps.getByText('assumed', { exact: true }).count()).toBe(1);
    await page.getByRole('button', { name: 'Rule HEL-1' }).click();
    await page.getByRole('dialog', { name: 'Rule HEL-1' }).getByText('Clients should present').waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL(/transactions\/t1997/);
    await eventually(() => page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('heading', { name: /^Refused at DATA/ }).waitFor();
  });

  test('what was noticed about the connection stands with its transaction, and what to change', async () => {
    const { page } = await bench.open('full', 'transactions/t1996');
    const findings = page.getByRole('region', { name: 'Seen in this connection' });
    await findings.getByText('The HELO name “srv1.lan” lies in no domain of the internet.').waitFor();
    await findings.getByText('Present a full host name of your own.').waitFor();
  });

  test('a line of the dialogue marks the step it led to, and a step its lines', async () => {
    const { page, screen } = await bench.open('full', 'transactions/t1997', { size: sizes.wide });
    const marked = (list: string) => page.getByRole('list', { name: list }).locator('[data-marked]');
    await page.getByRole('button', { name: /EHLO mx9/ }).click();
    expect(await marked('Steps of the decision').textContent()).toContain('identifies the client');
    await page.getByRole('button', { name: /550-5\.7\.0 obtained/ }).click();
    expect(await marked('Steps of the decision').textContent()).toContain('198.51.100.7 is in none');
    await page.getByRole('button', { name: /1 of at most 1,000 recipients/ }).click();
    expect(await marked('Dialogue').allInnerTexts()).toEqual([
      expect.stringContaining('RCPT TO:<li@example.org>'),
      expect.stringContaining('250 2.1.5 OK'),
    ]);
    await screen('decision-marked');
  });

  test('a rewritten sender shows before and after, with the rule · ENV-5', async () => {
    const { page } = await bench.open('full', 'transactions/t1981?tab=envelope');
    await page.getByText('The foreign sender alerts@monitoring.example is rewritten').waitFor();
    const panel = page.getByRole('tabpanel');
    await panel.getByRole('button', { name: 'Rule ENV-1' }).waitFor();
    await panel.getByText('Anna Svensson <anna@example.com>').waitFor();
    await panel.getByText('which play no part').waitFor();
  });

  test('beside an open transaction, sender and recipient can be told: whole where they fit, else by name', async () => {
    const { page } = await bench.open('full', 'transactions/t1997');
    await page.getByRole('heading', { name: /^Refused at DATA/ }).waitFor();
    const addresses = (row: number) =>
      page.locator(`tr[aria-rowindex="${row}"] td > span[title*="→"]`).evaluate((cell) => ({
        whole: cell.getAttribute('title'),
        shown: [...cell.querySelectorAll('.cut')].map((part) => ({
          text: part.textContent,
          isCut: part.scrollWidth > part.clientWidth,
          widthPx: part.clientWidth,
        })),
      }));
    expect(await addresses(5)).toMatchObject({
      whole: 'carin@example.com → li@example.org',
      shown: [
        { text: 'carin@example.com', isCut: false },
        { text: 'li@example.org', isCut: false },
      ],
    });
    // A short one is whole beside a long one.
    expect(await addresses(17)).toMatchObject({
      whole: 'erik.lindqvist@example.com → li@example.org',
      shown: [{}, { text: 'li@example.org', isCut: false }],
    });
    // Two that are too long together: neither gives way to the other.
    const { whole, shown } = await addresses(6);
    expect(whole).toMatch(/^alerts@monitoring\.example → postmaster@/);
    const widths = shown.map(({ widthPx }) => widthPx);
    expect(Math.min(...widths)).toBeGreaterThan(110);
    expect(Math.max(...widths) - Math.min(...widths)).toBeLessThan(20);
  });

  test('the HTML of a message runs no script and fetches nothing', async () => {
    // A request that policy blocks is announced all the same: only a server can tell whether one was sent.
    const asked: string[] = [];
    const tracker = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => tracker.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void tracker.close());
    const address = tracker.address();
    const trackerUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;

    const { page, screen } = await bench.open('full', 'transactions/t1981?tab=message');
    await page.getByText('HTML', { exact: true }).click();
    const element = page.locator('iframe[title="HTML of the message"]');
    const frame = page.frameLocator('iframe[title="HTML of the message"]');
    await frame.getByText('Invoice 20418').waitFor();
    await screen('message-html');
    expect(await element.getAttribute('sandbox')).toBe('');
    const framed = (await element.getAttribute('srcdoc')) ?? '';
    expect(framed).toContain('https://tracker.example/pixel.png');
    // No policy stops hints to look a name up or to connect, nor what pressing the mouse on a link does.
    expect(await frame.locator('link, base, script, [href]').count()).toBe(0);
    expect(await frame.getByText('Pay now').getAttribute('title')).toBe('https://example.org/');

    const local = framed.replaceAll('https://tracker.example/', trackerUrl);
    await element.evaluate((one, html) => one.setAttribute('srcdoc', html), local);
    await frame.getByRole('heading', { name: 'Invoice 20418' }).waitFor();
    await page.waitForTimeout(500);
    expect(await frame.getByRole('heading', { name: 'Invoice 20418' }).isVisible()).toBe(true);
    expect(asked).toEqual([]);

    // The same picture in a page without a policy is asked for: the server does notice.
    const open = await page.context().newPage();
    await open.setContent(`<img alt="" src="${trackerUrl}pixel.png">`);
    await eventually(() => asked).toEqual(['/pixel.png']);
  });

  test('a message that could not be taken apart is shown raw, with why and what to do', async () => {
    const { page, screen } = await bench.open('full', 'transactions/t1982?tab=message');
    await page.getByText('since it could not be taken apart within 20 seconds').waitFor();
    await page.getByText('save the .eml file and open it in a mail program').waitFor();
    await page.getByText('Message-ID: <1982.20418@mail.example.com>').waitFor();
    expect(await page.getByRole('radiogroup', { name: 'Part of the message' }).textContent()).toBe('Raw');
    await page.getByRole('button', { name: /^Save \.eml/ }).waitFor();
    await screen('message-raw-only');
  });

  test('the message is saved whole, piece by piece', async () => {
    const { page } = await bench.open('full', 'transactions/t1981?tab=message');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: /^Save \.eml/ }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('t1981.eml');
    const text = await readFile(await file.path(), 'utf8');
    expect(text).toMatch(/^From: Anna Svensson/);
    expect(text).toMatch(/--b1--\r\n$/);
  });

  test('what cannot be read says what happened and what to do, and is tried again', async () => {
    const { page } = await bench.open('broken', 'transactions');
    const alert = page.getByRole('alert').filter({ hasText: 'The transactions could not be read' });
    await alert.getByText('the disk is full').waitFor();
    await alert.getByText('Make room on the disk').waitFor();
    await alert.getByRole('button', { name: 'Try again' }).click();
    await alert.waitFor();
    await page.getByText('open to the network').waitFor();
    await page.getByText('Simulated time').waitFor();
  });
});
