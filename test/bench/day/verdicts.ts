/** What became of each message, as numbers: the window that refused it, and all four windows' figures as one checksum. */
import type { QuotaWindow } from '../../../relay-core/quota/types.ts';

/** 0 is accepted; else the window that refused, in the order CQ-7 asks them. */
export type Verdict = 0 | 1 | 2 | 3 | 4;

export const refusedBy: Readonly<
  Record<Exclude<Verdict, 0>, { readonly window: QuotaWindow; readonly rule: string }>
> = {
  1: { window: 'customer-recipients-ten-minutes', rule: 'CQ-2' },
  2: { window: 'customer-recipients-day', rule: 'CQ-1' },
  3: { window: 'user-messages-day', rule: 'UQ-1' },
  4: { window: 'user-unique-recipients-day', rule: 'UQ-2' },
};

/** Used, held and wanted of one window, mixed into the checksum of the windows before it. */
export function checksum(before: number, used: number, reserved: number, wanted: number): number {
  let sum = Math.imul(before ^ used, 0x85ebca6b);
  sum = Math.imul(sum ^ (sum >>> 13) ^ reserved, 0xc2b2ae35);
  return (sum ^ (sum >>> 16) ^ Math.imul(wanted, 0x27d4eb2f)) >>> 0;
}

export interface Verdicts {
  readonly verdicts: Uint8Array;
  readonly checksums: Uint32Array;
}

/** How many messages are in flight between DATA and their 250. */
export const inFlight = 8;
