/**
 * `BrowserWindow`: bounds and states are kept here and told to Chromium where it has a notion of them. Nobody sees
 * these windows, so focus and stacking are only remembered.
 */
import { EventEmitter } from 'node:events';
import { openWindows, preventable, windowEvents } from './events.ts';
import { WebContents, type WebPreferences } from './web-contents.ts';
import { toBrowser } from './windows-of-chromium.ts';

interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface WindowOptions extends Partial<Bounds> {
  readonly show?: boolean;
  readonly title?: string;
  readonly webPreferences?: WebPreferences;
}

const isBrowserWindow = (window: unknown): window is BrowserWindow => window instanceof BrowserWindow;
const browserWindows = (): BrowserWindow[] => [...openWindows].filter(isBrowserWindow);

export class BrowserWindow extends EventEmitter {
  static getAllWindows = browserWindows;
  static fromWebContents = (contents: WebContents): BrowserWindow | null =>
    browserWindows().find((window) => window.webContents === contents) ?? null;

  readonly webContents: WebContents;
  #bounds: Bounds;
  #visible: boolean;
  #maximised = false;
  #minimised = false;
  #destroyed = false;

  constructor({
    x = 100,
    y = 80,
    width = 800,
    height = 600,
    show = true,
    webPreferences = {},
  }: WindowOptions = {}) {
    super();
    this.#bounds = { x, y, width, height };
    this.#visible = show;
    openWindows.add(this);
    this.webContents = new WebContents(webPreferences, this.#bounds, () => this.#closed());
    windowEvents.emit('web-contents-created', {}, this.webContents);
    this.webContents.once('first-paint', () => this.emit('ready-to-show'));
  }

  loadURL(address: string): Promise<void> {
    return this.webContents.loadURL(address);
  }

  close(): void {
    const event = preventable();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    this.webContents.destroy();
    this.#closed();
  }

  #closed(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    openWindows.delete(this);
    this.emit('closed');
    if (openWindows.size === 0) windowEvents.emit('window-all-closed');
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  show(): void {
    this.#visible = true;
    this.emit('show');
  }

  isVisible(): boolean {
    return this.#visible;
  }

  focus(): void {
    this.emit('focus');
  }

  minimize(): void {
    this.#minimised = true;
  }

  restore(): void {
    this.#minimised = false;
  }

  isMinimized(): boolean {
    return this.#minimised;
  }

  maximize(): void {
    this.#maximised = true;
  }

  isMaximized(): boolean {
    return this.#maximised;
  }

  getBounds(): Bounds {
    return { ...this.#bounds };
  }

  getNormalBounds(): Bounds {
    return this.getBounds();
  }

  setBounds(bounds: Partial<Bounds>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    const { x: left, y: top, width, height } = this.#bounds;
    void this.webContents.whenAttached().then(async ({ targetId }) => {
      const { windowId } = await toBrowser('Browser.getWindowForTarget', { targetId });
      await toBrowser('Browser.setWindowBounds', { windowId, bounds: { left, top, width, height } });
    });
  }
}
