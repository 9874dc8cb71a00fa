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
    await page.getByText('The conversation ended before MAIL').last().waitFor();
    await page.getByText('The relay refused the HELO name “localhost”').last().waitFor();
    await page.getByText('421 4.7.0 Try again later').waitFor();
  });

  test('a pasted list of recipients is taken apart', async () => {
    const { page } = await bench.open('empty', 'send');
    await eventually(() => page.getByRole('combobox', { name: 'From' }).inputValue()).toBe(
      'anna@example.com',
    );
    const to = page.getByRole('textbox', { name: 'To' });
    await page.evaluate(() =>
      navigator.clipboard.writeText('li@example.org, bo@example.net;eva@example.org'),
    );
    await to.focus();
    await page.keyboard.press('Control+v');
    for (const address of ['li@example.org', 'bo@example.net', 'eva@example.org'])
      await page.getByText(address, { exact: true }).first().waitFor();
  });

  test('a thousand recipients are some fifty pills in a box that scrolls; a wrong one among them is named and in view', async () => {
    const { page, screen } = await bench.open('empty', 'send');
    await eventually(() => page.getByRole('combobox', { name: 'From' }).inputValue()).toBe(
      'anna@example.com',
    );
    const names = Array.from(
      { length: 999 },
      (_, index) => `"Medlem, ${index}" <medlem${index}@example.org>`,
    );
    await page.evaluate(
      (text) => navigator.clipboard.writeText(text),
      [...names, 'medlem at example'].join('\n'),
    );
    await page.getByRole('textbox', { name: 'To' }).focus();
    await page.keyboard.press('Control+v');
    // someone@example.org was there before.
    await page.getByText('and 950 more').waitFor();
    const pills = page.locator('fieldset .mantine-Pill-root');
    expect(await pills.count()).toBe(51);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('“medlem at example” is no address').waitFor();
    await expect(page.getByText('medlem at example', { exact: true }).isVisible()).resolves.toBe(true);
    const inView = await pills.last().evaluate((pill) => {
      const box = pill.closest('[class*="recipients"]')?.getBoundingClientRect();
      const { top, bottom } = pill.getBoundingClientRect();
      return box !== undefined && box.height < 150 && top >= box.top - 1 && bottom <= box.bottom + 1;
    });
    expect(inView).toBe(true);
    await screen('send-many-recipients');
    await page.getByRole('textbox', { name: 'To' }).press('Backspace');
    await eventually(() => page.getByText('is no address').count()).toBe(0);
    await page.getByText('and 950 more').waitFor();
  });

  test('typed recipients end at comma, space or Enter, but not in a name before an address', async () => {
    const { page } = await bench.open('empty', 'send');
    const to = page.getByRole('textbox', { name: 'To' });
    await eventually(() => page.getByRole('combobox', { name: 'From' }).inputValue()).toBe(
      'anna@example.com',
    );
    await page.getByRole('button', { name: 'Remove all recipients' }).click();
    await to.pressSequentially('li@example.org bo@example.net,"Lind, Eva" <eva@example.org>,');
    await to.pressSequentially('mia@example.org');
    await to.press('Enter');
    await eventually(() => page.locator('fieldset .mantine-Pill-root').allInnerTexts()).toEqual([
      'li@example.org',
      'bo@example.net',
      'eva@example.org',
      'mia@example.org',
    ]);
  });

  test('a refused sign-in says what was found in the connection, and a screen reader hears that and no dialogue · AUT-6', async () => {
    const { page, screen } = await bench.open('empty', 'send');
    await eventually(() => page.getByRole('combobox', { name: 'From' }).inputValue()).toBe(
      'anna@example.com',
    );
    await page.getByRole('checkbox', { name: /^Authenticate/ }).check();
    await page.getByRole('button', { name: 'Fill it in' }).click();
    expect(await page.getByRole('textbox', { name: 'User' }).inputValue()).toBe('anna@example.com');
    expect(await page.getByLabel('Password or token').inputValue()).toBe('correct horse battery staple');
    await page.getByLabel('Password or token').fill('wrong');
    await page.keyboard.press('Control+Enter');
    const seen = page.getByRole('list', { name: 'Seen in this connection' });
    await seen.getByText('wrong password, or no such user, or a suspended one').waitFor();
    await seen.getByText('Check the user name and the password').waitFor();
    await screen('send-refused-sign-in');
    expect(await page.getByRole('status').allInnerTexts()).toEqual([
      expect.stringMatching(
        /^The conversation ended before MAIL.*AUTH PLAIN as anna@example\.com was refused/,
      ),
    ]);
    expect(await page.locator('[aria-live]').filter({ hasText: '535 5.7.8' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Whole connection' }).click();
    await page.getByRole('region', { name: 'Connection', exact: true }).getByText('AUT-6').waitFor();
  });

  test('the verdict is said to a screen reader', async () => {
    const { page } = await bench.open('empty', 'send');
    await eventually(() => page.getByRole('combobox', { name: 'From' }).inputValue()).toBe(
      'anna@example.com',
    );
    expect(await page.getByRole('status').allInnerTexts()).toEqual(['']);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await eventually(() => page.getByRole('status').allInnerTexts()).toEqual([
      expect.stringMatching(/^Accepted from anna@example\.com for someone@example\.org/),
    ]);
  });

  test('in a window of 420 pixels nothing lies beside it, and what happened comes into view', async () => {
    const { page } = await bench.open('empty', 'send', { size: { width: 420, height: 860 } });
    await eventually(() => page.getByRole('combobox', { name: 'From' }).inputValue()).toBe(
      'anna@example.com',
    );
    const sideways = () =>
      page.evaluate(
        () =>
          [...document.querySelectorAll('main, main *')].filter(
            (one) => one.getBoundingClientRect().right > window.innerWidth + 1,
          ).length,
      );
    expect(await sideways()).toBe(0);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const verdict = page.getByRole('heading', { name: /^Accepted from/ });
    await verdict.waitFor();
    await eventually(() =>
      verdict.evaluate((one) => one.getBoundingClientRect().bottom <= window.innerHeight),
    ).toBe(true);
    expect(await sideways()).toBe(0);
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
