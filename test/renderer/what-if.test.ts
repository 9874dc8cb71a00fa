/** "What if" beside the bench file: counts, rules, and the transactions that would end otherwise. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faintText, namelessControls } from './accessibility.ts';
import { type Bench, chromiumMissing, eventually, startBench } from './browser.ts';

describe.skipIf(chromiumMissing)('what if', { timeout: 30_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  for (const scheme of ['light', 'dark'] as const) {
    test(`a draft is tried on what is stored, and its differences lead to the transactions (${scheme})`, async () => {
      const { page, screen } = await bench.open('full', 'settings', { scheme });
      await page.getByRole('button', { name: 'What if' }).click();
      const block = page.getByRole('region', { name: 'What if' });
      await block.getByText('asked again in order, with quotas counted anew').waitFor();
      await block.getByText('differences, the newest first').waitFor();
      await block.getByRole('link').first().waitFor();
      await screen(`what-if-${scheme}`);
      expect(await namelessControls(page)).toEqual([]);
      expect(await faintText(page)).toEqual([]);
      const listed = await block.getByRole('listitem').count();
      expect(listed).toBeGreaterThan(50);
      expect(listed).toBeLessThanOrEqual(100);
      await block.getByRole('button', { name: 'Show more' }).click();
      await eventually(() => block.getByRole('listitem').count()).toBeGreaterThan(listed);
      await block.getByText('not the draft’s work: quotas stood otherwise then').waitFor();
      await block.getByText('broken off by the client').waitFor();
      const refused = block.getByRole('listitem').filter({ hasText: 'refused' }).first();
      expect(await refused.textContent()).toMatch(/250.*refused(PRT-4|SND-1)/);
      await block.getByRole('link').first().click();
      await eventually(() => page.url()).toContain('/transactions/');
      await page.getByRole('link', { name: 'Settings' }).click();
      await block.getByText('differences, the newest first').waitFor();
      await block.getByRole('button', { name: 'Put the result away' }).click();
      await eventually(() => block.count()).toBe(0);
    });
  }

  test('a result is of the draft that was tried', async () => {
    const { page } = await bench.open('full', 'settings');
    await page.getByRole('button', { name: 'What if' }).click();
    const block = page.getByRole('region', { name: 'What if' });
    await block.getByText('asked again in order').waitFor();
    expect(await block.getByText('Of an earlier draft').count()).toBe(0);
    await page.locator('.cm-line').filter({ hasText: 'licences: 100' }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.type('0');
    await block.getByText('Of an earlier draft').waitFor();
  });

  test('a draft with mistakes is not tried; they are told once, beside their lines', async () => {
    const { page } = await bench.open('full', 'settings');
    await page.locator('.cm-line').first().waitFor();
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('custmer: 1');
    await page.getByRole('button', { name: 'What if' }).click();
    await page.getByRole('region', { name: 'What if' }).getByText('This draft has mistakes').waitFor();
    await page.getByRole('alert').getByText('There is no key “custmer”.').waitFor();
    expect(await page.getByRole('alert').count()).toBe(1);
  });
});
