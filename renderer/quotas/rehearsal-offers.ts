/** What the bench file offers for a message that is sent as a user without SMTP authentication. Pure. */
import { parse } from 'yaml';
import { z } from 'zod';
import { comparisonForm, domainForm } from '../api/comparison-form.ts';
import { addressIn } from '../send/suggestions.ts';

export type RehearsalOffers = {
  /** The first user that may send, as written; undefined where there is none. */
  firstSender: string | undefined;
  /** In comparison form. */
  suspended: ReadonlySet<string>;
  /** Addresses from which some setting takes mail without SMTP authentication, in the order of the settings. */
  addresses: readonly string[];
  heloName: string;
};

const rangeSchema = z.object({ range: z.string(), enabled: z.boolean().default(true) });

/** Only what is offered here is read; all else of the file is the engine's. */
const offeredSchema = z.object({
  customer: z.object({ primaryDomain: z.string() }),
  users: z.array(z.object({ address: z.string(), suspended: z.boolean().default(false) })),
  settings: z.array(
    z.object({
      enabled: z.boolean().default(true),
      authentication: z.object({
        ipRanges: z.array(rangeSchema).default([]),
        smtpAuth: z.boolean().default(false),
      }),
    }),
  ),
});

/**
 * @param yaml the bench file that the engine runs by
 * @throws where that is no bench file
 */
export const rehearsalOffers = (yaml: string): RehearsalOffers => {
  const { customer, users, settings } = offeredSchema.parse(parse(yaml));
  const ranges = settings
    .filter(({ enabled, authentication }) => enabled && !authentication.smtpAuth)
    .flatMap(({ authentication }) => authentication.ipRanges.filter(({ enabled }) => enabled));
  return {
    firstSender: users.find(({ suspended }) => !suspended)?.address,
    suspended: new Set(
      users.flatMap(({ address, suspended }) => (suspended ? [comparisonForm(address)] : [])),
    ),
    addresses: [...new Set(ranges.map(({ range }) => addressIn(range)))],
    // A HELO name is ASCII.
    heloName: `mail.${domainForm(customer.primaryDomain)}`,
  };
};
