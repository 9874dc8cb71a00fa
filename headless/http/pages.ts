/**
 * Serves the built pages. What can be served is listed once, at the start: a path that is not on the list does not
 * exist, whatever it is made of, so that no path can lead out of the folder.
 */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { pagePolicy } from './security-headers.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Vite puts a hash of the content into the names below this folder. */
const hashedFolder = '/assets/';

const desktopMark = '<meta name="relay-bench-shell" content="desktop"';
const browserMark = '<meta name="relay-bench-shell" content="browser"';

export interface Pages {
  /** Sends a file of the pages. False where there is none by that path, and nothing was sent. */
  send(response: ServerResponse, pathname: string): Promise<boolean>;
}

/** @param folder the built pages; one that is not there serves nothing */
export function createPages(folder: string): Pages {
  const files = listFiles(folder);
  return {
    async send(response, pathname) {
      const path = pathname === '/' ? '/index.html' : pathname;
      const name = files.get(path);
      const content = name === undefined ? null : await readFile(name).catch(() => null);
      if (content === null) return false;
      const extension = extname(path);
      const body = path === '/index.html' ? markForBrowser(content) : content;
      response.setHeader('content-security-policy', pagePolicy);
      response.writeHead(200, {
        'content-type': contentTypes[extension] ?? 'application/octet-stream',
        'content-length': body.length,
        'cache-control': path.startsWith(hashedFolder)
          ? 'private, max-age=31536000, immutable'
          : 'private, no-cache',
      });
      response.end(body);
      return true;
    },
  };
}

function listFiles(folder: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const name = join(entry.parentPath, entry.name);
      if (entry.isFile()) files.set(`/${relative(folder, name).split(sep).join('/')}`, name);
    }
  } catch {
    // Not built: the API works without, and a visitor of the page is told.
  }
  return files;
}

const markForBrowser = (html: Buffer): Buffer =>
  Buffer.from(html.toString('utf8').replace(desktopMark, browserMark), 'utf8');
