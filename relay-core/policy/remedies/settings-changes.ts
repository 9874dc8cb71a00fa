/** What the administrator could change, each as a change to the bench file (RFC 6902) and to the configuration it gives. */
import type { PatchOperation } from '../../contract/remedies.ts';
import { addressKey, addressParts, mailDomain } from '../../organisation/mail-domain.ts';
import { findUser } from '../../organisation/organisation.ts';
import type { AddressKey, Organisation, User } from '../../organisation/types.ts';
import { addressBytes, rangeHolds, readRange } from '../../settings/ip-range.ts';
import type { IpRange, RelaySetting } from '../../settings/types.ts';
import { nameOf } from '../setting-name.ts';
import { senderOf } from '../standing.ts';
import type { Configuration } from '../types.ts';
import type { Candidate } from './candidate.ts';
import { limitChanges } from './limit-changes.ts';
import type { Outlook, Situation } from './situation.ts';

/** The least intrusive first: what is there and switched off, then one entry more, then wider rules. */
export function settingsChanges(situation: Situation, outlook: Outlook): Candidate[] {
  const { settings } = situation.configuration;
  const each = (make: (setting: RelaySetting, situation: Situation) => Candidate[]) =>
    settings.flatMap((setting) => make(setting, situation));
  return [
    ...each(enableEntry),
    ...each(listAddress),
    ...unsuspendUser(situation),
    ...registerSender(situation),
    ...each(enableSetting),
    ...each((setting) => allowSenders(setting, 'domain-addresses')),
    ...each(doWithoutTls),
    ...each(doWithoutAuthentication),
    ...submissionWithoutAuthentication(situation),
    ...addDomain(situation),
    ...each((setting) => allowSenders(setting, 'any')),
    ...managedAccount(situation),
    ...limitChanges(situation, outlook),
  ];
}

type Details = Pick<Candidate, 'kind' | 'text'> & {
  readonly change: PatchOperation;
  readonly configure: (configuration: Configuration) => Configuration;
};

function settingsCandidate({ kind, text, change, configure }: Details): Candidate {
  return {
    kind,
    side: 'settings',
    text,
    change: [change],
    apply: (situation) => ({ ...situation, configuration: configure(situation.configuration) }),
  };
}

function add(path: string, value: NonNullable<PatchOperation['value']>): PatchOperation {
  return { op: 'add', path, value };
}

/** A change to one relay setting; the others stay. */
function changeSetting(
  { index }: RelaySetting,
  change: (setting: RelaySetting) => RelaySetting,
): Details['configure'] {
  return (configuration) => ({
    ...configuration,
    settings: configuration.settings.map((setting) => (setting.index === index ? change(setting) : setting)),
  });
}

function changeRanges(
  setting: RelaySetting,
  change: (ranges: readonly IpRange[]) => readonly IpRange[],
): Details['configure'] {
  return changeSetting(setting, (each) => ({
    ...each,
    authentication: { ...each.authentication, ipRanges: change(each.authentication.ipRanges ?? []) },
  }));
}

function changeOrganisation(change: (organisation: Organisation) => Organisation): Details['configure'] {
  return (configuration) => ({ ...configuration, organisation: change(configuration.organisation) });
}

function enableEntry(setting: RelaySetting, { session }: Situation): Candidate[] {
  const bytes = addressBytes(session.clientAddress);
  return (setting.authentication.ipRanges ?? []).flatMap((range, entry) =>
    range.enabled || !rangeHolds(range, bytes)
      ? []
      : [
          settingsCandidate({
            kind: 'entry',
            text: `Switch on the entry ${range.range}${range.description === '' ? '' : ` (${range.description})`} of the setting "${nameOf(setting)}".`,
            change: add(`/settings/${setting.index}/authentication/ipRanges/${entry}/enabled`, true),
            configure: changeRanges(setting, (ranges) =>
              ranges.map((each) => (each === range ? { ...each, enabled: true } : each)),
            ),
          }),
        ],
  );
}

function listAddress(setting: RelaySetting, { session }: Situation): Candidate[] {
  const { clientAddress } = session;
  const reading = readRange(clientAddress);
  if (setting.authentication.ipRanges === null || reading.outcome === 'problem') return [];
  const { family, network, prefixLength } = reading;
  const range = { description: '', range: clientAddress, enabled: true, family, network, prefixLength };
  return [
    settingsCandidate({
      kind: 'list',
      text: `List the address ${clientAddress} in the setting "${nameOf(setting)}".`,
      change: add(`/settings/${setting.index}/authentication/ipRanges/-`, { range: clientAddress }),
      configure: changeRanges(setting, (ranges) => [...ranges, range]),
    }),
  ];
}

function enableSetting(setting: RelaySetting): Candidate[] {
  return setting.enabled
    ? []
    : [
        settingsCandidate({
          kind: 'setting',
          text: `Switch on the setting "${nameOf(setting)}".`,
          change: add(`/settings/${setting.index}/enabled`, true),
          configure: changeSetting(setting, (each) => ({ ...each, enabled: true })),
        }),
      ];
}

