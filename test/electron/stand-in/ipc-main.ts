/** `ipcMain`: what preloads send arrives here, by channel. */
import { EventEmitter } from 'node:events';

export const ipcMain = new EventEmitter();
