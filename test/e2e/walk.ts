/**
 * The first two minutes of a new administrator, in whichever shell shows the page: the example organisation, a test
 * message, its transaction explained, the quota moved. Each step leaves a screenshot in artifacts/screens.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

const screens = join(import.meta.dirname, '..', '..', 'artifacts', 'screens');

/** Recipients used of the customer's day, as the quota view shows them. */
async function usedToday(page: Page): Promise<number> {
  await page.getByRole('link', { name: 'Quotas' }).click();
  const used = page.getByRole('region', { name: 'Customer, 24 hours' }).locator('strong').first();
  return Number((await textOf(used)).replace(/\D/g, ''));
}

const textOf = async (locator: Locator): Promise<string> => (await locator.textContent()) ?? '';

/**
 * @param page on its first view, just opened
 * @param shell names the screenshots
 */
export async function walkAsNewAdministrator(page: Page, shell: string): Promise<void> {
  mkdirSync(screens, { recursive: true });
  const screen = (name: string) => page.screenshot({ path: join(screens, `walk-${shell}-${name}.png`) });

  // The app opens on an organisation that is plainly an example.
  const strip = page.locator('header').first();
  await strip.getByText('25 →').waitFor();
  expect(await textOf(strip)).toMatch(/example/i);
  const before = await usedToday(page);
  await screen('1-quotas-before');

  // A test message sent from the page, with nothing edited.
  await page.getByRole('link', { name: 'Send', exact: true }).click();
  const form = page.getByRole('form', { name: 'Test message' });
  await form.getByRole('button', { name: 'Send' }).click();
  const open = page.getByRole('link', { name: 'Open the transaction' });
  await open.waitFor();
  await screen('2-sent');

  // It is a transaction: decided step by step, with its reply, its dialogue, its envelope before and after.
  await open.click();
  const transaction = page.getByRole('region', { name: 'Transaction' });
  await transaction.getByText(/250/).first().waitFor();
  const steps = transaction.getByRole('list', { name: 'Steps of the decision' }).getByRole('listitem');
  expect(await steps.count()).toBeGreaterThan(1);
  await screen('3-decision');
  await transaction.getByRole('tab', { name: 'Dialogue' }).click();
  const dialogue = transaction.getByRole('list', { name: 'Dialogue' });
  await dialogue
    .getByText(/MAIL FROM:/i)
    .first()
    .waitFor();
  expect(await textOf(dialogue)).toMatch(/^.*220 .*EHLO .*MAIL FROM:.*RCPT TO:.*DATA.*354 .*250 /is);
  await screen('4-dialogue');
  await transaction.getByRole('tab', { name: 'Envelope' }).click();
  await transaction.getByText('someone@example.org').first().waitFor();
  await screen('5-envelope');

  // It stands in the list, and the quota has moved by its one recipient.
  await page.getByRole('link', { name: 'Transactions' }).click();
  await page.getByText('someone@example.org').first().waitFor();
  await screen('6-transactions');
  await page.getByRole('link', { name: 'Quotas' }).click();
  await expect.poll(() => usedToday(page), { timeout: 15_000 }).toBe(before + 1);
  await screen('7-quotas-after');
}
