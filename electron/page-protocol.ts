/**
 * Serves the built pages as `app://ui/`, read-only and with a strict Content-Security-Policy. A scheme of our own gives
 * the page an origin that no web site can have, which `file:` would not.
 */
import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { protocol } from 'electron';
import { pagesFolder } from './paths.ts';

export const pageOrigin = 'app://ui';

/**
 * Scripts come from our files only and nothing is fetched. Inline styles are let in, since the component library and
 * mails under inspection (in a frame without scripts, which inherits this policy) carry them; images in mails, as data.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Must run before the app is ready. */
export function declarePageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Whether an address is one of our own page's. */
export function isPageAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && `${url.protocol}//${url.host}` === pageOrigin;
}

/** The built file an address stands for; nothing when it is not ours, or would lead out of the pages' folder. */
function fileFor(address: string): string | null {
  const url = URL.parse(address);
  if (url === null || !isPageAddress(address)) return null;
  const file = join(pagesFolder, url.pathname === '/' ? 'index.html' : url.pathname);
  return file.startsWith(pagesFolder + sep) ? file : null;
}

async function answer(request: Request): Promise<Response> {
  const file = request.method === 'GET' ? fileFor(request.url) : null;
  const body = file === null ? null : await readFile(file).catch(() => null);
  if (file === null || body === null) return new Response('Not found', { status: 404 });
  return new Response(new Uint8Array(body), {
    headers: {
      'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': contentSecurityPolicy,
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
  });
}

/** Starts to answer for `app://ui/`. */
export function servePages(): void {
  protocol.handle('app', answer);
}
