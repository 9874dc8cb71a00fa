/**
 * `webContents`: one page of Chromium's with the preload in a world of its own, IPC and ports, and the questions that
 * Electron asks before a page may navigate or open another.
 */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { toReal, toShown } from './addresses.ts';
import type { CdpSession, Fields } from './cdp.ts';
import { preventable } from './events.ts';
import { ipcMain } from './ipc-main.ts';
import { fromWire, type StandInPort, toWire, type Wire } from './ports.ts';
import { answerRequests } from './requests.ts';
import { applyPermissions, defaultSession } from './session.ts';
import { createTarget, toBrowser } from './windows-of-chromium.ts';

export interface WebPreferences {
  readonly preload?: string;
  readonly contextIsolation?: boolean;
  readonly sandbox?: boolean;
  readonly nodeIntegration?: boolean;
}

interface Attached {
  readonly targetId: string;
  readonly session: CdpSession;
}

type FromPage =
  | { kind: 'ipc'; channel: string; args: unknown[] }
  | { kind: 'port'; port: number; data: Wire };

const world = 'stand-in preload';
const pageWorld = readFileSync(new URL('./page-world.js', import.meta.url), 'utf8');
const pageOpenings = readFileSync(new URL('./page-openings.js', import.meta.url), 'utf8');
const all: WebContents[] = [];

export class WebContents extends EventEmitter {
  static fromDevToolsTargetId = (targetId: string): WebContents | undefined =>
    all.find((contents) => contents.#targetId === targetId);
  static getAllWebContents = (): WebContents[] => [...all];

  readonly id = all.length + 1;
  readonly session = defaultSession;
  readonly #preferences: WebPreferences;
  readonly #attached: Promise<Attached>;
  readonly #ports = new Map<number, StandInPort>();
  readonly #onClosed: () => void;
  #targetId = '';
  #mainFrame = '';
  #preloadWorld: number | null = null;
  #address = '';
  #loading = '';
  #destroyed = false;
  #nextPort = 1;
  #openHandler: (details: { url: string }) => { action: 'allow' | 'deny' } = () => ({ action: 'allow' });

  constructor(preferences: WebPreferences, size: { width: number; height: number }, onClosed: () => void) {
    super();
    this.#preferences = preferences;
    this.#onClosed = onClosed;
    all.push(this);
    this.#attached = this.#attach(size);
  }

  whenAttached(): Promise<Attached> {
    return this.#attached;
  }

  async #attach(size: { width: number; height: number }): Promise<Attached> {
    const { targetId, session } = await createTarget({ width: size.width, height: size.height });
    this.#targetId = targetId;
    this.#mainFrame = targetId;
    session.on('Runtime.executionContextCreated', ({ context }) => this.#contextCreated(context));
    session.on('Runtime.executionContextsCleared', () => this.#pageLeft());
    session.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === '__standInSay') this.#hear(JSON.parse(payload) as FromPage);
      if (name === '__standInOpen') this.#open(toReal(payload));
    });
    session.on('Page.frameNavigated', ({ frame }) => {
      if (frame.id === this.#mainFrame) this.#address = frame.url;
    });
    session.on('Page.loadEventFired', () => {
      this.emit('did-finish-load');
      if (this.#address.startsWith('http')) this.emit('first-paint');
    });
    session.on('Inspector.detached', () => this.#gone());
    await answerRequests(session, (request) => this.#mayNavigate(request));
    await session.send('Runtime.addBinding', { name: '__standInSay', executionContextName: world });
    await session.send('Runtime.addBinding', { name: '__standInOpen' });
    await session.send('Page.enable');
    await session.send('Runtime.enable');
    await session.send('Page.addScriptToEvaluateOnNewDocument', {
      source: this.#preload(),
      worldName: world,
    });
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source: pageOpenings });
    return { targetId, session };
  }

  #preload(): string {
    const { preload } = this.#preferences;
    return pageWorld.replace('__standInPreload__;', () =>
      preload === undefined ? '' : readFileSync(preload, 'utf8'),
    );
  }

  async loadURL(address: string): Promise<void> {
    const { session } = await this.#attached;
    this.#loading = toShown(address);
    await applyPermissions(this, new URL(this.#loading).origin);
    await session.send('Page.navigate', { url: this.#loading });
  }

  /** Asked for each document that is about to be loaded; what `loadURL` or a reload began is not asked about. */
  #mayNavigate({ url, frameId }: { url: string; frameId: string }): boolean {
    const isMainFrame = frameId === this.#mainFrame;
    if (isMainFrame && (url === this.#loading || url === this.#address)) return true;
    const names = isMainFrame ? ['will-frame-navigate', 'will-navigate'] : ['will-frame-navigate'];
    return names.every((name) => {
      const event = Object.assign(preventable(), { url: toReal(url), isMainFrame });
      this.emit(name, event, event.url);
      return !event.defaultPrevented;
    });
  }

  /** What the app allows is opened here; nothing is opened by the page itself. */
  #open(url: string): void {
    if (this.#openHandler({ url }).action === 'deny') return;
    void toBrowser('Target.createTarget', { url: toShown(url), newWindow: true });
  }

  #contextCreated({ id, name, auxData }: Fields): void {
    if (name === world && auxData?.frameId === this.#mainFrame) this.#preloadWorld = id;
  }

  #pageLeft(): void {
    this.#preloadWorld = null;
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }

  #hear(message: FromPage): void {
    if (message.kind === 'port') {
      this.#ports.get(message.port)?.postMessage(fromWire(message.data));
      return;
    }
    const senderFrame = { url: this.getURL(), parent: null };
    ipcMain.emit(message.channel, { sender: this, senderFrame, ports: [] }, ...message.args);
  }

  #tell(message: unknown): void {
    const contextId = this.#preloadWorld;
    if (contextId === null) return;
    const expression = `__standInHear(${JSON.stringify(message)})`;
    void this.#attached
      .then(({ session }) => session.send('Runtime.evaluate', { expression, contextId }))
      // The page may be gone by now: so is whoever should have heard.
      .catch(() => undefined);
  }

  send(channel: string, ...args: unknown[]): void {
    this.#tell({ kind: 'ipc', channel, args, ports: [] });
  }

  postMessage(channel: string, message: unknown, ports: readonly StandInPort[] = []): void {
    const numbers = ports.map((port) => {
      const number = this.#nextPort++;
      this.#ports.set(number, port);
      return number;
    });
    this.#tell({ kind: 'ipc', channel, args: [message], ports: numbers });
    ports.forEach((port, index) => {
      port.handOver((data) => this.#tell({ kind: 'port', port: numbers[index], data: toWire(data) }));
      port.on('close', () => this.#tell({ kind: 'port-closed', port: numbers[index] }));
    });
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'allow' | 'deny' }): void {
    this.#openHandler = handler;
  }

  getLastWebPreferences(): WebPreferences {
    return this.#preferences;
  }

  getURL(): string {
    return toReal(this.#address);
  }

  reload(): void {
    void this.#attached.then(({ session }) => session.send('Page.reload'));
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  close(): void {
    this.destroy();
    this.#onClosed();
  }

  destroy(): void {
    if (this.#destroyed) return;
    void this.#attached
      .then(({ targetId }) => toBrowser('Target.closeTarget', { targetId }))
      .catch(() => undefined);
    this.#gone();
  }

  #gone(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#pageLeft();
    this.emit('destroyed');
    this.#onClosed();
  }
}
