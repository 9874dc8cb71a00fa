/**
 * Listed addresses and CIDR ranges: read once, compared by bytes (SET-4). IPv4 and IPv6 in every usual form are the
 * same address; host bits, wide ranges and malformed input are typed problems that name the fix.
 */
import ipaddr from 'ipaddr.js';
import type { IpRange } from './types.ts';

/** The largest range that can be listed, in addresses (SET-4). */
export const maxRangeAddresses = 65_536;
/** A range above this many addresses gets a warning: as narrow as possible is safer (SET-4). [ours] */
export const wideRangeAddresses = 256;

type Parsed = Pick<IpRange, 'family' | 'network' | 'prefixLength'>;

export type RangeProblem = { readonly message: string; readonly fix: string };

export type RangeReading =
  | ({ readonly outcome: 'range' } & Parsed)
  | { readonly outcome: 'problem'; readonly problem: RangeProblem };

/** Reads an address or a CIDR range as an administrator writes it. */
export function readRange(text: string): RangeReading {
  const trimmed = text.trim();
  const [addressText = '', prefixText, ...more] = trimmed.split('/');
  if (more.length > 0 || !isWrittenInFull(addressText))
    return problem(`"${text}" is no IP address`, addressFix);
  const address = ipaddr.process(addressText);
  const bits = address.kind() === 'ipv4' ? 32 : 128;
  const prefixLength = prefixText === undefined ? bits : readPrefix(prefixText, bits);
  if (prefixLength === null) {
    return problem(
      `"${text}" has no valid prefix length`,
      `write a whole number from 0 to ${bits} behind the slash`,
    );
  }
  const addresses = 2 ** (bits - prefixLength);
  if (addresses > maxRangeAddresses) {
    const narrowest = bits - Math.log2(maxRangeAddresses);
    return problem(
      `"${text}" holds more than ${maxRangeAddresses.toLocaleString('en')} addresses, the most a range may hold`,
      `use a prefix of /${narrowest} or longer, or list several ranges`,
    );
  }
  const bytes = address.toByteArray();
  const network = maskBytes(bytes, prefixLength);
  if (!bytes.every((byte, index) => byte === network[index])) {
    const fixed = `${ipaddr.fromByteArray([...network]).toString()}/${prefixLength}`;
    return problem(
      `"${text}" names a host inside the range, not the range's first address`,
      `write ${fixed}`,
    );
  }
  return { outcome: 'range', family: bits === 32 ? 4 : 6, network: Uint8Array.from(network), prefixLength };
}

/** Whether an address lies in the range. An IPv4 address in IPv6 clothes is IPv4. False for text that is no address. */
export function rangeHolds(range: Parsed, addressBytes: readonly number[]): boolean {
  if (addressBytes.length !== range.network.length) return false;
  const wholeBytes = range.prefixLength >> 3;
  for (let index = 0; index < wholeBytes; index++) {
    if (addressBytes[index] !== range.network[index]) return false;
  }
  const restBits = range.prefixLength & 7;
  if (restBits === 0) return true;
  const mask = (0xff << (8 - restBits)) & 0xff;
  return ((addressBytes[wholeBytes] ?? 0) & mask) === range.network[wholeBytes];
}

/** The address that was read last: mostly the next message comes from it too. */
let newest: { readonly text: string; readonly bytes: readonly number[] } = { text: '', bytes: [] };

/** An address's bytes, 4 or 16, IPv4-mapped ones as IPv4; empty where the text is no address. */
export function addressBytes(text: string): readonly number[] {
  if (newest.text !== text) {
    newest = { text, bytes: ipaddr.isValid(text) ? ipaddr.process(text).toByteArray() : [] };
  }
  return newest.bytes;
}

/** How many addresses a range holds. */
export function rangeSize(range: Parsed): number {
  return 2 ** ((range.family === 4 ? 32 : 128) - range.prefixLength);
}

/** Whether the range lies in space that never reaches the relay from the internet: the page asks for the public address (SET-4). */
export function isPrivateRange(range: Parsed): boolean {
  const kind = ipaddr.fromByteArray([...range.network]).range();
  return ['private', 'uniqueLocal', 'linkLocal', 'loopback', 'carrierGradeNat', 'unspecified'].includes(kind);
}

const addressFix = 'write an IPv4 or IPv6 address, or a range such as 203.0.113.0/28';

function problem(message: string, fix: string): RangeReading {
  return { outcome: 'problem', problem: { message, fix } };
}

/** Four decimal numbers, or IPv6; never the short and octal forms that mean another address than one thinks. */
function isWrittenInFull(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (ipaddr.IPv6.isValid(text) && !text.includes('%'));
}

function readPrefix(text: string, bits: number): number | null {
  if (!/^\d{1,3}$/.test(text)) return null;
  const value = Number(text);
  return value <= bits ? value : null;
}

function maskBytes(bytes: readonly number[], prefixLength: number): readonly number[] {
  return bytes.map((byte, index) => {
    const keep = Math.min(8, Math.max(0, prefixLength - index * 8));
    return byte & ((0xff << (8 - keep)) & 0xff);
  });
}
