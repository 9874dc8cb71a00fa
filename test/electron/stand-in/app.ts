/**
 * `app`: names, paths, command line, and the order in which an application becomes ready and quits.
 */
import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChromium } from './chromium.ts';
import { openWindows, preventable, windowEvents } from './events.ts';
import { claimInstance } from './single-instance.ts';
import { killUtilityProcesses, utilityMetrics } from './utility-process.ts';
import { setConnection } from './windows-of-chromium.ts';

export interface AppStart {
  readonly folder: string;
  readonly args: readonly string[];
  readonly name: string;
  readonly version: string;
}

class App extends EventEmitter {
  name = '';
  readonly isPackaged = false;
  readonly commandLine = { appendSwitch: () => undefined, hasSwitch: () => false };
  readonly #ready = Promise.withResolvers<unknown>();
  readonly #paths = new Map<string, string>();
  #start: AppStart = { folder: '', args: [], name: '', version: '' };
  #isReady = false;
  #chromiumEnds: (() => Promise<unknown>) | null = null;

  prepare(start: AppStart): void {
    this.#start = start;
    this.name = start.name;
    const asked = start.args.find((arg) => arg.startsWith('--user-data-dir='))?.split('=')[1];
    this.#paths.set('userData', asked ?? join(homedir(), '.config', start.name));
    this.#paths.set('documents', homedir());
    this.#paths.set('temp', tmpdir());
    for (const name of ['web-contents-created', 'window-all-closed']) {
      windowEvents.on(name, (...values: unknown[]) => this.emit(name, ...values));
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.quit());
  }

  /** Starts Chromium and lets the app be ready. Called when the main file has run to its end. */
  async begin(): Promise<void> {
    const profile = join(this.getPath('sessionData'), 'stand-in');
    mkdirSync(profile, { recursive: true });
    const debugging = this.#start.args.some((arg) => arg.startsWith('--remote-debugging-port'));
    const chromium = await startChromium(profile, debugging);
    setConnection(chromium.connection);
    this.#chromiumEnds = () => {
      const end = new Promise((resolve) => chromium.process.once('exit', resolve));
      void chromium.connection.send('Browser.close').catch(() => chromium.process.kill());
      return end;
    };
    this.#isReady = true;
    this.emit('ready', {});
    this.#ready.resolve({});
  }

  whenReady(): Promise<unknown> {
    return this.#ready.promise;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  getName(): string {
    return this.name;
  }

  getVersion(): string {
    return this.#start.version;
  }

  getAppPath(): string {
    return this.#start.folder;
  }

  getPath(name: string): string {
    const path = this.#paths.get(name === 'sessionData' && !this.#paths.has(name) ? 'userData' : name);
    if (path === undefined) throw new Error(`The stand-in has no path "${name}"`);
    return path;
  }

  setPath(name: string, path: string): void {
    mkdirSync(path, { recursive: true });
    this.#paths.set(name, path);
  }

  requestSingleInstanceLock(): boolean {
    return claimInstance(this.getPath('userData'), (argv) =>
      this.emit('second-instance', {}, argv, process.cwd()),
    );
  }

  getAppMetrics(): ReturnType<typeof utilityMetrics> {
    return utilityMetrics();
  }

  showAboutPanel(): void {}

  /** Electron's order: `before-quit`, the windows' `close`, `will-quit`, `quit`. Each may hold it back. */
  quit(): void {
    const before = preventable();
    this.emit('before-quit', before);
    if (before.defaultPrevented) return;
    for (const window of [...openWindows]) window.close();
    if (openWindows.size > 0) return;
    const will = preventable();
    this.emit('will-quit', will);
    if (!will.defaultPrevented) this.exit(0);
  }

  exit(code = 0): void {
    this.emit('quit', {}, code);
    killUtilityProcesses();
    if (this.#chromiumEnds) void this.#chromiumEnds().then(() => process.exit(code));
    else process.exit(code);
  }
}

export const app = new App();

/** @returns what lets the app be ready, once its main file has run */
export function startApp(start: AppStart): () => Promise<void> {
  app.prepare(start);
  return () => app.begin();
}
