/**
 * The line with which a proxy begins (PROXY protocol, version 1, §2.1): whose address the connection is for.
 */
import { isIP } from 'node:net';

export type ProxyHeader =
  | { readonly outcome: 'claimed'; readonly address: string }
  /** The proxy speaks for itself, or knows no address. */
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'invalid' };

/** Without its line end; the protocol's longest line has 107 bytes with it. */
const maxCharacters = 105;

export function parseProxyHeader(line: string): ProxyHeader {
  if (line.length > maxCharacters) return { outcome: 'invalid' };
  const [word, family, source = '', destination = '', sourcePort = '', destinationPort = '', ...more] =
    line.split(' ');
  if (word !== 'PROXY') return { outcome: 'invalid' };
  if (family === 'UNKNOWN') return { outcome: 'unknown' };
  const version = family === 'TCP4' ? 4 : family === 'TCP6' ? 6 : null;
  const isWhole =
    version !== null &&
    isIP(source) === version &&
    isIP(destination) === version &&
    isPort(sourcePort) &&
    isPort(destinationPort) &&
    more.length === 0;
  return isWhole ? { outcome: 'claimed', address: source } : { outcome: 'invalid' };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}
