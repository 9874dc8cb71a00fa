/** Quotas: figures, bars, the chart and the same figures as a table, users by share, and what the figures do not say by themselves. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, chromiumMissing, eventually, startBench } from './browser.ts';

describe.skipIf(chromiumMissing)('quotas', { timeout: 30_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  test('each window of the customer says used, limit, where the limit comes from, and when a place frees up · CQ-1, CQ-2', async () => {
    const { page } = await bench.open('full', 'quotas');
    const day = page.getByRole('region', { name: 'Customer, 24 hours' });
    await day.getByText('12,998').waitFor();
    for (const words of ['of 13,000 recipients', '130 × 100 licences', '2 by open transactions', '99%'])
      await day.getByText(words).waitFor();
    expect(await day.getByText('Next place free').locator('..').textContent()).toMatch(/\d\d:\d\d:\d\d/);
    await page.getByRole('region', { name: 'Customer, 10 minutes' }).getByText('9 × 100 licences').waitFor();
  });

  test('the chart has the limit as a line and refusals as marks, and its figures as a table', async () => {
    const { page, screen } = await bench.open('full', 'quotas');
    const history = page.getByRole('region', { name: 'Use over time' });
    await history.getByText('limit 13,000').waitFor();
    expect(await history.locator('.recharts-reference-line line').count()).toBe(1);
    expect(await history.locator('.recharts-scatter-symbol').count()).toBeGreaterThan(3);
    await history.getByText('Figures', { exact: true }).click();
    const table = page.getByRole('grid', { name: 'Use over time, in figures' });
    await table.waitFor();
    expect(await table.getByRole('row').nth(1).textContent()).toMatch(/13,000✕ \d/);
    await screen('quotas-figures');
  });

  test('the pages say what is counted elsewhere and which limit comes first · ORG-5, CQ-6, CQ-7, UQ-4', async () => {
    const { page } = await bench.open('full', 'quotas');
    await page.getByText('Gmail’s own sending limits per user are counted apart').waitFor();
    await page.getByText('every sender is stopped, registered or not').waitFor();
    await page.getByText('only from 77 licences on: with 100 licences that can be met here').waitFor();
    await page.getByText('count by the envelope sender').waitFor();
  });

  test('users stand by share of their limit; search finds one, and its row shows its own history', async () => {
    const { page } = await bench.open('full', 'quotas');
    const users = page.getByRole('grid', { name: 'Users by share of their limit' });
    await users.waitFor();
    expect(await users.getByRole('row').nth(1).textContent()).toContain('anna@example.com');
    await page.keyboard.press('/');
    await page.keyboard.type('user-200');
    await page.waitForURL(/search=user-200/);
    await eventually(() => users.getAttribute('aria-rowcount')).toBe('3');
    await users.getByRole('row', { name: /user-200@example\.com messages/ }).click();
    await page.waitForURL(/user=user-200/);
    await page
      .getByRole('region', { name: 'Use over time' })
      .getByRole('heading', { name: /user-200@example\.com/ })
      .waitFor();
  });

  test('an empty organisation is told what will count', async () => {
    const { page } = await bench.open('empty', 'quotas');
    await page.getByRole('heading', { name: 'No use yet' }).waitFor();
    await page.getByRole('heading', { name: 'No user has sent yet' }).waitFor();
    await page.getByRole('link', { name: 'Send a test message' }).click();
    await page.getByRole('form', { name: 'Test message' }).waitFor();
  });
});
