/**
 * Starts the built desktop app for a spec: on Electron's own binary where it is there, else on the stand-in.
 * Every start has a data directory and free ports, so that nothing of the person's is touched.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { z } from 'zod';
import { findChromium } from './stand-in/chromium.ts';

export const repository = join(import.meta.dirname, '..', '..');
export const standIn = join(import.meta.dirname, 'stand-in');

const electronFolder = join(repository, 'node_modules', 'electron');

/** The version of Electron that the project is made for. */
export const electronVersion = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(electronFolder, 'package.json'), 'utf8'))).version;

/** Whether Electron's own binary has been downloaded. Asked of the files: requiring electron would try to fetch it. */
function hasElectron(): boolean {
  const installed = join(electronFolder, 'dist', 'version');
  if (!existsSync(join(electronFolder, 'path.txt')) || !existsSync(installed)) return false;
  return readFileSync(installed, 'utf8').replace(/^v/, '').trim() === electronVersion;
}

export const onStandIn = !hasElectron();
/** Nothing can be shown: neither Electron nor a Chromium for its stand-in (sudo apt-get install chromium). */
export const noDesktop = onStandIn && findChromium() === null;

// Playwright and electron both follow it; read when electron's package is first asked where its executable is.
if (onStandIn) process.env.ELECTRON_OVERRIDE_DIST_PATH = standIn;

export interface Desktop {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** What was logged as an error by the page. */
  readonly pageErrors: readonly string[];
  close(): Promise<void>;
}

export interface DesktopStart {
  /** The folder with package.json and dist/; the repository when absent. */
  readonly folder?: string;
  readonly dataDirectory: string;
  readonly ports?: Partial<Record<'relay' | 'smtps' | 'submission', number>>;
}

/** A folder for one spec's data. */
export const makeDataDirectory = (): string => mkdtempSync(join(tmpdir(), 'relay-bench-desktop-'));
export const removeDataDirectory = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

/** The command line behind the executable. */
export function desktopArguments({ folder = repository, dataDirectory, ports = {} }: DesktopStart): string[] {
  const { relay = 0, smtps = 0, submission = 0 } = ports;
  return [
    folder,
    `--user-data-dir=${dataDirectory}`,
    ...['--relay', String(relay), '--smtps', String(smtps), '--submission', String(submission)],
  ];
}

/** Starts the app and waits for its window. */
export async function startDesktop(start: DesktopStart): Promise<Desktop> {
  const app = await _electron.launch({ args: desktopArguments(start), cwd: repository, colorScheme: null });
  const page = await app.firstWindow();
  page.setDefaultTimeout(15_000);
  const pageErrors: string[] = [];
  page.on('pageerror', (error) => pageErrors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') pageErrors.push(message.text());
  });
  return { app, page, pageErrors, close: () => app.close() };
}

/** The port of a listener, as the page shows it: `25 → 127.0.0.1:PORT`. Waits until the engine runs. */
export async function shownPort(page: Page, standsFor: 25 | 465 | 587): Promise<number> {
  const listener = page.locator('header').getByText(new RegExp(`^${standsFor} → 127\\.0\\.0\\.1:\\d+$`));
  return Number((await listener.textContent())?.split(':').at(-1));
}

/** The process that runs the engine. */
export async function enginePid(app: ElectronApplication): Promise<number> {
  const pid = await app.evaluate(
    ({ app: main }) =>
      main.getAppMetrics().find(({ type, name }) => type === 'Utility' && name?.includes('engine'))?.pid,
  );
  if (pid === undefined) throw new Error('There is no engine process');
  return pid;
}
