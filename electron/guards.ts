/**
 * What a page may never do, whatever runs in it: leave our origin, open windows, embed other pages, use the machine's
 * devices, or reach the network. A bench for mail shows hostile mail, so each door is shut by itself.
 */
import { type Session, session, type WebContents } from 'electron';
import { isPageAddress, pageOrigin } from './page-protocol.ts';

/** The one permission that is needed: every fact on the pages can be copied. */
const copying = 'clipboard-sanitized-write';

/** The address of a frame whose document the page itself wrote: a mail's HTML part. */
const inlineDocument = 'about:srcdoc';

/** Everything that leads off the machine or into its files. */
const elsewhere = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*'];

/** Guards one page (or any other content Electron creates) against leading elsewhere. */
export function guardContents(contents: WebContents): void {
  const refuseOtherPages = (event: { url: string; preventDefault(): void }) => {
    if (!isPageAddress(event.url)) event.preventDefault();
  };
  const refuseOtherFrames = (event: { url: string; isMainFrame: boolean; preventDefault(): void }) => {
    if (event.isMainFrame || event.url !== inlineDocument) refuseOtherPages(event);
  };
  contents.on('will-navigate', refuseOtherPages);
  contents.on('will-redirect', refuseOtherPages);
  contents.on('will-frame-navigate', refuseOtherFrames);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Guards the session all pages share: permissions, devices, the network, and downloads but for what a page made itself. */
export function guardSession(guarded: Session = session.defaultSession): void {
  guarded.setPermissionRequestHandler((contents, permission, answer) =>
    answer(permission === copying && isPageAddress(contents.getURL())),
  );
  guarded.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === copying && isPageAddress(origin),
  );
  guarded.setDevicePermissionHandler(() => false);
  guarded.webRequest.onBeforeRequest({ urls: elsewhere }, (_details, answer) => answer({ cancel: true }));
  guarded.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${pageOrigin}/`)) event.preventDefault();
  });
}
