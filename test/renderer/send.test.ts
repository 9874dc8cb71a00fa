/** Send: the first message passes as the form stands, wrong input is said beside its field, the dialogue grows, the values stay. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, chromiumMissing, eventually, startBench } from './browser.ts';

describe.skipIf(chromiumMissing)('send', { timeout: 30_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  test('the form begins with what the settings accept; its message becomes a transaction with a verdict', async () => {
    const { page, screen } = await bench.open('empty', 'send');
    await eventually(() => page.getByRole('combobox', { name: 'From' }).inputValue()).toBe(
      'anna@example.com',
    );
    expect(await page.getByRole('combobox', { name: 'Source address' }).inputValue()).toBe('203.0.113.1');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page
      .getByRole('heading', { name: /^Accepted from anna@example\.com for someone@example\.org/ })
      .waitFor();
    await page.getByRole('list', { name: 'Dialogue' }).getByText('MAIL FROM:<anna@example.com>').waitFor();
    await screen('send-accepted');
    await page.getByRole('link', { name: 'Open the transaction' }).click();
    await page.getByRole('list', { name: 'Steps of the decision' }).waitFor();
    expect(await page.getByRole('row', { selected: true }).textContent()).toContain('anna@example.com');
  });

  test('wrong input is said beside its field, and nothing is sent', async () => {
    const { page, screen } = await bench.open('empty', 'send');
    await eventually(() => page.getByRole('combobox', { name: 'From' }).inputValue()).toBe(
      'anna@example.com',
    );
    await page.getByRole('combobox', { name: 'From' }).fill('anna at example');
    await page.getByRole('combobox', { name: 'Source address' }).fill('203.0.113');
    await page.getByRole('textbox', { name: 'HELO name' }).fill('two words');
    await page.getByRole('checkbox', { name: /^Authenticate/ }).check();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    for (const [field, words] of [
      [page.getByRole('combobox', { name: 'From' }), 'An address such as anna@example.com'],
      [page.getByRole('combobox', { name: 'Source address' }), 'An IPv4 or IPv6 address'],
      [page.getByRole('textbox', { name: 'HELO name' }), 'without spaces'],
      [page.getByRole('textbox', { name: 'User' }), 'The address of the account'],
    ] as const) {
      const id = (await field.getAttribute('aria-describedby')) ?? '';
      const told = await Promise.all(
        id.split(' ').map((one) => page.locator(`[id="${one}"]`).allInnerTexts()),
      );
      expect(told.flat().join(' ')).toContain(words);
    }
    await screen('send-wrong-input');
    expect(await page.getByRole('list', { name: 'Dialogue' }).count()).toBe(0);
    expect(await page.getByText('0 kept').count()).toBe(0);
  });

  test('a refusal before MAIL is no transaction, and the page says why', async () => {
    const { page } = await bench.open('empty', 'send');
    await eventually(() => page.getByRole('textbox', { name: 'HELO name' }).inputValue()).toBe(
      'mail.example.com',
    );
    await page.getByRole('textbox', { name: 'HELO name' }).fill('localhost');
    await page.keyboard.press('Control+Enter');
    await page.getByText('The conversation ended before MAIL').waitFor();
    await page.getByText('The relay refused the HELO name “localhost”').waitFor();
    await page.getByText('421 4.7.0 Try again later').waitFor();
  });

  test('a pasted list of recipients is taken apart', async () => {
    const { page } = await bench.open('empty', 'send');
    await eventually(() => page.getByRole('combobox', { name: 'From' }).inputValue()).toBe(
      'anna@example.com',
    );
    const to = page.getByRole('combobox', { name: 'To' });
    await page.evaluate(() =>
      navigator.clipboard.writeText('li@example.org, bo@example.net;eva@example.org'),
    );
    await to.focus();
    await page.keyboard.press('Control+v');
    for (const address of ['li@example.org', 'bo@example.net', 'eva@example.org'])
      await page.getByText(address, { exact: true }).first().waitFor();
  });

  test('port 465 takes TLS from the first byte only · PRT-2', async () => {
    const { page } = await bench.open('empty', 'send');
    await page.getByText('465', { exact: true }).click();
    const encryption = page.getByRole('radiogroup', { name: 'Encryption' });
    expect(await encryption.getByRole('radio').count()).toBe(1);
    expect(await encryption.getByRole('radio', { name: 'From the first byte' }).isChecked()).toBe(true);
  });

  test('the last values stay, the password does not outlive the page', async () => {
    const { page } = await bench.open('empty', 'send');
    await eventually(() => page.getByRole('combobox', { name: 'From' }).inputValue()).toBe(
      'anna@example.com',
    );
    await page.getByRole('combobox', { name: 'From' }).fill('carin@example.com');
    await page.getByRole('checkbox', { name: /^Authenticate/ }).check();
    await page.getByRole('textbox', { name: 'User' }).fill('carin@example.com');
    await page.getByLabel('Password or token').fill('correct horse');
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('correct horse');
    await page.reload();
    await page.getByRole('textbox', { name: 'User' }).waitFor();
    expect(await page.getByRole('combobox', { name: 'From' }).inputValue()).toBe('carin@example.com');
    expect(await page.getByLabel('Password or token').inputValue()).toBe('');
  });
});
