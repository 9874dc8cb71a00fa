/**
 * Hands the page the engine's port, and word of an engine that starts or is gone; nothing else. It runs in a world of
 * its own: what it says to the page, and hears from it, are window messages, so that no function of Electron's is within
 * the page's reach.
 */
import { ipcRenderer } from 'electron';
import { channels } from './channels.ts';

window.addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
  if (source !== window || typeof data !== 'object' || data === null) return;
  if ('kind' in data && data.kind === channels.pageReady) ipcRenderer.send(channels.pageReady);
});

ipcRenderer.on(channels.enginePort, ({ ports }) => {
  window.postMessage({ kind: channels.enginePort }, '*', [...ports]);
});

ipcRenderer.on(channels.engineStarting, (_event, { done, total }: { done: number; total: number }) => {
  window.postMessage({ kind: channels.engineStarting, done, total }, '*');
});

ipcRenderer.on(channels.engineGone, (_event, message: string) => {
  window.postMessage({ kind: channels.engineGone, message }, '*');
});
