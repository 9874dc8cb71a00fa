/** The header fields that every answer carries, and the two Content-Security-Policies: for pages, and for all else. */
import type { ServerResponse } from 'node:http';

/**
 * Scripts come from our files only, and the page talks to this server only. Inline styles are let in, since the
 * component library and mails under inspection (in a frame without scripts, which inherits this policy) carry them.
 */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** For what is no page: should a browser show it all the same, it can do nothing. */
export const inertPolicy =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/** Sets the fields; what answers may still replace the policy and the caching. */
export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader('content-security-policy', inertPolicy);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('cache-control', 'no-store');
}
