/** The window: it shows the page, and nothing in it can get out. Runs on Electron or on its stand-in. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Desktop,
  makeDataDirectory,
  noDesktop,
  removeDataDirectory,
  repository,
  shownPort,
  startDesktop,
} from './desktop.ts';

describe.skipIf(noDesktop)('the desktop window', () => {
  let desktop: Desktop;
  let dataDirectory: string;

  beforeAll(async () => {
    dataDirectory = makeDataDirectory();
    desktop = await startDesktop({ dataDirectory });
    await shownPort(desktop.page, 25);
  });
  afterAll(async () => {
    await desktop?.close();
    removeDataDirectory(dataDirectory);
  });

  it('opens on the example organisation, with the engine’s listeners', async () => {
    const { page, pageErrors } = desktop;
    expect(await page.title()).toContain('Relay Bench');
    expect(await page.locator('header').textContent()).toContain('example');
    expect(await shownPort(page, 25)).toBeGreaterThan(0);
    expect(pageErrors).toEqual([]);
    const screens = join(repository, 'artifacts', 'screens');
    mkdirSync(screens, { recursive: true });
    await page.screenshot({ path: join(screens, 'desktop.png') });
  });

  it('is sandboxed, with its preload in a world of its own and no Node in the page', async () => {
    const { app, page } = desktop;
    const window = await app.browserWindow(page);
    const preferences = await window.evaluate(({ webContents }) =>
      'getLastWebPreferences' in webContents && typeof webContents.getLastWebPreferences === 'function'
        ? webContents.getLastWebPreferences()
        : null,
    );
    expect(preferences).toMatchObject({ contextIsolation: true, sandbox: true, nodeIntegration: false });
    const found = await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter(
        (name) => name in globalThis,
      ),
    );
    expect(found).toEqual([]);
  });

  it('serves the page under a strict Content-Security-Policy', async () => {
    const { page } = desktop;
    const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/');
    await page.reload();
    const policy = (await (await answered).allHeaders())['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe-eval');
    await shownPort(page, 25);
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.documentElement.dataset.ran = "yes"';
      document.head.append(script);
      return document.documentElement.dataset.ran;
    });
    expect(ran).toBeUndefined();
  });

  it('answers for its own files only', async () => {
    const statuses = await desktop.app.evaluate(async ({ net }) => {
      const ask = async (path: string) => (await net.fetch(`app://ui${path}`)).status;
      return [await ask('/index.html'), await ask('/no-such-file.js'), await ask('/..%2felectron/main.js')];
    });
    expect(statuses).toEqual([200, 404, 404]);
    const elsewhere = await desktop.app.evaluate(async ({ net }) => (await net.fetch('app://other/')).status);
    expect(elsewhere).toBe(404);
  });

  it('hands the engine’s port to its own page in its own window, and to nobody else', async () => {
    const told = await desktop.app.evaluate(({ ipcMain }) => {
      const ours = 'app://ui/';
      const frames = [
        { url: ours, parent: null },
        { url: 'https://elsewhere.example/', parent: null },
        { url: ours, parent: { url: ours } },
        null,
      ];
      return frames.map((senderFrame) => {
        const heard: string[] = [];
        const hear = (channel: string) => void heard.push(channel);
        const sender = { send: hear, postMessage: hear, once: () => undefined };
        ipcMain.emit('relay-bench:page-ready', { sender, senderFrame });
        return heard;
      });
    });
    expect(told).toEqual([['relay-bench:engine-port'], [], [], []]);
  });

  it('refuses to be led elsewhere', async () => {
    const { page } = desktop;
    const before = page.url();
    for (const address of ['https://example.com/', 'file:///etc/passwd', 'data:text/html,hello']) {
      await page.evaluate((target) => window.location.assign(target), address).catch(() => undefined);
      await page.waitForTimeout(300);
      expect(page.url()).toBe(before);
    }
    await shownPort(page, 25);
  });

  it('refuses new windows', async () => {
    const { app, page } = desktop;
    expect(await page.evaluate(() => window.open('https://example.com/') === null)).toBe(true);
    await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = 'https://example.com/';
      link.target = '_blank';
      document.body.append(link);
      link.click();
      link.remove();
    });
    await page.waitForTimeout(500);
    expect(app.windows()).toHaveLength(1);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('refuses permissions, but lets what is shown be copied', async () => {
    const { page } = desktop;
    await page.bringToFront();
    const answers = await page.evaluate(async () => {
      const state = async (name: PermissionName) => (await navigator.permissions.query({ name })).state;
      const position = new Promise<string>((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('given'),
          ({ code }) => resolve(code === 1 ? 'denied' : 'failed'),
        ),
      );
      return {
        notifications: await Notification.requestPermission(),
        geolocation: await position,
        camera: await state('camera'),
        copy: await navigator.clipboard.writeText('250 2.0.0').then(
          () => 'copied',
          (error: unknown) => String(error),
        ),
      };
    });
    expect(answers).toEqual({
      notifications: 'denied',
      geolocation: 'denied',
      camera: 'denied',
      copy: 'copied',
    });
  });

  it('reaches nothing over the network', async () => {
    const { page } = desktop;
    const reached = await page.evaluate(async () => {
      const image = new Image();
      const loaded = new Promise((resolve) => {
        image.onload = () => resolve('loaded');
        image.onerror = () => resolve('refused');
      });
      image.src = 'https://example.com/pixel.png';
      const fetched = fetch('https://example.com/').then(
        () => 'fetched',
        () => 'refused',
      );
      return [await loaded, await fetched];
    });
    expect(reached).toEqual(['refused', 'refused']);
  });

  it('has a menu with the certificate authority and the data folder', async () => {
    const { app } = desktop;
    const opened = await app.evaluate(async ({ Menu, shell, dialog, clipboard }) => {
      const menu = Menu.getApplicationMenu();
      const seen: { folder: string; detail: string } = { folder: '', detail: '' };
      shell.openPath = async (path) => {
        seen.folder = path;
        return '';
      };
      const shown = new Promise<void>((resolve) => {
        const answerCopy = async (...asked: unknown[]) => {
          seen.detail = JSON.stringify(asked);
          setTimeout(resolve, 100);
          return { response: 1, checkboxChecked: false };
        };
        Object.assign(dialog, { showMessageBox: answerCopy });
      });
      menu?.getMenuItemById('open-data-folder')?.click();
      menu?.getMenuItemById('show-certificate-authority')?.click();
      await shown;
      return { ...seen, copied: clipboard.readText() };
    });
    expect(opened.folder).toBe(dataDirectory);
    expect(opened.detail).toMatch(/SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}/);
    expect(opened.copied).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });
});
