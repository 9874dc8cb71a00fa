/**
 * Chromium's targets as the stand-in's windows use them: made and attached to.
 */
import type { CdpConnection, CdpSession, Fields } from './cdp.ts';

let connection: CdpConnection | null = null;

/** Called once, when Chromium runs. */
export function setConnection(chromium: CdpConnection): void {
  connection = chromium;
}

function chromium(): CdpConnection {
  if (connection === null) throw new Error('Cannot create BrowserWindow before app is ready');
  return connection;
}

export const toBrowser = (method: string, params?: Fields): Promise<Fields> =>
  chromium().send(method, params);

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
