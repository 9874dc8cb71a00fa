/**
 * Chromium's targets as the stand-in's windows use them: made, attached to, and closed when nobody allowed them.
 */
import type { CdpConnection, CdpSession, Fields } from './cdp.ts';

let connection: CdpConnection | null = null;
const opened = new Map<string, (targetId: string, url: string) => boolean>();

/** Called once, when Chromium runs. */
export function setConnection(chromium: CdpConnection): void {
  connection = chromium;
  chromium.on('Target.targetCreated', ({ targetInfo }: Fields) => {
    const allow = targetInfo.type === 'page' ? opened.get(targetInfo.openerId) : undefined;
    if (allow?.(targetInfo.targetId, targetInfo.url) === false) {
      void chromium.send('Target.closeTarget', { targetId: targetInfo.targetId });
    }
  });
}

function chromium(): CdpConnection {
  if (connection === null) throw new Error('Cannot create BrowserWindow before app is ready');
  return connection;
}

export const toBrowser = (method: string, params?: Fields): Promise<Fields> =>
  chromium().send(method, params);

/** Decides about windows that the page of this target opens. */
export function onOpened(targetId: string, allow: (targetId: string, url: string) => boolean): void {
  opened.set(targetId, allow);
}

/** A new, empty window of Chromium's, and the session that steers it. */
export async function createTarget(size: {
  width: number;
  height: number;
}): Promise<{ targetId: string; session: CdpSession }> {
  const { targetId } = await toBrowser('Target.createTarget', {
    url: 'about:blank',
    newWindow: true,
    ...size,
  });
  const { sessionId } = await toBrowser('Target.attachToTarget', { targetId, flatten: true });
  return { targetId, session: chromium().session(sessionId) };
}
