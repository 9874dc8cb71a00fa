/** From a bench file to the form the policy reads: domains and addresses in comparison form, ranges parsed, limits worked out. */
import { addressKey, mailDomain } from '../organisation/mail-domain.ts';
import { indexUsers } from '../organisation/organisation.ts';
import type { MailDomain, Organisation, SecretHash, User } from '../organisation/types.ts';
import type { Configuration } from '../policy/types.ts';
import { quotaLimits } from '../quota/limits.ts';
import { profiles } from '../quota/profiles.ts';
import type { ComplianceRule, Filtering } from '../settings/filtering.ts';
import { readRange } from '../settings/ip-range.ts';
import type { IpRange, RelaySetting } from '../settings/types.ts';
import type { BenchFile } from './schema.ts';

/** @param file a bench file that was read without problems, its secrets hashed */
export function configurationOf(file: BenchFile): Configuration {
  const { customer, limits } = file;
  const profile = profiles[file.profile];
  return {
    organisation: organisationOf(file),
    settings: file.settings.map(settingOf),
    profile: file.profile,
    submissionPortsNeedAuth: file.submissionPortsNeedAuth ?? profile.submissionPortsNeedAuth.value,
    refuseGenericHelo: file.refuseGenericHelo,
    connectionThresholds: {
      genericHeloPerMinute: limits.genericHeloPerMinute ?? profile.genericHeloPerMinute.value,
      connectionsPerMinute: limits.connectionsPerMinute ?? profile.connectionsPerMinute.value,
      connectionsAtOnce: limits.connectionsAtOnce ?? profile.connectionsAtOnce.value,
    },
    quotaLimits: quotaLimits(
      { licences: customer.licences, billing: customer.billing },
      file.profile,
      limits,
    ),
    limitOrigin: {
      licences: customer.licences,
      billing: customer.billing,
      profile: file.profile,
      overrides: limits,
      recipientsPerTransaction: limits.recipientsPerTransaction,
      messageBytes: limits.messageBytes,
    },
    recipientsPerTransaction: limits.recipientsPerTransaction ?? profile.recipientsPerTransaction.value,
    messageBytes: limits.messageBytes ?? profile.messageBytes.value,
    filtering: filteringOf(file),
  };
}

function organisationOf({ customer, users }: BenchFile): Organisation {
  const primaryDomain = readDomain(customer.primaryDomain);
  const domainAliases = new Set(customer.domainAliases.map(readDomain));
  const registered = users.map(userOf);
  return {
    name: customer.name,
    primaryDomain,
    domains: new Set([primaryDomain, ...customer.domains.map(readDomain)]),
    domainAliases,
    licences: customer.licences,
    edition: customer.edition,
    billing: customer.billing,
    superAdmin: customer.superAdmin ?? null,
    mailStorage: customer.mailStorage,
    vault: customer.vault,
    unitsByPath: new Map(
      customer.organisationalUnits.map(({ path, mailStorage }) => [
        path,
        { path, mailStorage: mailStorage ?? null },
      ]),
    ),
    users: registered,
    usersByAddress: indexUsers(registered, primaryDomain, domainAliases),
  };
}

function userOf(user: BenchFile['users'][number]): User {
  return {
    address: user.address,
    key: addressKey(user.address),
    aliases: user.aliases.map(addressKey),
    suspended: user.suspended,
    passwordHash: hashOrNull(user.passwordHash),
    accessTokenHash: hashOrNull(user.accessTokenHash),
    organisationalUnit: user.organisationalUnit,
  };
}

/** The schema has checked the hash's form. */
function hashOrNull(text: string | undefined): SecretHash | null {
  return text === undefined ? null : (text as SecretHash);
}

function settingOf(setting: BenchFile['settings'][number], index: number): RelaySetting {
  const { ipRanges, smtpAuth } = setting.authentication;
  return {
    index,
    description: setting.description,
    enabled: setting.enabled,
    allowedSenders: setting.allowedSenders,
    authentication: { ipRanges: ipRanges === undefined ? null : ipRanges.map(rangeOf), smtpAuth },
    requireTls: setting.requireTls,
  };
}

function rangeOf({
  description,
  range,
  enabled,
}: {
  description: string;
  range: string;
  enabled: boolean;
}): IpRange {
  const reading = readRange(range);
  if (reading.outcome === 'problem') throw new Error(`the range ${range} was checked when the file was read`);
  const { family, network, prefixLength } = reading;
  return { description, range, enabled, family, network, prefixLength };
}

function filteringOf({ filtering }: BenchFile): Filtering {
  return { ...filtering, compliance: filtering.compliance.map(complianceRuleOf) };
}

function complianceRuleOf({
  description,
  match,
  pattern,
  action,
  footer = '',
}: BenchFile['filtering']['compliance'][number]): ComplianceRule {
  const follows = action === 'reject' ? { kind: action } : { kind: action, footer };
  return { description, match, pattern, action: follows };
}

function readDomain(text: string): MailDomain {
  const domain = mailDomain(text);
  if (domain === null) throw new Error(`the domain ${text} was checked when the file was read`);
  return domain;
}
