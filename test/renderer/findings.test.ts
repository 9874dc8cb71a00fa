/** Findings over all connections and alerts to the super administrator: what they say, where they lead, what is new. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cutControls, faintText, namelessControls } from './accessibility.ts';
import { type Bench, chromiumMissing, eventually, sizes, startBench } from './browser.ts';

const looks = [
  { size: 'narrow', scheme: 'light' },
  { size: 'usual', scheme: 'dark' },
  { size: 'wide', scheme: 'light' },
] as const;

const places = [
  { name: 'findings', place: 'findings?finding=f1&session=SESSION', state: 'full' },
  { name: 'alerts', place: 'findings?part=alerts', state: 'full' },
  { name: 'findings-empty', place: 'findings', state: 'empty' },
  { name: 'alerts-empty', place: 'findings?part=alerts', state: 'empty' },
] as const;

describe.skipIf(chromiumMissing)('findings', { timeout: 30_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  test('g f leads to the findings: time, severity, rule, client with its HELO name, what was seen, what to change', async () => {
    const { page } = await bench.open('full', 'quotas', { size: sizes.wide });
    await page.getByRole('grid').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    const list = page.getByRole('grid', { name: 'Findings, newest first' });
    await list.waitFor();
    const text = await list.getByRole('row').nth(1).textContent();
    for (const words of ['Problem', 'HEL-1', 'localhost', 'greeted 24 times', 'full host name'])
      expect(text).toContain(words);
    expect(text).toMatch(/^\d\d:\d\d:\d\d/);
  });

  test('a finding opens its connection, with the fix, the dialogue, and links to its transactions', async () => {
    const { page } = await bench.open('full', 'findings');
    const list = page.getByRole('grid', { name: 'Findings, newest first' });
    await list
      .getByRole('row', { name: /srv1\.lan.* lies in no domain/ })
      .first()
      .waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/finding=f0&session=/);
    const connection = page.getByRole('region', { name: 'Connection', exact: true });
    await connection
      .getByText(/^220 smtp-relay\.gmail\.com ESMTP/)
      .first()
      .waitFor();
    await connection.getByText('Let the client present its own full host name').waitFor();
    await connection.getByRole('heading', { name: '1 transaction in this connection' }).waitFor();
    await page.reload();
    await connection.getByRole('link', { name: '→' }).click();
    await page.waitForURL(/transactions\/t2000$/);
    await page.getByRole('region', { name: 'Transaction' }).getByRole('heading').first().waitFor();
  });

  test('a connection of thousands of transactions says how many of them are not listed', async () => {
    const { page, server } = await bench.open('full', 'transactions');
    server.engine.omitTransactions(19_500);
    await page.goto(`${server.url}#/findings`);
    await page.getByRole('grid').getByRole('row').nth(1).click();
    const connection = page.getByRole('region', { name: 'Connection', exact: true });
    await connection.getByRole('heading', { name: '19,501 transactions in this connection' }).waitFor();
    await connection.getByText('and 19,500 more', { exact: true }).waitFor();
  });

  test('going on with an open connection takes the pane along, and Escape closes it', async () => {
    const { page } = await bench.open('full', 'findings');
    await page.getByRole('grid').getByRole('row').nth(1).click();
    await page.waitForURL(/finding=f0/);
    await page.keyboard.press('j');
    await page.waitForURL(/finding=f1/);
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Connection', exact: true }).waitFor({ state: 'detached' });
  });

  test('the list goes on by pages as it is scrolled', async () => {
    const { page, server } = await bench.open('empty', 'transactions');
    server.engine.flood(150, 150);
    await page.goto(`${server.url}#/findings`);
    const list = page.getByRole('grid', { name: 'Findings, newest first' });
    await eventually(() => list.getAttribute('aria-rowcount')).toBe('101');
    await list.focus();
    await page.keyboard.press('End');
    await eventually(() => list.getAttribute('aria-rowcount')).toBe('151');
  });

  test('what one client does again and again is one row, with how often and since when; the rule is whole', async () => {
    const { page, server } = await bench.open('full', 'transactions');
    server.engine.flood(280);
    await page.goto(`${server.url}#/findings`);
    const rows = page.getByRole('grid', { name: 'Findings, newest first' }).getByRole('row');
    // The first was minutes ago: soon after midnight it was another day, whose name stands there then.
    await eventually(() => rows.nth(1).textContent()).toMatch(
      /^\d\d:\d\d:\d\d(\d\d:\d\d:\d\d|[A-Z][a-z]{2} \d\d:\d\d)280Warning\s*RFC-5321192\.0\.2\.8 copier/,
    );
    expect(
      await rows.filter({ hasText: 'copier.example.com' }).filter({ hasText: '192.0.2.8' }).count(),
    ).toBe(1);
    await page.getByText('430 findings').waitFor();
    const rule = rows.nth(1).getByRole('button', { name: 'Rule RFC-5321' });
    const isCut = (cell: HTMLElement | SVGElement) =>
      (cell.closest('td')?.scrollWidth ?? 0) > (cell.closest('td')?.clientWidth ?? 0);
    expect(await rule.evaluate(isCut)).toBe(false);
  });

  test('findings are filtered by severity and by text, and both stand in the address', async () => {
    const { page, server } = await bench.open('full', 'transactions');
    server.engine.flood(280);
    await page.goto(`${server.url}#/findings`);
    const rows = page.getByRole('grid', { name: 'Findings, newest first' }).locator('tbody tr');
    await rows.first().waitFor();
    await page.getByRole('radiogroup', { name: 'Severity' }).getByText('Problems').click();
    await eventually(() => rows.first().textContent()).toContain('Problem');
    expect(await rows.filter({ hasText: /Warning|Note/ }).count()).toBe(0);
    await page.getByRole('radiogroup', { name: 'Severity' }).getByText('All').click();
    await page.keyboard.press('/');
    await page.keyboard.type('copier.example');
    await page.waitForURL(/search=copier\.example/);
    await eventually(() => rows.count()).toBe(1);
    await page.getByText('280 findings').waitFor();
    await page.keyboard.type('!');
    await page.getByRole('button', { name: 'Show all findings' }).click();
    await page.getByText('430 findings').waitFor();
    expect(page.url()).not.toMatch(/search|severity/);
    expect(await page.getByRole('textbox', { name: 'Search findings' }).inputValue()).toBe('');
  });

  test('an alert says who is suspended until when, and shows the mail as it would look, not sent · ABU-1, ABU-2', async () => {
    const { page } = await bench.open('full', 'findings?part=alerts');
    const alert = page.getByRole('article', { name: 'Alert about anna@example.com' });
    await alert.getByText(/Suspended until \S/).waitFor();
    const mail = alert.getByRole('region', { name: 'The mail that would have been sent' });
    for (const words of ['not sent', 'admin@example.com', 'Alert: spam from anna@example.com'])
      await mail.getByText(words).first().waitFor();
    await page
      .getByRole('article', { name: 'Alert about alerts@monitoring.example' })
      .getByText('nobody: the bench file names no super administrator')
      .waitFor();
  });

  test('the rail counts new alerts and new problems until they were looked at', async () => {
    const { page } = await bench.open('full', 'transactions');
    const entry = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /Findings/ });
    await entry.getByText(/2 new alerts, \d+ new problems/).waitFor();
    await entry.click();
    await eventually(() => entry.textContent()).toBe('Findings2 2 new alerts');
    await page.getByText('Alerts, 2 new').click();
    await page.getByRole('article').first().waitFor();
    await eventually(() => entry.textContent()).toBe('Findings');
    await page.reload();
    await page.getByRole('article').first().waitFor();
    expect(await entry.textContent()).toBe('Findings');
  });

  test('a place without findings or alerts says what will stand there, and how to bring it about', async () => {
    const { page } = await bench.open('empty', 'findings');
    await page.getByRole('heading', { name: 'No findings yet' }).waitFor();
    await page.getByText('--ehlo localhost').waitFor();
    await page.getByText('Alerts', { exact: true }).click();
    await page.getByRole('heading', { name: 'No alerts yet' }).waitFor();
    await page.getByText('GTUBE-STANDARD').waitFor();
  });

  test('an engine that cannot read them is told about, with a way to try again', async () => {
    const { page } = await bench.open('broken', 'findings');
    const notice = page.getByRole('alert').filter({ hasText: 'The findings could not be read' });
    await notice.getByRole('button', { name: 'Try again' }).waitFor();
  });

  test.for(places.flatMap((view) => looks.map((look) => ({ ...view, ...look }))))(
    '$name looks right, $size, $scheme',
    async ({ name, place, state, size, scheme }) => {
      const { page, screen, errors, server } = await bench.open(state, 'findings', {
        size: sizes[size],
        scheme,
      });
      await page.getByText('Example AB').first().waitFor();
      if (place.includes('SESSION')) await page.getByRole('grid').getByRole('row').nth(2).click();
      else await page.goto(`${server.url}#/${place}`);
      await page.waitForTimeout(250);
      await screen(`${name}-${size}-${scheme}`);
      expect.soft(await cutControls(page)).toEqual([]);
      expect.soft(await namelessControls(page)).toEqual([]);
      expect.soft(await faintText(page)).toEqual([]);
      expect.soft(errors).toEqual([]);
    },
  );
});
