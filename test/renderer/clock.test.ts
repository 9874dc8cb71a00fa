/** The engine's clock as the pages show and move it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  aheadInWords,
  engineTimeAt,
  engineTimeInWords,
  neverBackByATrifle,
} from '../../renderer/clock/engine-time.ts';
import { faintText } from './accessibility.ts';
import { type Bench, chromiumMissing, eventually, startBench } from './browser.ts';

describe('engine time between two readings', () => {
  const readAtMs = 1_000_000;
  const reading = (speed: number) => ({
    clock: { now: '2026-11-25T09:00:00.000Z', mode: 'simulated' as const, speed, offsetMs: 0 },
    readAtMs,
  });

  test('runs on at the clock’s own pace', () => {
    const start = Date.parse('2026-11-25T09:00:00.000Z');
    expect(engineTimeAt(reading(1), readAtMs + 2_000) - start).toBe(2_000);
    expect(engineTimeAt(reading(3_600), readAtMs + 500) - start).toBe(1_800_000);
    expect(engineTimeAt(reading(60), readAtMs - 5_000)).toBe(start);
  });

  test('is never shown going back by a trifle, but by starting over', () => {
    expect(neverBackByATrifle(10_000, 9_500, 1)).toBe(10_000);
    expect(neverBackByATrifle(10_000, 10_500, 1)).toBe(10_500);
    expect(neverBackByATrifle(90_000_000, 1_000, 1)).toBe(1_000);
    expect(neverBackByATrifle(1_000_000, 700_000, 3_600)).toBe(1_000_000);
  });

  test('reads as a day and a time, and its lead in the two largest units', () => {
    expect(engineTimeInWords(new Date(2026, 10, 25, 10, 0, 7).getTime())).toBe('Wed 25 Nov 10:00:07');
    expect([aheadInWords(90_000_000), aheadInWords(600_000), aheadInWords(86_400_000 + 5_000)]).toEqual([
      '1 d 1 h',
      '10 min',
      '1 d',
    ]);
    expect([aheadInWords(12), aheadInWords(86_399_998)]).toEqual(['', '1 d']);
  });
});

describe.skipIf(chromiumMissing)('the clock’s controls', { timeout: 30_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  test('a step makes time simulated, seen in the frame of every view, ticking by itself', async () => {
    const { page, screen } = await bench.open('full', 'quotas');
    const frame = page.getByRole('banner').getByRole('region', { name: 'Engine clock' });
    const controls = page.getByRole('region', { name: 'Clock', exact: true });
    await controls.getByText('wall time').waitFor();
    expect(await frame.count()).toBe(0);
    expect(await controls.getByRole('button', { name: 'Start over' }).isDisabled()).toBe(true);
    await controls.getByRole('button', { name: 'Step on by 24 h' }).click();
    await frame.getByText('Simulated time').waitFor();
    await controls.getByText('1 d ahead').waitFor();
    await page.getByRole('link', { name: 'Send' }).click();
    const first = await frame.getByRole('time').textContent();
    await eventually(() => frame.getByRole('time').textContent()).not.toBe(first);
    await screen('clock-in-the-frame');
  });

  test('time runs at 3600×, and a step brings it back to 1×', async () => {
    const { page } = await bench.open('full', 'quotas');
    const pace = page.getByRole('radiogroup', { name: 'Pace of the clock' });
    await pace.getByText('3600×').click();
    const frame = page.getByRole('banner').getByRole('region', { name: 'Engine clock' });
    await frame.getByText('3600×').waitFor();
    const read = async () =>
      Date.parse((await frame.getByRole('time').getAttribute('datetime')) ?? '') - Date.now();
    await eventually(read).toBeGreaterThan(3_600_000);
    await page.getByRole('button', { name: 'Step on by 10 min' }).click();
    await eventually(() => pace.getByRole('radio', { name: '1×', exact: true }).isChecked()).toBe(true);
  });

  test('a step leads to where the next place of the window shown frees up', async () => {
    const { page } = await bench.open('full', 'quotas');
    await page.getByRole('button', { name: 'Step on to the next free place' }).click();
    const controls = page.getByRole('region', { name: 'Clock', exact: true });
    await controls.getByText(/4[01] s ahead/).waitFor();
  });

  test('starting over asks first, says that windows will be empty, and leaves them so', async () => {
    const { page, screen } = await bench.open('full', 'quotas');
    await page.getByRole('button', { name: 'Step on by 1 h' }).click();
    const frame = page.getByRole('banner').getByRole('region', { name: 'Engine clock' });
    const day = page.getByRole('region', { name: 'Customer, 24 hours' });
    const start = frame.getByRole('button', { name: 'Start over' });
    await start.click();
    const dialog = page.getByRole('dialog', { name: 'Start over?' });
    await dialog.getByText('every quota window will be empty').waitFor();
    await screen('clock-start-over');
    expect(await faintText(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await faintText(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Leave it' }).click();
    await day.getByText('12,998').waitFor();
    await start.click();
    await dialog.getByRole('button', { name: 'Start over with empty windows' }).click();
    await frame.waitFor({ state: 'detached' });
    await eventually(() => day.locator('strong').first().textContent()).toBe('0');
  });
});
