/**
 * The one window: a sandboxed page without Node, at the place where it was last closed.
 */
import { join } from 'node:path';
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { pageOrigin } from './page-protocol.ts';
import { builtFolder, dataDirectory } from './paths.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

const firstSize = { width: 1280, height: 800 };
const smallestSize = { minWidth: 720, minHeight: 480 };
/** What is seen until the page has painted, close to the page's own background. */
const backgroundColor = () => (nativeTheme.shouldUseDarkColors ? '#1a1b1e' : '#ffffff');

const stateFile = () => join(dataDirectory(), 'window-state.json');

function keepState(window: BrowserWindow): void {
  writeWindowState(stateFile(), { bounds: window.getNormalBounds(), maximised: window.isMaximized() });
}

/** Opens the window and loads the page. */
export function createMainWindow(): BrowserWindow {
  const state = readWindowState(
    stateFile(),
    screen.getAllDisplays().map(({ workArea }) => workArea),
  );
  const window = new BrowserWindow({
    ...(state?.bounds ?? firstSize),
    ...smallestSize,
    show: false,
    title: 'Relay Bench',
    backgroundColor: backgroundColor(),
    webPreferences: {
      preload: join(builtFolder, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (state?.maximised) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => keepState(window));
  void window.loadURL(`${pageOrigin}/`);
  return window;
}

/** Brings the window to the front; opens one when there is none (macOS keeps an app without windows). */
export function focusMainWindow(): void {
  if (!app.isReady()) return;
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) {
    createMainWindow();
    return;
  }
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
