/** Every view, light and dark, at three widths: nothing cut off, nothing nameless, nothing too faint to read. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cutControls, faintText, namelessControls } from './accessibility.ts';
import { type Bench, chromiumMissing, type Opened, sizes, startBench } from './browser.ts';

const views = [
  { name: 'transactions', state: 'full', place: 'transactions', ready: 'grid' },
  { name: 'decision', state: 'full', place: 'transactions/t1997', ready: 'list' },
  { name: 'dialogue', state: 'full', place: 'transactions/t1997?tab=dialogue', ready: 'list' },
  { name: 'envelope', state: 'full', place: 'transactions/t1981?tab=envelope', ready: 'grid' },
  { name: 'message', state: 'full', place: 'transactions/t1981?tab=message', ready: 'grid' },
  { name: 'send', state: 'full', place: 'send', ready: 'form' },
  { name: 'quotas', state: 'full', place: 'quotas', ready: 'grid' },
  { name: 'settings', state: 'full', place: 'settings', ready: 'textbox' },
  { name: 'transactions-empty', state: 'empty', place: 'transactions', ready: 'heading' },
  { name: 'quotas-empty', state: 'empty', place: 'quotas', ready: 'heading' },
  { name: 'transactions-broken', state: 'broken', place: 'transactions', ready: 'alert' },
  { name: 'settings-broken', state: 'broken', place: 'settings', ready: 'alert' },
] as const;

const looks = [
  { size: 'narrow', scheme: 'light' },
  { size: 'usual', scheme: 'light' },
  { size: 'usual', scheme: 'dark' },
  { size: 'wide', scheme: 'dark' },
] as const;

const cases = views.flatMap((view) => looks.map((look) => ({ ...view, ...look })));
type Case = (typeof cases)[number];

describe.skipIf(chromiumMissing)('how the pages look', () => {
  let bench: Bench;
  const opened = new Map<string, Opened>();
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  /** One page for each state and look; going from view to view in it is what people do. */
  const pageFor = async ({ state, size, scheme }: Case): Promise<Opened> => {
    const key = `${state} ${size} ${scheme}`;
    const kept = opened.get(key) ?? (await bench.open(state, '', { size: sizes[size], scheme }));
    opened.set(key, kept);
    return kept;
  };

  test.for(cases)('$name, $size, $scheme', { timeout: 30_000 }, async (view) => {
    const { page, server, screen, errors } = await pageFor(view);
    await page.goto(`${server.url}#/${view.place}`);
    await page.getByText('Example AB').first().waitFor();
    await page.getByRole(view.ready).first().waitFor();
    await page.waitForTimeout(150);
    await screen(`${view.name}-${view.size}-${view.scheme}`);
    expect.soft(await cutControls(page)).toEqual([]);
    expect.soft(await namelessControls(page)).toEqual([]);
    expect.soft(await faintText(page)).toEqual([]);
    expect.soft(errors.splice(0)).toEqual([]);
  });

  test('the quotas fit a window as narrow as a phone, simulated clock and all', async () => {
    const { page, screen } = await bench.open('full', 'quotas', { size: { width: 420, height: 900 } });
    await page.getByRole('button', { name: 'Step on by 10 min' }).click();
    await page.getByRole('banner').getByText('Simulated time').waitFor();
    await page.getByRole('grid').getByText('anna@example.com').waitFor();
    await screen('quotas-phone-light');
    expect.soft(await cutControls(page)).toEqual([]);
    expect.soft(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(420);
    const limit = await page.getByText(/^limit 13,000/).boundingBox();
    expect.soft((limit?.x ?? 0) + (limit?.width ?? 0)).toBeLessThanOrEqual(420);
    const user = page.locator('td').filter({ hasText: 'anna@example.com' });
    expect.soft(await user.evaluate((cell) => cell.scrollWidth <= cell.clientWidth)).toBe(true);
  });

  test('the checks see a control without a name, faint text, and a button out of the window', async () => {
    const { page } = await bench.open('empty');
    await page.getByRole('heading', { name: 'No transactions yet' }).waitFor();
    await page.evaluate(() => {
      document.body.innerHTML =
        '<button></button><p style="color:#999;background:#fff">too faint</p>' +
        '<button style="position:absolute;left:1270px;width:90px">beyond</button>';
    });
    expect(await namelessControls(page)).toEqual([expect.stringContaining('button')]);
    expect(await faintText(page)).toEqual([expect.stringContaining('too faint')]);
    expect(await cutControls(page)).toContain('outside the window: beyond');
  });
});
