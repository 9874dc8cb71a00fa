/**
 * What the bench file offers to the form: users to send as, and an address that the relay settings list,
 * so that the first message can pass without a look into the settings. Pure.
 */
import { parse } from 'yaml';
import { z } from 'zod';
import { domainForm } from '../api/comparison-form.ts';

export type Suggestions = {
  senders: string[];
  addresses: string[];
  heloName: string | null;
};

/** Only what is offered here is read; all else of the file is the engine's. */
const offeredSchema = z.object({
  customer: z.object({ primaryDomain: z.string() }),
  users: z.array(z.object({ address: z.string(), suspended: z.boolean().optional() })).default([]),
  settings: z
    .array(
      z.object({
        enabled: z.boolean().optional(),
        authentication: z
          .object({
            ipRanges: z.array(z.object({ range: z.string(), enabled: z.boolean().optional() })).optional(),
          })
          .optional(),
      }),
    )
    .default([]),
});

/** A menu holds no more than people read. */
const most = 200;

/** An address inside a range that a host could have: the one after the network's own for IPv4 ranges of more than two. */
export const addressIn = (range: string): string => {
  const [address = '', prefix] = range.split('/');
  const parts = address.split('.');
  const last = Number(parts[3]);
  if (prefix === undefined || parts.length !== 4 || Number(prefix) > 30 || !Number.isInteger(last))
    return address;
  return [...parts.slice(0, 3), String(last + 1)].join('.');
};

/** Suggestions from the bench file's text; none when it cannot be read. */
export const suggestionsFrom = (yaml: string): Suggestions => {
  const none: Suggestions = { senders: [], addresses: [], heloName: null };
  let read: unknown;
  try {
    read = parse(yaml);
  } catch {
    return none;
  }
  const offered = offeredSchema.safeParse(read);
  if (!offered.success) return none;
  const { customer, users, settings } = offered.data;
  const ranges = settings
    .filter(({ enabled = true }) => enabled)
    .flatMap(({ authentication }) => authentication?.ipRanges ?? [])
    .filter(({ enabled = true }) => enabled);
  return {
    senders: users.flatMap(({ address, suspended = false }) => (suspended ? [] : [address])).slice(0, most),
    addresses: [...new Set(ranges.map(({ range }) => addressIn(range)))].slice(0, most),
    heloName: `mail.${domainForm(customer.primaryDomain)}`,
  };
};