function allowSenders(setting: RelaySetting, allowedSenders: 'domain-addresses' | 'any'): Candidate[] {
  const wider = { 'registered-users': 0, 'domain-addresses': 1, any: 2 };
  if (wider[setting.allowedSenders] >= wider[allowedSenders]) return [];
  const what =
    allowedSenders === 'any'
      ? 'Allow any sender (not recommended: more open to abuse)'
      : 'Allow any address in your domains as sender, registered or not,';
  return [
    settingsCandidate({
      kind: allowedSenders,
      text: `${what} in the setting "${nameOf(setting)}".`,
      change: add(`/settings/${setting.index}/allowedSenders`, allowedSenders),
      configure: changeSetting(setting, (each) => ({ ...each, allowedSenders })),
    }),
  ];
}

function doWithoutTls(setting: RelaySetting): Candidate[] {
  return setting.requireTls
    ? [
        settingsCandidate({
          kind: 'without-tls',
          text: `Do without required TLS in the setting "${nameOf(setting)}".`,
          change: add(`/settings/${setting.index}/requireTls`, false),
          configure: changeSetting(setting, (each) => ({ ...each, requireTls: false })),
        }),
      ]
    : [];
}

/** Only where listed addresses remain: a setting with neither box cannot be saved (SET-3). */
function doWithoutAuthentication(setting: RelaySetting): Candidate[] {
  const { smtpAuth, ipRanges } = setting.authentication;
  return smtpAuth && ipRanges !== null
    ? [
        settingsCandidate({
          kind: 'without-auth',
          text: `Do without required SMTP authentication in the setting "${nameOf(setting)}"; its listed addresses remain.`,
          change: add(`/settings/${setting.index}/authentication/smtpAuth`, false),
          configure: changeSetting(setting, (each) => ({
            ...each,
            authentication: { ...each.authentication, smtpAuth: false },
          })),
        }),
      ]
    : [];
}

function submissionWithoutAuthentication({ configuration, session }: Situation): Candidate[] {
  return configuration.submissionPortsNeedAuth && session.portRole !== 'relay'
    ? [
        settingsCandidate({
          kind: 'submission',
          text: 'Let ports 465 and 587 take address authentication alone (submissionPortsNeedAuth: false), as the service of today does.',
          change: add('/submissionPortsNeedAuth', false),
          configure: (each) => ({ ...each, submissionPortsNeedAuth: false }),
        }),
      ]
    : [];
}

function registerSender({ configuration, envelope }: Situation): Candidate[] {
  const { reversePath } = envelope;
  if (senderOf(configuration.organisation, reversePath).kind !== 'unregistered') return [];
  const user: User = {
    address: reversePath,
    key: addressKey(reversePath),
    aliases: [],
    suspended: false,
    passwordHash: null,
    accessTokenHash: null,
    organisationalUnit: '/',
  };
  return [
    settingsCandidate({
      kind: 'register',
      text: `Register ${reversePath} as a user (or make it an alias of one).`,
      change: add('/users/-', { address: reversePath }),
      configure: changeOrganisation((each) => withUser(each, user)),
    }),
  ];
}

/** The sender's, or that of the user the client signed in as. */
function unsuspendUser({ configuration, envelope, session }: Situation): Candidate[] {
  const { organisation } = configuration;
  return [...new Set([envelope.reversePath, session.authenticatedAs ?? ''])].flatMap((address) => {
    const user = findUser(organisation, address);
    if (user === null || !user.suspended) return [];
    return [
      settingsCandidate({
        kind: 'unsuspend',
        text: `Lift the suspension of ${user.address}.`,
        change: add(`/users/${organisation.users.indexOf(user)}/suspended`, false),
        configure: changeOrganisation((each) => withUser(each, { ...user, suspended: false })),
      }),
    ];
  });
}

/** One user more, laid over the index: a copy of forty thousand would cost more than all else here. */
function withUser(organisation: Organisation, user: User): Organisation {
  const keys = new Set<AddressKey>([user.key, ...user.aliases]);
  const { usersByAddress } = organisation;
  return {
    ...organisation,
    usersByAddress: { get: (key) => (keys.has(key) ? user : usersByAddress.get(key)) },
  };
}

function addDomain({ configuration, envelope }: Situation): Candidate[] {
  const { organisation } = configuration;
  const domain = mailDomain(addressParts(envelope.reversePath).domain);
  if (
    domain === null ||
    !domain.includes('.') ||
    senderOf(organisation, envelope.reversePath).kind !== 'foreign'
  )
    return [];
  const secondary = [...organisation.domains].filter((each) => each !== organisation.primaryDomain);
  return [
    settingsCandidate({
      kind: 'domain',
      text: `Add ${domain} to the customer's domains, if it is yours.`,
      change: add('/customer/domains', [...secondary, domain]),
      configure: changeOrganisation((each) => ({ ...each, domains: new Set([...each.domains, domain]) })),
    }),
  ];
}

function managedAccount({ configuration }: Situation): Candidate[] {
  return configuration.organisation.edition === 'legacy'
    ? [
        settingsCandidate({
          kind: 'edition',
          text: 'Move to a managed, paid account: the legacy edition has no relay service.',
          change: add('/customer/edition', 'basic'),
          configure: changeOrganisation((each) => ({ ...each, edition: 'basic' })),
        }),
      ]
    : [];
}
