/** The relay settings as the administrator's console has them (SET-1 to SET-5). Data only. */

/** A listed address or CIDR range, parsed once (SET-4). */
export interface IpRange {
  readonly description: string;
  /** As written. */
  readonly range: string;
  readonly enabled: boolean;
  /** Network in 16-byte form (IPv4 as IPv4-mapped), for comparison. */
  readonly family: 4 | 6;
  readonly network: Uint8Array;
  readonly prefixLength: number;
}

export type AllowedSenders = 'registered-users' | 'domain-addresses' | 'any';

export interface RelaySetting {
  /** Position in the bench file, from 0: the order in which settings are tried (SET-8). */
  readonly index: number;
  readonly description: string;
  readonly enabled: boolean;
  readonly allowedSenders: AllowedSenders;
  readonly authentication: {
    /** Null: the box is not ticked. */
    readonly ipRanges: readonly IpRange[] | null;
    readonly smtpAuth: boolean;
  };
  readonly requireTls: boolean;
}
