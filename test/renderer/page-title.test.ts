/** What a page is called, for tabs and screen readers; and that the keys of a list lead the focus into it. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, chromiumMissing, eventually, sizes, startBench } from './browser.ts';

describe.skipIf(chromiumMissing)('a page', { timeout: 60_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  test('is called by its view, in its title and in its one first heading', async () => {
    const { page } = await bench.open('full', 'transactions');
    for (const view of ['Transactions', 'Send', 'Quotas', 'Findings', 'Settings']) {
      await page.getByRole('link', { name: view }).click();
      await eventually(() => page.title()).toBe(`${view} – Relay Bench`);
      await page.getByRole('heading', { level: 1, name: view }).waitFor();
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    }
  });

  test('with a transaction is called by its subject, or by whom it is from', async () => {
    const { page, server } = await bench.open('full', 'transactions', { size: sizes.wide });
    const accepted = page.getByRole('row').filter({ hasText: '250 2.0.0' }).first();
    const subject = await accepted.locator('td').nth(4).textContent();
    expect(subject).toMatch(/\w/);
    await accepted.click();
    await eventually(() => page.title()).toBe(`${subject} – Relay Bench`);
    await page.goto(`${server.url}#/transactions/t1997`);
    await eventually(() => page.title()).toBe('From carin@example.com – Relay Bench');
    await page.keyboard.press('Escape');
    await eventually(() => page.title()).toBe('Transactions – Relay Bench');
  });

  const focusedRow = (page: Page): Promise<string | null> =>
    page.evaluate(() => {
      const grid = document.activeElement;
      const row = document.getElementById(grid?.getAttribute('aria-activedescendant') ?? '');
      return grid?.getAttribute('role') === 'grid' ? (row?.getAttribute('aria-rowindex') ?? null) : null;
    });

  test.for(['transactions', 'quotas', 'findings'])(
    'with a list has the focus on the row that j leads to: %s',
    async (place) => {
      const { page } = await bench.open('full', place);
      await page.getByRole('grid').getByRole('row').nth(2).waitFor();
      expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await eventually(() => focusedRow(page)).toBe('3');
      await page.keyboard.press('Enter');
      if (place === 'transactions') await page.getByRole('region', { name: 'Transaction' }).waitFor();
      expect(await focusedRow(page)).toBe('3');
    },
  );
});
