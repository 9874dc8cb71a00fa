/**
 * Brings page and engine together: a page that says it is ready gets a port that leads straight to the engine, and a
 * fresh one each time the engine was started again; meanwhile it is told that the engine is gone, and why, or how far a
 * long start has come.
 * Only our own page, in its window's main frame, is listened to.
 */
import { type IpcMainEvent, ipcMain, MessageChannelMain, type WebContents } from 'electron';
import { channels } from './channels.ts';
import type { EngineHost, EngineState } from './engine-host.ts';
import { isPageAddress } from './page-protocol.ts';

const isFromOurPage = ({ senderFrame }: IpcMainEvent): boolean =>
  senderFrame !== null && senderFrame.parent === null && isPageAddress(senderFrame.url);

/** Starts to listen to pages, and to watch the engine for them. */
export function linkPages(engineHost: EngineHost): void {
  const readyPages = new Set<WebContents>();

  const connect = (page: WebContents): void => {
    const { port1, port2 } = new MessageChannelMain();
    engineHost.connect(port1);
    page.postMessage(channels.enginePort, null, [port2]);
  };

  const tell = (page: WebContents, engine: EngineState): void => {
    switch (engine.state) {
      case 'starting':
        if (engine.progress !== null) page.send(channels.engineStarting, engine.progress);
        break;
      case 'gone':
        page.send(channels.engineGone, engine.message);
        break;
      case 'running':
        connect(page);
    }
  };

  ipcMain.on(channels.pageReady, (event) => {
    if (!isFromOurPage(event)) return;
    const page = event.sender;
    if (!readyPages.has(page)) {
      readyPages.add(page);
      page.once('destroyed', () => readyPages.delete(page));
    }
    tell(page, engineHost.state());
  });

  engineHost.watch((engine) => {
    for (const page of readyPages) tell(page, engine);
  });
}
