/** A real Chromium on the built pages, with a canned engine behind them. The shells serve the same files. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { expect } from 'vitest';
import type { State } from '../fixtures/pages/engine.ts';
import { type PageServer, type Shell, servePages } from '../fixtures/pages/server.ts';

const top = join(import.meta.dirname, '../..');
const screens = join(top, 'artifacts/screens');

/** Where Chromium is; another place can be named by CHROMIUM. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Whether these tests can run; without Chromium they are skipped, and say so. */
export const chromiumMissing = !existsSync(executablePath);

/** How long a page may take for what people see at once, on a machine that does much else; in milliseconds. */
const patienceMs = 8_000;

export type Size = { width: number; height: number };
export const sizes = {
  narrow: { width: 900, height: 800 },
  usual: { width: 1_280, height: 800 },
  wide: { width: 1_920, height: 1_080 },
} satisfies Record<string, Size>;

export type Bench = {
  /** Opens pages on an engine in a state, at a place (`transactions/t1`), as one person would see them. */
  open: (state: State, place?: string, options?: OpenOptions) => Promise<Opened>;
  /** Opens what is served elsewhere, such as by the headless shell over a real engine. */
  visit: (url: string, place: string) => Promise<Visited>;
  /** Where the built pages are, for such a server. */
  pagesFolder: string;
  close: () => Promise<void>;
};

export type OpenOptions = {
  size?: Size;
  scheme?: 'light' | 'dark';
  shell?: Shell;
  /** Runs in the page before its own code, as a preload does. */
  preload?: string;
};

export type Visited = {
  page: Page;
  errors: string[];
  screen: (name: string) => Promise<void>;
};

export type Opened = Visited & { server: PageServer };

const openPage = async (
  browser: Browser,
  url: string,
  place: string,
  options: OpenOptions,
): Promise<Visited> => {
  const { size = sizes.usual, scheme = 'light' } = options;
  const settings: BrowserContextOptions = {
    viewport: size,
    colorScheme: scheme,
    reducedMotion: 'reduce',
    timezoneId: 'Europe/Stockholm',
    locale: 'en-GB',
  };
  const context = await browser.newContext(settings);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  if (options.preload) await page.addInitScript(options.preload);
  await page.goto(`${url}#/${place}`);
  return {
    page,
    errors,
    screen: async (name) => {
      await mkdir(screens, { recursive: true });
      await page.screenshot({ path: join(screens, `${name}.png`) });
    },
  };
};

/** The newest change in a folder, in epoch milliseconds. */
const newestIn = async (folder: string): Promise<number> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const times = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs),
  );
  return Math.max(0, ...times);
};

/** The folder of built pages: dist/renderer where it is newer than every source, else a build of its own, to be removed. */
const builtPages = async (): Promise<{ folder: string; remove: () => Promise<void> }> => {
  const dist = join(top, 'dist/renderer');
  const sources = Math.max(
    await newestIn(join(top, 'renderer')),
    await newestIn(join(top, 'relay-core/contract')),
  );
  const index = await stat(join(dist, 'index.html')).catch(() => null);
  if (index && index.mtimeMs > sources) return { folder: dist, remove: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'relay-bench-pages-'));
  await build({
    configFile: join(top, 'renderer/vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
};

/** Finds or builds the pages and starts Chromium. */
export const startBench = async (): Promise<Bench> => {
  const built = await builtPages();
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
  const servers: PageServer[] = [];
  return {
    open: async (state, place = '', options = {}) => {
      const server = await servePages(state, { built: built.folder, shell: options.shell ?? 'browser' });
      servers.push(server);
      return { ...(await openPage(browser, server.url, place, options)), server };
    },
    visit: (url, place) => openPage(browser, url, place, {}),
    pagesFolder: built.folder,
    close: async () => {
      await browser.close();
      await Promise.all(servers.map((server) => server.close()));
      await built.remove();
    },
  };
};

/** Expects what is read to become so. */
export const eventually = <T>(read: () => T | Promise<T>): ReturnType<typeof expect.poll<T>> =>
  expect.poll(read, { timeout: patienceMs });
