/** What spam from a sender leads to: it is counted, the super administrator is alerted, the sender perhaps suspended (ABU). */
import { type AlertRecord, alertOf } from '../abuse/alert.ts';
import { type SpamSender, type SpamWatch, spamWindow } from '../abuse/spam-watch.ts';
import { addressKey } from '../organisation/mail-domain.ts';
import { findUser } from '../organisation/organisation.ts';
import type { Configuration } from '../policy/types.ts';
import { profiles } from '../quota/profiles.ts';

export interface SpamContext {
  readonly spamWatch: SpamWatch;
  readonly onAlert: (alert: AlertRecord) => void;
}

/** A message that was found to be spam; `at` is engine time. */
export interface SpamMessage {
  readonly reversePath: string;
  readonly clientAddress: string;
  readonly at: number;
}

/** Counts spam of before a restart again; its alerts were raised then, and suspensions are kept with them. */
export function recountSpam(spamWatch: SpamWatch, configuration: Configuration, message: SpamMessage): void {
  const { reversePath, clientAddress, at } = message;
  const thresholds = { ...spamWindow, suspensionMs: null };
  spamWatch.spamFrom(clientSender(clientAddress), at, thresholds);
  spamWatch.spamFrom(spamSender(configuration, reversePath), at, thresholds);
}

/** Counts a spam message under its sender and its client, and raises the alert that is due. */
export function spamSeen(
  { spamWatch, onAlert }: SpamContext,
  configuration: Configuration,
  message: SpamMessage,
): void {
  const { organisation, profile } = configuration;
  const { reversePath, clientAddress, at } = message;
  const sender = spamSender(configuration, reversePath);
  const suspensionMs = profiles[profile].spamSuspensionMs.value;
  spamWatch.spamFrom(clientSender(clientAddress), at, { ...spamWindow, suspensionMs: null });
  const consequence = spamWatch.spamFrom(sender, at, { ...spamWindow, suspensionMs });
  if (consequence.kind === 'alert') onAlert(alertOf(sender, consequence, organisation, at));
}

/** Until when a sender is suspended for its spam (ABU-2); null when it is not. */
export function spamSuspension(
  spamWatch: SpamWatch,
  configuration: Configuration,
  reversePath: string,
  at: number,
): number | null {
  return spamWatch.suspendedUntil(spamSender(configuration, reversePath).address, at);
}

/** Spam messages from a client's address within the window. */
export function spamFromClient({ spamWatch }: SpamContext, clientAddress: string, at: number): number {
  return spamWatch.spamOf(clientSender(clientAddress).address, at);
}

function spamSender({ organisation }: Configuration, reversePath: string): SpamSender {
  const user = reversePath === '' ? null : findUser(organisation, reversePath);
  return user === null
    ? { address: addressKey(reversePath), registered: false }
    : { address: user.key, registered: true };
}

/** Clients are counted beside senders; no mail address has brackets around it. */
function clientSender(clientAddress: string): SpamSender {
  return { address: `[${clientAddress}]`, registered: false };
}
