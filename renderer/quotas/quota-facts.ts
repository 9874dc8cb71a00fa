/** The sentences under the quotas, with this organisation's own numbers. Pure. Sources: ORG-5, CQ-6, CQ-7, UQ-4. */
import type { QuotaWindowState, Status } from '../../relay-core/contract/index.ts';
import { count, figure } from '../design/figures.ts';

export type QuotaFact = { rule: string; text: string };

const dayLimit = (windows: readonly QuotaWindowState[]): QuotaWindowState | undefined =>
  windows.find(({ window }) => window === 'customer-recipients-day');

/** UQ-1's ceiling, and the licences from which 130 recipients each reach it (CQ-7). */
const messagesPerUser = 10_000;
const perLicence = 130;
export const licencesForUserLimit = Math.ceil(messagesPerUser / perLicence);

const whichFirst = ({ profile, licences }: Status, day: QuotaWindowState | undefined): string => {
  const order = 'The customer’s ten minutes are asked first, then the customer’s day, then the user.';
  if (profile !== 'g-suite' || day?.limitSource.kind !== 'licences') return order;
  const users = `A user’s unique recipients (130 × licences) are never the first to run out, and a user’s ${figure(messagesPerUser)} messages only from ${licencesForUserLimit} licences on`;
  const here =
    licences >= licencesForUserLimit
      ? `with ${count(licences, 'licence')} that can be met here`
      : `with ${count(licences, 'licence')} 550 5.4.5 shows only with limits of your own in the bench file`;
  return `${order} ${users}: ${here}.`;
};

/** The facts for this organisation, each with the rule it stands on. */
export const quotaFacts = (status: Status, windows: readonly QuotaWindowState[]): QuotaFact[] => [
  {
    rule: 'ORG-5',
    text: 'Gmail’s own sending limits per user are counted apart: relayed mail never uses them up, and the other way round.',
  },
  {
    rule: 'CQ-6',
    text: 'When the customer’s limit is reached, every sender is stopped, registered or not, with the customer’s reply.',
  },
  { rule: 'CQ-7', text: whichFirst(status, dayLimit(windows)) },
  {
    rule: 'UQ-4',
    text: 'A user’s windows count by the envelope sender, and only for registered users; From, Reply-To and AUTH are not looked at.',
  },
];
