/** One instance for one data directory, and a window that comes back where it was. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Desktop,
  desktopArguments,
  makeDataDirectory,
  noDesktop,
  removeDataDirectory,
  repository,
  shownPort,
  startDesktop,
} from './desktop.ts';

describe.skipIf(noDesktop)('an instance', () => {
  let desktop: Desktop | undefined;
  let dataDirectory: string;

  beforeEach(() => {
    dataDirectory = makeDataDirectory();
    desktop = undefined;
  });
  afterEach(async () => {
    await desktop?.close();
    removeDataDirectory(dataDirectory);
  });

  const boundsOf = async ({ app, page }: Desktop) =>
    (await app.browserWindow(page)).evaluate((window) => window.getBounds());

  it('is the only one: a second start brings its window to the front and ends', async () => {
    desktop = await startDesktop({ dataDirectory });
    await shownPort(desktop.page, 25);
    await (await desktop.app.browserWindow(desktop.page)).evaluate((window) => window.minimize());
    // electron's package exports the path of its executable, or of the stand-in.
    const executable: string = createRequire(import.meta.url)('electron');
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const second = spawn(executable, [...sandbox, ...desktopArguments({ dataDirectory })], {
      cwd: repository,
    });
    expect(await new Promise((resolve) => second.on('close', resolve))).toBe(0);
    const window = await desktop.app.browserWindow(desktop.page);
    await expect.poll(() => window.evaluate((shown) => shown.isMinimized())).toBe(false);
    expect(await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('comes back with the window where it was', async () => {
    const place = { x: 140, y: 90, width: 1000, height: 700 };
    desktop = await startDesktop({ dataDirectory });
    await (await desktop.app.browserWindow(desktop.page)).evaluate(
      (window, bounds) => window.setBounds(bounds),
      place,
    );
    const kept = await boundsOf(desktop);
    await desktop.close();
    desktop = await startDesktop({ dataDirectory });
    expect(await boundsOf(desktop)).toEqual(kept);
    expect(kept).toMatchObject({ width: place.width, height: place.height });
  });

  it('comes back on a display that is there', async () => {
    const gone = { bounds: { x: 25_000, y: 25_000, width: 1000, height: 700 }, maximised: false };
    writeFileSync(join(dataDirectory, 'window-state.json'), JSON.stringify(gone));
    desktop = await startDesktop({ dataDirectory });
    expect((await boundsOf(desktop)).x).toBeLessThan(20_000);
  });
});
