/**
 * The bench file's keys: one YAML file that defines a rehearsal (customer, users, settings, listeners, profile).
 * Every key with its default and what it does; the JSON Schema that editors use is generated from here
 * (`npm run schema`). What keys mean together is checked in `meaning.ts`.
 */
import { z } from 'zod';

const oneLine = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}]*$/u, 'must be one line of text');

const port = (standsFor: number) =>
  z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .describe(`Port that stands for ${standsFor} of the real service. 0 means any free one.`);

const positive = (unit: string, what: string) =>
  z.number().int().min(1).max(1_000_000_000_000).describe(`${what} (${unit}).`);

const secret = z.string().min(1).max(4_096);
const secretHash = z
  .string()
  .max(512)
  .regex(
    /^\$scrypt\$ln=\d{1,2},r=\d{1,2},p=\d{1,2}\$[\w+/-]+\$[\w+/-]+$/,
    'must be a hash as this program writes it ($scrypt$…)',
  );

const unitPath = z
  .string()
  .max(1_000)
  .regex(/^\/[^\p{Cc}]*$/u, 'must be a path that begins with a slash, such as /Sales');

const organisationalUnit = z.strictObject({
  path: unitPath.describe('Path such as /Sales.'),
  mailStorage: z
    .boolean()
    .optional()
    .describe('Comprehensive mail storage for this unit; absent: as the unit above.'),
});

export const customerSchema = z.strictObject({
  name: oneLine(200).describe('Name of the organisation.'),
  primaryDomain: oneLine(253).describe('The primary domain (ORG-1).'),
  domains: z
    .array(oneLine(253))
    .max(2_000)
    .default([])
    .describe('Secondary domains; subdomains belong by themselves (ORG-1).'),
  domainAliases: z
    .array(oneLine(253))
    .max(500)
    .default([])
    .describe('Domains in which each user of the primary domain has the same local part (ORG-1).'),
  licences: z
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .default(100)
    .describe('User licences; limits grow with them (ORG-2).'),
  edition: z
    .enum(['basic', 'legacy'])
    .default('basic')
    .describe('The legacy edition has no relay service (ORG-6).'),
  billing: z
    .enum(['trial', 'unpaid', 'paid'])
    .default('paid')
    .describe('Billing state; it changes the limits (ORG-3, CQ-5).'),
  superAdmin: oneLine(320)
    .optional()
    .describe('Receives alerts; an address of the customer’s, never one at gmail.com (ORG-2).'),
  mailStorage: z.boolean().default(false).describe('Comprehensive mail storage (STO-1).'),
  vault: z.boolean().default(false).describe('Whether Vault is used (STO-1).'),
  organisationalUnits: z
    .array(
      z.union([
        unitPath.transform((path): z.output<typeof organisationalUnit> => ({ path })),
        organisationalUnit,
      ]),
    )
    .max(5_000)
    .default([])
    .describe('Organisational units, by path or with a value of their own for mailStorage (ORG-4).'),
});

export const userSchema = z.strictObject({
  address: oneLine(320).describe('The user’s main address.'),
  aliases: z.array(oneLine(320)).max(100).default([]).describe('Further addresses of the user (SND-1).'),
  suspended: z
    .boolean()
    .default(false)
    .describe('A suspended user cannot send or authenticate (SND-5, AUT-6).'),
  organisationalUnit: unitPath.default('/').describe('The unit the user is in.'),
  password: secret.optional().describe('For SMTP AUTH; replaced by its hash when the file is loaded.'),
  passwordHash: secretHash.optional().describe('Hash of the password, written by this program.'),
  accessToken: secret
    .optional()
    .describe('For XOAUTH2 and OAUTHBEARER; replaced by its hash when the file is loaded.'),
  accessTokenHash: secretHash.optional().describe('Hash of the access token, written by this program.'),
});

export const ipRangeSchema = z.strictObject({
  description: z.string().max(200).default('').describe('What this address is.'),
  range: oneLine(100).describe('An address or a CIDR range of at most 65,536 addresses (SET-4).'),
  enabled: z.boolean().default(true).describe('Switches the entry off without deleting it (SET-4).'),
});

export const relaySettingSchema = z.strictObject({
  description: z.string().max(200).default('').describe('Name of the setting (SET-1).'),
  enabled: z.boolean().default(true).describe('Switches the whole setting on or off.'),
  allowedSenders: z
    .enum(['registered-users', 'domain-addresses', 'any'])
    .default('registered-users')
    .describe('Who may send: registered users, any address in the customer’s domains, or anybody (SET-2).'),
  authentication: z
    .strictObject({
      ipRanges: z
        .array(ipRangeSchema)
        .max(5_000)
        .optional()
        .describe('Accept mail only from these addresses. Absent: the box is not ticked (AUT-1).'),
      smtpAuth: z.boolean().default(false).describe('Require SMTP authentication (AUT-2).'),
    })
    .describe('One or both of: listed addresses, SMTP authentication (SET-3).'),
  requireTls: z.boolean().default(false).describe('Refuse what is not encrypted (SET-5).'),
});

