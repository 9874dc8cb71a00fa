/**
 * Answers what pages ask for: a handled scheme by the app's own handler, documents after the question whether the page
 * may go there, everything else as the session's `onBeforeRequest` says.
 */
import { toReal } from './addresses.ts';
import type { CdpSession, Fields } from './cdp.ts';
import { protocolHandler } from './protocol.ts';
import { isCancelled } from './session.ts';

type MayNavigate = (request: { url: string; frameId: string }) => boolean;

async function fulfil(session: CdpSession, requestId: string, response: Response): Promise<void> {
  await session.send('Fetch.fulfillRequest', {
    requestId,
    responseCode: response.status,
    responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
    body: Buffer.from(await response.arrayBuffer()).toString('base64'),
  });
}

async function answer(
  session: CdpSession,
  { requestId, request, resourceType, frameId }: Fields,
  mayNavigate: MayNavigate,
) {
  const url = toReal(request.url);
  const fail = (errorReason: string) => session.send('Fetch.failRequest', { requestId, errorReason });
  if (resourceType === 'Document' && !mayNavigate({ url: request.url, frameId })) return fail('Aborted');
  const handler = protocolHandler(new URL(url).protocol);
  if (handler) return fulfil(session, requestId, await handler(new Request(url, { method: request.method })));
  if (await isCancelled(url)) return fail('BlockedByClient');
  return session.send('Fetch.continueRequest', { requestId });
}

/** Takes over all requests of one page. */
export async function answerRequests(session: CdpSession, mayNavigate: MayNavigate): Promise<void> {
  session.on('Fetch.requestPaused', (paused) => {
    // A page that is closed meanwhile wants no answer.
    answer(session, paused, mayNavigate).catch(() => undefined);
  });
  await session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
}
