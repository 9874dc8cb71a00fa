/** Quotas: windows, use over time as a chart and as figures, users by share, fills, the refusal on purpose, exports. */
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, chromiumMissing, eventually, startBench } from './browser.ts';

const historyOf = (page: Page): Locator => page.getByRole('region', { name: 'Use over time' });
const usersOf = (page: Page): Locator => page.getByRole('grid', { name: 'Users by share of their limit' });

/** Empties all windows, so that the customer's are in nobody's way. */
const startOver = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Step on by 10 min' }).click();
  await page.getByRole('banner').getByRole('button', { name: 'Start over' }).click();
  await page.getByRole('button', { name: 'Start over with empty windows' }).click();
  await page.getByRole('banner').getByText('Simulated time').waitFor({ state: 'detached' });
};

describe.skipIf(chromiumMissing)('quotas', { timeout: 30_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  test('each window of the customer says used, limit, its source, when a place frees up, and what still fits · CQ-1, CQ-2', async () => {
    const { page } = await bench.open('full', 'quotas');
    const day = page.getByRole('region', { name: 'Customer, 24 hours' });
    await day.getByText('12,998').waitFor();
    for (const words of ['of 13,000 recipients', '130 × 100 licences', '2 by open transactions', '99%'])
      await day.getByText(words).waitFor();
    expect(await day.getByText('Next place free').locator('..').textContent()).toMatch(/\d\d:\d\d:\d\d/);
    await day.getByText('0 messages').waitFor();
    const ten = page.getByRole('region', { name: 'Customer, 10 minutes' });
    await ten.getByText('9 × 100 licences').waitFor();
    await ten.getByText('488 messages').waitFor();
    await page.getByLabel('Recipients of a message that shall fit').fill('5');
    await ten.getByText('97 messages to 5').waitFor();
    await page.waitForURL(/recipients=5/);
  });

  test('the chart has the limit as a line, and a cross only where something was refused', async () => {
    const { page } = await bench.open('full', 'quotas');
    const history = historyOf(page);
    await history.getByText('limit 13,000: 130 × 100 licences').waitFor();
    expect(await history.locator('.recharts-reference-line line').count()).toBe(1);
    const crosses = await history.locator('[data-refusal]').count();
    expect(crosses).toBeGreaterThan(1);
    expect(crosses).toBeLessThan(40);
    await startOver(page);
    await page.getByRole('button', { name: 'Fill…' }).click();
    await page.getByRole('button', { name: 'Fill to 100%, which is 13,000' }).click();
    await history.getByText('limit 13,000: 130 × 100 licences').waitFor();
    expect(await history.locator('[data-refusal]').count()).toBe(0);
  });

  test('a use that is a trifle has a scale of its own, with the limit named at its top', async () => {
    const { page, screen } = await bench.open('full', 'quotas');
    await startOver(page);
    const history = historyOf(page);
    await page.getByRole('button', { name: 'Fill…' }).click();
    await page.getByLabel('Fill to this use').fill('8');
    await page.getByRole('button', { name: 'Fill to number' }).click();
    await history.getByText('↑ limit 13,000: 130 × 100 licences, above this scale').waitFor();
    await screen('quotas-small-use');
    await history.getByRole('radiogroup', { name: 'Scale to' }).getByText('Limit').click();
    await history.getByText('limit 13,000: 130 × 100 licences', { exact: true }).waitFor();
  });

  test('dragging across the chart zooms in, the figures follow, and z shows the whole window again', async () => {
    const { page, screen } = await bench.open('full', 'quotas');
    const plot = historyOf(page).getByRole('img', { name: /^Use over time/ });
    await plot.waitFor();
    const box = await plot.boundingBox();
    if (!box) throw new Error('The chart has no place on the page.');
    await page.mouse.move(box.x + 250, box.y + 90);
    await page.mouse.down();
    await page.mouse.move(box.x + 330, box.y + 95, { steps: 4 });
    await page.mouse.up();
    const whole = historyOf(page).getByRole('button', { name: 'Whole window' });
    await whole.waitFor();
    await screen('quotas-zoomed');
    await historyOf(page).getByText('Figures', { exact: true }).click();
    const table = page.getByRole('grid', { name: 'Use over time, in figures' });
    expect(Number(await table.getAttribute('aria-rowcount'))).toBeLessThan(60);
    await page.keyboard.press('z');
    await whole.waitFor({ state: 'detached' });
    await eventually(() => table.getAttribute('aria-rowcount')).toBe('301');
    await table.getByText(/✕ \d/).first().waitFor();
    await screen('quotas-figures');
  });

  test('the brush below the chart is drawn in by a handle, and moved along', async () => {
    const { page, screen } = await bench.open('full', 'quotas');
    const edges = page.getByRole('slider', { name: /Edge of the time that is shown/ });
    const [first, last] = [edges.first(), edges.last()];
    const timeOf = async (edge: typeof first) => Number(await edge.getAttribute('aria-valuenow'));
    const box = await last.boundingBox();
    if (!box) throw new Error('The brush has no place on the page.');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const [begin, end] = [await timeOf(first), await timeOf(last)];
    const drag = async (fromX: number, toX: number): Promise<void> => {
      await page.mouse.move(fromX, y);
      await page.mouse.down();
      await page.mouse.move(toX, y, { steps: 4 });
      await page.mouse.up();
    };
    await drag(x, x - 200);
    await historyOf(page).getByRole('button', { name: 'Whole window' }).waitFor();
    const drawnIn = await timeOf(last);
    expect(drawnIn).toBeLessThan(end);
    expect(await timeOf(first)).toBe(begin);
    await drag(x - 240, x - 140);
    const along = (await timeOf(first)) - begin;
    expect(along).toBeGreaterThan(0);
    expect(await timeOf(last)).toBe(drawnIn + along);
    await screen('quotas-brushed');
  });

  test('the pointer over the chart tells the moment, the use at it, and the refusals of a cross', async () => {
    const { page, screen } = await bench.open('full', 'quotas');
    const history = historyOf(page);
    const cross = history.locator('[data-refusal]').first();
    await cross.hover({ force: true });
    await history.getByText(/^[\d,]+ used$/).waitFor();
    await history.getByText(/✕ [\d,]+ refused around here/).waitFor();
    await screen('quotas-pointed');
    await page.mouse.move(4, 4);
    await eventually(() => history.getByText(/^[\d,]+ used$/).count()).toBe(0);
  });

  test('the times of the brush are whole, wherever its handles are', async () => {
    const { page } = await bench.open('full', 'quotas');
    const picture = page.getByRole('group', { name: 'The whole history, in small' });
    const edges = picture.getByRole('slider');
    const allWithin = () =>
      picture.evaluate((svg) => {
        const around = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll('text')].map((text) => text.getBoundingClientRect());
        return (
          texts.length > 0 && texts.every(({ left, right }) => left >= around.left && right <= around.right)
        );
      });
    await edges.last().focus();
    expect(await allWithin()).toBe(true);
    for (let press = 0; press < 98; press += 1) await edges.first().press('ArrowRight');
    expect(await allWithin()).toBe(true);
    await eventually(() => picture.locator('text').allTextContents()).toEqual([expect.stringMatching(/ – /)]);
  });

  test('the brush below the chart is moved by keyboard', async () => {
    const { page } = await bench.open('full', 'quotas');
    const edge = page.getByRole('slider', { name: /Edge of the time that is shown/ }).first();
    await edge.focus();
    for (let press = 0; press < 20; press += 1) await page.keyboard.press('ArrowRight');
    await historyOf(page).getByRole('button', { name: 'Whole window' }).waitFor();
  });

  test('what counts as what is told in the reader’s own numbers · UQ-5, CQ-3', async () => {
    const { page } = await bench.open('full', 'quotas');
    const counts = page.getByRole('region', { name: 'What counts as what' });
    await counts.getByText('1,428').first().waitFor();
    await counts.getByText('12,998').first().waitFor();
    await counts.getByText('anna@example.com sent 3,000 messages to 1,428 addresses').waitFor();
    await counts.getByText('would add 2 unique, and 2,000 to the total').waitFor();
  });

  test('the pages say what is counted elsewhere and which limit comes first · ORG-5, CQ-6, CQ-7, UQ-4', async () => {
    const { page } = await bench.open('full', 'quotas');
    await page.getByText('Gmail’s own sending limits per user are counted apart').waitFor();
    await page.getByText('every sender is stopped, registered or not').waitFor();
    await page.getByText('only from 77 licences on: with 100 licences that can be met here').waitFor();
    await page.getByText('count by the envelope sender').waitFor();
  });

  test('users stand by share of their limit; search finds one, whose row shows its windows and its history', async () => {
    const { page } = await bench.open('full', 'quotas');
    const users = usersOf(page);
    await users.waitFor();
    expect(await users.getByRole('row').nth(1).textContent()).toContain('anna@example.com');
    await page.keyboard.press('/');
    await page.keyboard.type('user-200');
    await page.waitForURL(/search=user-200/);
    await eventually(() => users.getAttribute('aria-rowcount')).toBe('2');
    await users.getByRole('row', { name: /user-200@example\.com/ }).click();
    await page.waitForURL(/user=user-200/);
    await page.getByRole('region', { name: 'User, messages in 24 hours: user-200@example.com' }).waitFor();
    await historyOf(page)
      .getByRole('heading', { name: /user-200@example\.com/ })
      .waitFor();
  });

  test('j and k go through the users, Enter shows the windows of one; from then on they follow', async () => {
    const { page } = await bench.open('full', 'quotas');
    const users = usersOf(page);
    await users.waitFor();
    const marked = users.getByRole('row', { selected: true });
    const windowsOf = (user: string): Locator =>
      page.getByRole('region', { name: `User, messages in 24 hours: ${user}` });
    for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
    await eventually(() => marked.textContent()).toContain('bo@example.net');
    expect(page.url()).not.toContain('user=');
    await page.keyboard.press('Enter');
    await windowsOf('bo@example.net').waitFor();
    for (const key of ['j', 'j', 'j', 'k', 'k', 'k', 'k']) await page.keyboard.press(key);
    await windowsOf('anna@example.com').waitFor();
    await eventually(() => marked.textContent()).toContain('anna@example.com');
  });

  test('the users’ list keeps its rows, and says when something was sent since', async () => {
    const { page, server } = await bench.open('full', 'quotas');
    await usersOf(page).waitFor();
    const again = page.getByRole('button', { name: 'Read again' });
    await page.waitForTimeout(1_000);
    expect(await again.count()).toBe(0);
    server.engine.arrive(1);
    await again.click();
    await again.waitFor({ state: 'detached' });
  });

  test('while time runs fast the users’ list is kept fresh by itself; at 1× it stays as it was read', async () => {
    const { page, server, screen } = await bench.open('full', 'quotas');
    const users = usersOf(page);
    await users.waitFor();
    const again = page.getByRole('button', { name: 'Read again' });
    const pace = page.getByRole('radiogroup', { name: 'Pace of the clock' });
    await pace.getByText('3600×').click();
    await page.getByRole('banner').getByText('3600×').waitFor();
    server.engine.fill('user-101@example.com', 9_999);
    await users.getByText('9,999').waitFor();
    expect(await again.count()).toBe(0);
    await screen('quotas-users-followed');
    await pace.getByText('1×', { exact: true }).click();
    await page.getByRole('banner').getByText('3600×').waitFor({ state: 'detached' });
    await page.waitForTimeout(500);
    server.engine.fill('user-102@example.com', 9_998);
    await page.waitForTimeout(2_500);
    expect(await users.getByText('9,998').count()).toBe(0);
  });

  test('a long part of the users’ list is not kept fresh, and says that it is old when engine time has run on', async () => {
    const { page, screen } = await bench.open('full', 'quotas');
    const users = usersOf(page);
    await users.waitFor();
    const again = page.getByRole('button', { name: 'Read again' });
    // A step is asked for on the page, which reads all again by itself.
    await page.getByRole('button', { name: 'Step on by 10 min' }).click();
    await page.getByRole('banner').getByText('Simulated time').waitFor();
    await page.waitForTimeout(1_000);
    expect(await again.count()).toBe(0);
    await users.focus();
    await page.keyboard.press('End');
    await eventually(() => users.getAttribute('aria-rowcount')).toBe('201');
    const pace = page.getByRole('radiogroup', { name: 'Pace of the clock' });
    await pace.getByText('3600×').click();
    await again.waitFor();
    await screen('quotas-users-old');
    await pace.getByText('1×', { exact: true }).click();
    await again.waitFor({ state: 'detached' });
  });

  test('a fill is marked as simulated, and undoing takes it out; wrong numbers are told before', async () => {
    const { page, screen } = await bench.open(
      'full',
      'quotas?window=user-messages-day&user=carin@example.com',
    );
    const card = page.getByRole('region', { name: 'User, messages in 24 hours: carin@example.com' });
    await card.getByText('4,166').waitFor();
    await page.keyboard.press('f');
    const number = page.getByLabel('Fill to this use');
    await number.fill('3');
    await page.getByText('4,166 are used now; filling only adds.').waitFor();
    await screen('quotas-fill');
    expect(await page.getByRole('button', { name: 'Fill to 25%' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Fill to 90%' }).click();
    await card.getByText('9,000').waitFor();
    await card.getByText('4,834 simulated').waitFor();
    await page.getByRole('button', { name: 'Undo fills' }).click();
    await page.getByRole('status').getByText('Undone: 1 fill.').waitFor();
    await card.getByText('4,166').waitFor();
    await page.getByRole('button', { name: 'Undo fills' }).click();
    await page.getByText('Nothing was filled in.').waitFor();
  });

  test('one press shows 550 5.4.5: fills a user’s window, sends a message, opens its refusal · UQ-1', async () => {
    const { page, screen } = await bench.open('full', 'quotas');
    await startOver(page);
    await page.getByRole('button', { name: 'Show me 550 5.4.5' }).click();
    await page.waitForURL(/transactions\/t/);
    const transaction = page.getByRole('region', { name: 'Transaction' });
    await transaction.getByText('550 5.4.5').first().waitFor();
    await screen('quotas-550-5.4.5');
  });

  test('where the customer is full, that is said first, since its reply would come · CQ-6', async () => {
    const { page } = await bench.open('full', 'quotas');
    await page.getByRole('button', { name: 'Show me 550 5.4.5' }).click();
    await page.getByRole('alert').getByText('every sender gets the customer’s reply (CQ-6)').waitFor();
  });

  test('the chart is taken along as PNG and SVG, the figures as CSV, under the page’s strict policy', async () => {
    const { page, errors } = await bench.open('full', 'quotas');
    await historyOf(page).getByText('limit 13,000').waitFor();
    const take = async (item: string): Promise<{ name: string; content: Buffer }> => {
      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: item }).click();
      const download = await saved;
      return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
    };
    const csv = await take('Figures as CSV');
    expect(csv.name).toMatch(/^customer-recipients-day \d{4}-\d\d-\d\dT\d{4}\.csv$/);
    expect(csv.content.toString().split('\r\n')).toHaveLength(302);
    const svg = (await take('Chart as SVG')).content.toString();
    expect(svg).toContain('Customer, 24 hours</text>');
    expect(svg.includes('var(')).toBe(false);
    const png = (await take('Chart as PNG')).content;
    expect([png.subarray(1, 4).toString(), png.readUInt32BE(16)]).toEqual(['PNG', expect.any(Number)]);
    expect(png.readUInt32BE(16)).toBeGreaterThan(1_000);
    expect(errors).toEqual([]);
  });

  test('10,000 points and 2,000 users are on the page as few elements', async () => {
    const { page } = await bench.open('large', 'quotas');
    const line = historyOf(page).locator('[data-use]').first();
    await line.waitFor();
    const corners = ((await line.getAttribute('d')) ?? '').match(/[LHV]/g) ?? [];
    expect(corners.length).toBeLessThan(2_400);
    const users = usersOf(page);
    await users.focus();
    await page.keyboard.press('End');
    await eventually(() => users.getAttribute('aria-rowcount')).toBe('201');
    expect(await users.getByRole('row').count()).toBeLessThan(80);
  });

  test('an empty organisation is told what will count', async () => {
    const { page } = await bench.open('empty', 'quotas');
    await page.getByRole('heading', { name: 'No use yet' }).waitFor();
    await page.getByRole('heading', { name: 'No user has sent yet' }).waitFor();
    await page.getByRole('link', { name: 'Send a test message' }).click();
    await page.getByRole('form', { name: 'Test message' }).waitFor();
  });
});
