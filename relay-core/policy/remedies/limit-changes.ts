/** Limits that could be higher: more licences, the invoice paid, a value of the bench file raised. */

import type { PatchOperation } from '../../contract/remedies.ts';
import { overrideKey, quotaLimits } from '../../quota/limits.ts';
import type { QuotaLimits, QuotaWindow } from '../../quota/types.ts';
import { demandOf } from '../demand.ts';
import { figures } from '../figures.ts';
import type { Configuration, LimitOrigin } from '../types.ts';
import type { Candidate } from './candidate.ts';
import type { Outlook, Situation } from './situation.ts';

/** The bench file's bounds for these values. */
const mostLicences = 10_000_000;
const mostMessageBytes = 157_286_400;
const mostRecipients = 10_000;

export function limitChanges(situation: Situation, outlook: Outlook): Candidate[] {
  return [...quotaChanges(situation, outlook), ...raiseCeiling(situation), ...raiseSize(situation)];
}

function candidate(
  kind: string,
  text: string,
  change: PatchOperation,
  configure: (configuration: Configuration) => Configuration,
): Candidate {
  return {
    kind,
    side: 'settings',
    text,
    change: [change],
    apply: (situation) => ({ ...situation, configuration: configure(situation.configuration) }),
  };
}

function quotaChanges(situation: Situation, outlook: Outlook): Candidate[] {
  const { stage, envelope, configuration, at } = situation;
  if (stage !== 'data') return [];
  const { limitOrigin } = configuration;
  const needed = outlook
    .forecast(demandOf(envelope, configuration), at)
    .map(({ window, used, reserved, wanted }) => ({ window, places: used + reserved + wanted }))
    .filter(({ window, places }) => places > configuration.quotaLimits[window].value);
  return needed.length === 0
    ? []
    : [
        ...payInvoice(configuration),
        ...moreLicences(limitOrigin, needed),
        ...needed.flatMap(({ window, places }) => raiseOverride(limitOrigin, window, places)),
      ];
}

function withOrigin(
  change: (origin: LimitOrigin) => LimitOrigin,
): (configuration: Configuration) => Configuration {
  return (configuration) => {
    const limitOrigin = change(configuration.limitOrigin);
    return { ...configuration, limitOrigin, quotaLimits: limitsFrom(limitOrigin) };
  };
}

function limitsFrom({ licences, billing, profile, overrides }: LimitOrigin): QuotaLimits {
  return quotaLimits({ licences, billing }, profile, overrides);
}

function payInvoice({ limitOrigin }: Configuration): Candidate[] {
  return limitOrigin.billing === 'paid'
    ? []
    : [
        candidate(
          'billing',
          'Pay the invoice: that raises the relay limits.',
          { op: 'add', path: '/customer/billing', value: 'paid' },
          withOrigin((each) => ({ ...each, billing: 'paid' })),
        ),
      ];
}

interface Needed {
  readonly window: QuotaWindow;
  readonly places: number;
}

/** The fewest licences with which every window that is short has room; none where licences do not help. */
function moreLicences(origin: LimitOrigin, needed: readonly Needed[]): Candidate[] {
  const suffices = (licences: number) => {
    const limits = limitsFrom({ ...origin, licences });
    return needed.every(({ window, places }) => limits[window].value >= places);
  };
  if (!suffices(mostLicences)) return [];
  let [low, high] = [origin.licences, mostLicences];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (suffices(middle)) high = middle;
    else low = middle;
  }
  return [
    candidate(
      'licences',
      `Have ${figures(high)} licences or more instead of ${figures(origin.licences)}: the limits grow with them.`,
      { op: 'add', path: '/customer/licences', value: high },
      withOrigin((each) => ({ ...each, licences: high })),
    ),
  ];
}

/** Only a limit that the bench file itself set: the service's own limits are not the administrator's to raise. */
function raiseOverride(origin: LimitOrigin, window: QuotaWindow, places: number): Candidate[] {
  const key = overrideKey[window];
  return origin.overrides[key] === undefined
    ? []
    : [
        candidate(
          `limit-${window}`,
          `Raise limits.${key} of the bench file to ${figures(places)} or more.`,
          { op: 'add', path: `/limits/${key}`, value: places },
          withOrigin((each) => ({ ...each, overrides: { ...each.overrides, [key]: places } })),
        ),
      ];
}

/** As with quotas, only where the bench file set it. */
function raiseCeiling({ stage, envelope, configuration }: Situation): Candidate[] {
  const wanted = envelope.forwardPaths.length + 1;
  return stage !== 'rcpt' ||
    wanted > mostRecipients ||
    configuration.limitOrigin.recipientsPerTransaction === undefined
    ? []
    : [
        candidate(
          'ceiling',
          `Raise limits.recipientsPerTransaction of the bench file to ${figures(wanted)} or more.`,
          { op: 'add', path: '/limits/recipientsPerTransaction', value: wanted },
          (each) => ({ ...each, recipientsPerTransaction: wanted }),
        ),
      ];
}

function raiseSize({ stage, declaredBytes, messageBytes, configuration }: Situation): Candidate[] {
  const size = stage === 'end-of-data' ? messageBytes : (declaredBytes ?? 0);
  const applies = stage === 'end-of-data' || stage === 'mail';
  return !applies || size > mostMessageBytes || configuration.limitOrigin.messageBytes === undefined
    ? []
    : [
        candidate(
          'message-bytes',
          `Raise limits.messageBytes of the bench file to ${figures(size)} or more.`,
          { op: 'add', path: '/limits/messageBytes', value: size },
          (each) => ({ ...each, messageBytes: size }),
        ),
      ];
}
