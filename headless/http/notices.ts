/** The short pages a person sees in the browser where the app cannot be shown. No scripts, nothing from outside. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ErrorBody, sendError } from './errors.ts';

const noticePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const againLink = '<p><a href="/">Open the page again</a></p>\n';

/** A page that waits comes back by itself, and by its own address. */
const page = ({ message, hint }: ErrorBody, status: number): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Relay Bench</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem }</style>
<h1>Relay Bench</h1>
${[message, ...(hint === undefined ? [] : [hint])].map((text) => `<p>${escapeHtml(text)}</p>`).join('\n')}
${status === 503 ? '' : againLink}</html>
`;

/** Answers a browser with a page, and everything else with the error as JSON. */
export function sendNotice(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: ErrorBody,
): void {
  if (!(request.headers.accept ?? '').includes('text/html')) {
    sendError(response, status, body);
    return;
  }
  const content = page(body, status);
  response.setHeader('content-security-policy', noticePolicy);
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(content),
  });
  response.end(content);
}
