/**
 * The application menu, by each system's conventions. It acts through what it is given, so that the template can be
 * read as a list.
 */
import { app, Menu, type MenuItemConstructorOptions, shell } from 'electron';

export interface MenuActions {
  readonly showCertificateAuthority: () => void;
  readonly restartEngine: () => void;
  readonly dataDirectory: string;
}

const separator: MenuItemConstructorOptions = { type: 'separator' };
const onMac = process.platform === 'darwin';

const appMenu: MenuItemConstructorOptions = { role: 'appMenu' };

const fileMenu = ({ dataDirectory }: MenuActions): MenuItemConstructorOptions => ({
  label: '&File',
  submenu: [
    {
      id: 'open-data-folder',
      label: 'Open Data Folder',
      click: () => void shell.openPath(dataDirectory),
    },
    separator,
    onMac ? { role: 'close' } : { role: 'quit' },
  ],
});

const viewMenu: MenuItemConstructorOptions = {
  label: '&View',
  submenu: [
    { role: 'reload' },
    separator,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    separator,
    { role: 'togglefullscreen' },
    { role: 'toggleDevTools' },
  ],
};

const engineMenu = ({
  showCertificateAuthority,
  restartEngine,
}: MenuActions): MenuItemConstructorOptions => ({
  label: 'E&ngine',
  submenu: [
    {
      id: 'show-certificate-authority',
      label: 'Show Certificate Authority…',
      click: showCertificateAuthority,
    },
    { id: 'restart-engine', label: 'Restart Engine', click: restartEngine },
  ],
});

const helpMenu: MenuItemConstructorOptions = {
  role: 'help',
  submenu: [{ id: 'about', label: `About ${app.name}`, click: () => app.showAboutPanel() }],
};

/** The menu to set for the application. */
export function buildMenu(actions: MenuActions): Menu {
  return Menu.buildFromTemplate([
    ...(onMac ? [appMenu] : []),
    fileMenu(actions),
    { role: 'editMenu' },
    viewMenu,
    engineMenu(actions),
    { role: 'windowMenu' },
    ...(onMac ? [] : [helpMenu]),
  ]);
}
