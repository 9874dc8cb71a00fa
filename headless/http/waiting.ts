/** What is answered while a long start goes on: how far it has come, to people and to programs alike. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendError } from './errors.ts';
import { sendNotice } from './notices.ts';
import { refusalOf } from './refusals.ts';
import { setSecurityHeaders } from './security-headers.ts';
import type { HttpAddress } from './types.ts';

export interface Waiting {
  readonly address: HttpAddress;
  /** How far the start has come, in one sentence. */
  readonly progress: () => string;
}

/** Seconds until a page that waits asks again, by the same address: the token in it lets the person in. */
const askAgainSeconds = 1;

/** 503, whatever was asked. No token is needed: it tells nothing of what is kept. */
export function answerWaiting(
  request: IncomingMessage,
  response: ServerResponse,
  { address, progress }: Waiting,
): void {
  setSecurityHeaders(response);
  const refusal = refusalOf(request, address);
  if (refusal !== null) {
    sendError(response, 403, refusal);
    return;
  }
  response.setHeader('retry-after', askAgainSeconds);
  response.setHeader('refresh', askAgainSeconds);
  const body = {
    code: 'STARTING',
    message: 'Relay Bench is starting.',
    hint: progress(),
  };
  sendNotice(request, response, 503, body);
}
