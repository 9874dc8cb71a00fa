/** What the app gets when it asks for `electron`: the part of its API that Relay Bench uses, and no more. */
export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { ipcMain } from './ipc-main.ts';
export { Menu, MenuItem } from './menu.ts';
export { MessageChannelMain } from './ports.ts';
export { net, protocol } from './protocol.ts';
export { session } from './session.ts';
export { clipboard, dialog, nativeTheme, screen, shell } from './system.ts';
export { utilityProcess } from './utility-process.ts';
export { WebContents as webContents } from './web-contents.ts';