export const listenersSchema = z.strictObject({
  host: oneLine(255)
    .default('127.0.0.1')
    .describe('Address to listen on. Beyond loopback other machines can reach the engine.'),
  relay: port(25).default(2525),
  smtps: port(465).default(4465),
  submission: port(587).default(5587),
  proxy: port(25)
    .nullable()
    .default(null)
    .describe('Port of a relay listener behind PROXY v1, or null for none.'),
});

export const limitsSchema = z.strictObject({
  userMessagesPerDay: positive('messages', 'Messages a user may send in 24 hours (UQ-1)').optional(),
  userUniqueRecipientsPerDay: positive(
    'recipients',
    'Unique recipients a user may write to in 24 hours (UQ-2)',
  ).optional(),
  customerRecipientsPerDay: positive(
    'recipients',
    'Recipients of the whole customer in 24 hours (CQ-1)',
  ).optional(),
  customerRecipientsPerTenMinutes: positive(
    'recipients',
    'Recipients of the whole customer in 10 minutes (CQ-2)',
  ).optional(),
  recipientsPerTransaction: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('Recipients in one transaction (ENV-4).'),
  messageBytes: z
    .number()
    .int()
    .min(1_024)
    .max(157_286_400)
    .optional()
    .describe('Largest message in bytes as sent; announced by EHLO.'),
  genericHeloPerMinute: positive(
    'connections',
    'Connections a minute for each generic HELO name (HEL-3)',
  ).optional(),
  connectionsPerMinute: positive(
    'connections',
    'Connections a minute for each client address (HEL-3)',
  ).optional(),
  connectionsAtOnce: positive(
    'connections',
    'Connections at once for each client address (HEL-3)',
  ).optional(),
});

const scanner = z
  .strictObject({
    host: oneLine(255),
    port: z.number().int().min(1).max(65_535),
    timeoutMs: z.number().int().min(1).max(600_000).default(10_000),
  })
  .nullable()
  .default(null);

export const filteringSchema = z.strictObject({
  spamassassin: scanner.describe('A spamd to ask, or null (FIL-3).'),
  clamav: scanner.describe('A clamd to ask, or null (FIL-3).'),
  whenScannerFails: z
    .enum(['defer', 'pass'])
    .default('defer')
    .describe('What happens to a message when a scanner does not answer (FIL-3).'),
  compliance: z
    .array(
      z.strictObject({
        description: z.string().max(200).default('').describe('Name of the rule, shown in the trace.'),
        match: z
          .enum(['subject', 'body', 'attachment-type'])
          .describe(
            'What is looked at; attachment-type: the file name and the media type, as "name (type)".',
          ),
        pattern: oneLine(1_000).describe(
          'Regular expression in RE2 syntax; case counts in subject and body unless it begins with (?i).',
        ),
        action: z.enum(['reject', 'footer']).describe('Reject the message, or append the footer.'),
        footer: z.string().max(10_000).optional().describe('Plain text that is appended to the body.'),
      }),
    )
    .max(500)
    .default([])
    .describe('Content rules of the administrator (FIL-2).'),
});

export const benchFileSchema = z.strictObject({
  customer: customerSchema,
  users: z.array(userSchema).max(100_000).describe('Registered users (ORG-2).'),
  settings: z
    .array(relaySettingSchema)
    .max(500)
    .describe('Relay settings, tried in their order (SET-1, SET-8).'),
  propagationMinutes: z
    .number()
    .int()
    .min(0)
    .max(60)
    .default(0)
    .describe(
      'Minutes until a saved change of customer, users, settings or content rules decides (SET-6); all else holds at once.',
    ),
  listeners: listenersSchema.prefault({}),
  profile: z.enum(['g-suite', 'workspace']).default('g-suite').describe('Wording, limits and thresholds.'),
  submissionPortsNeedAuth: z
    .boolean()
    .optional()
    .describe('Whether 465 and 587 need SMTP AUTH; the profile decides when absent (AUT-4).'),
  refuseGenericHelo: z
    .enum(['always', 'rate', 'never'])
    .default('rate')
    .describe('When generic HELO names are refused (HEL-3).'),
  limits: limitsSchema.prefault({}).describe('Each overrides the profile.'),
  filtering: filteringSchema.prefault({}),
  store: z
    .strictObject({
      synchronous: z
        .enum(['normal', 'full'])
        .default('normal')
        .describe('normal survives a killed process, full a power cut as well.'),
    })
    .prefault({}),
});

/** A bench file after defaults. */
export type BenchFile = z.output<typeof benchFileSchema>;
