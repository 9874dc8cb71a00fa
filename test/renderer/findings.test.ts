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
    const { page } = await bench.open('full', 'findings');
    const list = page.getByRole('grid', { name: 'Findings, newest first' });
    await eventually(() => list.getAttribute('aria-rowcount')).toBe('101');
    await list.focus();
    await page.keyboard.press('End');
    await eventually(() => list.getAttribute('aria-rowcount')).toBe('151');
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

  test('the rail counts new alerts until they were looked at', async () => {
    const { page } = await bench.open('full', 'transactions');
    const entry = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /Findings/ });
    await entry.getByText('2 new alerts').waitFor();
    await entry.click();
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
