/**
 * The desktop shell's entry: puts the parts together in the order Electron wants, and knows nothing else.
 * What must happen before `ready` is done at once. There is no top-level await: waiting for `ready` there would hold it
 * back for ever.
 */
import { app, Menu } from 'electron';
import { showCertificateAuthority } from './certificate-authority.ts';
import { startEngineHost } from './engine-host.ts';
import { guardContents, guardSession } from './guards.ts';
import { buildMenu } from './menu.ts';
import { type DesktopOptions, OptionError, readOptions } from './options.ts';
import { linkPages } from './page-link.ts';
import { declarePageScheme, servePages } from './page-protocol.ts';
import { benchFile, choosePaths, dataDirectory } from './paths.ts';
import { stopEngineBeforeQuit } from './quit.ts';
import { createMainWindow, focusMainWindow } from './window.ts';

function start({ paths, ports }: DesktopOptions): void {
  guardSession();
  servePages();
  const engineHost = startEngineHost({ benchFile: benchFile(paths), dataDirectory: dataDirectory(), ports });
  stopEngineBeforeQuit(engineHost);
  linkPages(engineHost);
  Menu.setApplicationMenu(
    buildMenu({
      showCertificateAuthority: () => void showCertificateAuthority(engineHost),
      restartEngine: engineHost.restart,
      dataDirectory: dataDirectory(),
    }),
  );
  createMainWindow();
}

function run(options: DesktopOptions): void {
  choosePaths(options.paths);
  declarePageScheme();
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
  app.on('second-instance', focusMainWindow);
  app.on('activate', focusMainWindow);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  void app.whenReady().then(() => start(options));
}

try {
  run(readOptions(process.argv));
} catch (error) {
  if (!(error instanceof OptionError)) throw error;
  process.stderr.write(`relay-bench: ${error.message}\n`);
  app.exit(2);
}
