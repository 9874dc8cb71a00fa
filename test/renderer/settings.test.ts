/** Settings: the schema's help, problems beside their lines, what a save changed, and nothing lost on the way. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { benchYaml } from '../fixtures/pages/organisation.ts';
import { cutControls } from './accessibility.ts';
import { type Bench, chromiumMissing, eventually, startBench } from './browser.ts';

const lineWith = (page: Page, text: string) => page.locator('.cm-line').filter({ hasText: text }).first();

const typeAtEndOf = async (page: Page, line: string, text: string): Promise<void> => {
  await lineWith(page, line).click();
  await page.keyboard.press('End');
  await page.keyboard.type(text);
};

describe.skipIf(chromiumMissing)('settings', { timeout: 30_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  test('the bench file stands there, with its warnings, and a warning leads to its line', async () => {
    const { page } = await bench.open('full', 'settings');
    await lineWith(page, 'primaryDomain: example.com').waitFor();
    const side = page.getByRole('complementary', { name: 'About this file' });
    await side.getByText('Worth a thought').waitFor();
    await side.getByText('holds 65,536 addresses').click();
    await eventually(() => page.locator('.cm-activeLine').textContent()).toContain('198.51.0.0/16');
  });

  test('a problem is marked beside its line and told in words, and leads there', async () => {
    const { page, screen } = await bench.open('full', 'settings');
    await lineWith(page, 'billing').waitFor();
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('custmer: 1');
    const alert = page.getByRole('alert');
    await alert.getByText('There is no key “custmer”.').waitFor();
    await alert.getByText('The nearest is “customer”.').waitFor();
    // What the running file warns of says nothing of this draft.
    expect(await page.getByText('Worth a thought').count()).toBe(0);
    expect(await page.locator('.cm-lint-marker-error').count()).toBe(1);
    await page.keyboard.press('Control+Home');
    await alert.getByRole('button').click();
    await eventually(() => page.locator('.cm-activeLine').textContent()).toContain('custmer');
    await screen('settings-problem');
    await page.keyboard.press('Control+s');
    await alert.getByText('this draft cannot run').waitFor();
    await page.getByText('Unsaved changes').waitFor();
  });

  test('a draft of hundreds of thousands of characters is checked when it is saved only', async () => {
    const { page } = await bench.open('full', 'settings');
    await lineWith(page, 'billing').waitFor();
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(`# ${'x'.repeat(200_000)}\ncustmer: 1`);
    await page.getByText('Unsaved changes').waitFor();
    await page.waitForTimeout(1_000);
    expect(await page.locator('.cm-lint-marker-error').count()).toBe(0);
    await page.keyboard.press('Control+s');
    await page.getByRole('alert').getByText('this draft cannot run').waitFor();
    expect(await page.locator('.cm-lint-marker-error').count()).toBe(1);
  });

  test('saving applies at once and says what changed', async () => {
    const { page, screen } = await bench.open('full', 'settings');
    await typeAtEndOf(page, 'licences: 100', '0');
    await page.getByText('Unsaved changes').waitFor();
    await page.keyboard.press('Control+s');
    await page.getByText('customer.licences: 100 → 1000').waitFor();
    await page.getByText(/1 change, in force now/).waitFor();
    await page.getByText('As it runs').waitFor();
    await screen('settings-saved');
  });

  test('a saving is told in the engine’s time, as the audit log beside it', async () => {
    const { page } = await bench.open('full', 'quotas');
    await page.getByRole('button', { name: 'Step on by 1 h' }).click();
    const frame = page.getByRole('banner').getByRole('region', { name: 'Engine clock' });
    await frame.waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await typeAtEndOf(page, 'licences: 100', '0');
    await page.keyboard.press('Control+s');
    const saved = page.getByRole('status').filter({ hasText: 'Saved at' });
    const told = /\d\d:\d\d/.exec((await saved.textContent()) ?? '')?.[0];
    const engineTime = Date.parse((await frame.getByRole('time').getAttribute('datetime')) ?? '');
    const minutes = [engineTime - 60_000, engineTime].map((at) =>
      new Date(at).toLocaleTimeString('en-GB', {
        timeZone: 'Europe/Stockholm',
        hour: '2-digit',
        minute: '2-digit',
      }),
    );
    expect(minutes).toContain(told);
  });

  test('in a window as narrow as a phone the notes stand below the editor, and Save is in reach', async () => {
    const { page, screen } = await bench.open('full', 'settings', { size: { width: 420, height: 860 } });
    await lineWith(page, 'licences: 100').waitFor();
    await screen('settings-phone');
    const editor = await page.locator('.cm-editor').boundingBox();
    const side = await page.getByRole('complementary', { name: 'About this file' }).boundingBox();
    expect(editor?.width).toBeGreaterThan(300);
    expect(side?.y).toBeGreaterThanOrEqual((editor?.y ?? 0) + (editor?.height ?? 0));
    expect(await cutControls(page)).toEqual([]);
    await typeAtEndOf(page, 'licences: 100', '0');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText(/1 change, in force now/).waitFor();
  });

  test('a saving that takes its time says when it will be in force, and stays in sight until then · SET-6', async () => {
    const { page, screen } = await bench.open('full', 'settings');
    await typeAtEndOf(page, 'propagationMinutes: 0', '');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('45');
    await page.keyboard.press('Control+s');
    await page.getByText(/1 change, in force at \d/).waitFor();
    const onTheWay = page.getByRole('status').filter({ hasText: '1 saved change on the way' });
    await onTheWay.getByText('the previous settings decide').waitFor();
    await page.getByText('As saved').waitFor();
    await screen('settings-on-their-way');
  });

  test('the audit log stands beside the file, newest first · SET-7', async () => {
    const { page, screen } = await bench.open('full', 'settings');
    const entries = page
      .locator('section', { has: page.getByRole('heading', { name: 'Audit log' }) })
      .locator('li');
    await entries.first().getByText('settings[0].allowedSenders: any → registered-users').waitFor();
    await entries.first().getByText('in the app').waitFor();
    await entries.nth(2).getByText('in the file, while the engine was off').waitFor();
    await entries.nth(3).scrollIntoViewIfNeeded();
    await screen('settings-audit-log');
    const { page: empty } = await bench.open('empty', 'settings');
    await empty.getByText('Nothing has been changed yet.').waitFor();
  });

  test('units below the root are said to inherit the settings, read-only · ORG-4', async () => {
    const { page } = await bench.open('full', 'settings');
    const units = page.locator('section', {
      has: page.getByRole('heading', { name: 'Organisational units' }),
    });
    await units.getByText('edited at the root only; these units inherit them, read-only').waitFor();
    await units.getByText('/Sales/North').waitFor();
    await units.getByText('mail storage on as in /Sales').waitFor();
    const { page: empty } = await bench.open('empty', 'settings');
    await empty.getByRole('heading', { name: 'Audit log' }).waitFor();
    expect(await empty.getByText('Organisational units').count()).toBe(0);
  });

  test('a password is a hash once it is saved', async () => {
    const { page } = await bench.open('full', 'settings');
    await lineWith(page, 'carin@example.com').click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('password: correct horse');
    await page.keyboard.press('Control+s');
    await page.getByText('As it runs').waitFor();
    expect(await page.locator('.cm-content').textContent()).not.toContain('correct horse');
  });

  test('the schema offers keys and values, and explains a key under the pointer', async () => {
    const { page, screen } = await bench.open('full', 'settings');
    await lineWith(page, 'requireTls: false').click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('allow');
    const offers = page.getByRole('listbox', { name: 'Completions' });
    await offers.getByText('allowedSenders').waitFor();
    // The editor takes Enter for an offer only when a person can have seen it.
    await page.waitForTimeout(150);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Space');
    await offers.getByRole('option', { name: 'domain-addresses', exact: true }).waitFor();
    await screen('settings-completion');
    await page.keyboard.press('Escape');
    await lineWith(page, 'propagationMinutes').getByText('propagationMinutes').hover();
    await page.getByText('How long a saved change takes (SET-6).').waitFor();
  });

  test('a draft outlives a look at another view, and can be taken back', async () => {
    const { page } = await bench.open('full', 'settings');
    await typeAtEndOf(page, 'name: Example AB', ' (draft)');
    await page.getByRole('link', { name: 'Quotas' }).click();
    await page.getByRole('link', { name: 'Settings' }).click();
    await lineWith(page, 'Example AB (draft)').waitFor();
    await page.getByRole('button', { name: 'Take back' }).click();
    await eventually(() => lineWith(page, '(draft)').count()).toBe(0);
    await page.getByText('As it runs').waitFor();
  });

  test('a file changed by somebody else is not replaced unasked', async () => {
    const { page, server, screen } = await bench.open('full', 'settings');
    await typeAtEndOf(page, 'licences: 100', '0');
    server.engine.replaceBench(benchYaml.replace('licences: 100', 'licences: 250'));
    await page.getByText('The running file was changed elsewhere').waitFor();
    await page.keyboard.press('Control+s');
    await page.getByRole('alert').getByText('was replaced since it was read').waitFor();
    await screen('settings-conflict');
    await page.getByRole('button', { name: 'Load the running file' }).click();
    await lineWith(page, 'licences: 250').waitFor();
    await page.getByText('As it runs').waitFor();
  });

  test('a file changed on disk is told when one comes back to the page, and can be put into the editor and saved', async () => {
    const { page, server, screen } = await bench.open('full', 'settings');
    await page.getByText('As it runs').waitFor();
    server.engine.setOnDisk({ state: 'changed', text: benchYaml.replace('licences: 100', 'licences: 250') });
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
    await page.getByText('The file on disk was changed since it was loaded').waitFor();
    await screen('settings-on-disk');
    await page.getByRole('button', { name: 'Put it into the editor' }).click();
    await lineWith(page, 'licences: 250').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('customer.licences: 100 → 250').waitFor();
    await eventually(() => page.getByText('The file on disk was changed').count()).toBe(0);
  });

  test('edits are not saved over a change on disk unasked, and are when asked', async () => {
    const { page, server } = await bench.open('full', 'settings');
    await typeAtEndOf(page, 'licences: 100', '0');
    server.engine.setOnDisk({ state: 'changed', text: benchYaml.replace('licences: 100', 'licences: 250') });
    await page.keyboard.press('Control+s');
    await page.getByRole('alert').getByText('was changed on disk since it was loaded').waitFor();
    expect(await page.getByRole('button', { name: 'Load the running file' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Save my edits over it' }).click();
    await page.getByText('customer.licences: 100 → 1000').waitFor();
  });

  test('a change on disk that could not run says where, and is not offered', async () => {
    const { page, server } = await bench.open('full', 'settings');
    await page.getByText('As it runs').waitFor();
    server.engine.setOnDisk({ state: 'changed', text: benchYaml.replace('licences: 100', 'licences: many') });
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
    await page.getByText('It could not run as it stands there (1 problem): line').waitFor();
    expect(await page.getByRole('button', { name: 'Put it into the editor' }).count()).toBe(0);
  });

  test.each([
    [{ state: 'missing' }, 'The file is no longer on disk', 'saving writes the file again'],
    [{ state: 'unreadable', message: 'No permission' }, 'The file on disk cannot be read', 'No permission.'],
  ] as const)('a file that is %j is told, with what runs on', async (onDisk, title, words) => {
    const { page, server } = await bench.open('full', 'settings');
    await page.getByText('As it runs').waitFor();
    server.engine.setOnDisk(onDisk);
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
    const told = page.getByRole('status').filter({ hasText: title });
    await told.getByText(words).waitFor();
    await told.getByText('What runs is as before').waitFor();
  });

  test('the certificate authority can be copied for a mail server', async () => {
    const { page } = await bench.open('full', 'settings');
    await page.getByRole('button', { name: 'Copy certificate' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('BEGIN CERTIFICATE');
  });
});
