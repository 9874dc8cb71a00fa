/**
 * The checks of a relay setting in the order of SET-8, and how several settings come to one answer: the first enabled
 * one that accepts, else the one that got furthest. Adding a rule of a setting is adding one row here and its test.
 */

import type { CatalogueReply } from '../replies/catalogue.ts';
import type { RelaySetting } from '../settings/types.ts';
import type { SettingCheck, View } from './check.ts';
import { requiredAuthentication } from './rules/authentication.ts';
import { requiredEncryption } from './rules/encryption.ts';
import { vouchedIdentity } from './rules/identity.ts';
import { listedAddress } from './rules/listed-address.ts';
import { allowedSender } from './rules/senders.ts';
import { nameOf } from './setting-name.ts';
import { fail, note, type Step } from './trace.ts';

/** What can be known before DATA: encryption and authentication (SET-8). */
const checksAtMail: readonly SettingCheck[] = [requiredEncryption, requiredAuthentication];

/** Encryption, authentication, address, identity, sender. The envelope's own limits answer RCPT. */
const checksAtData: readonly SettingCheck[] = [
  ...checksAtMail,
  listedAddress,
  vouchedIdentity,
  allowedSender,
];

type Attempt =
  | { readonly outcome: 'accepts'; readonly setting: RelaySetting; readonly steps: readonly Step[] }
  | {
      readonly outcome: 'refuses';
      readonly setting: RelaySetting;
      readonly steps: readonly Step[];
      readonly reply: CatalogueReply;
      /** How many checks passed: the setting with the most got furthest. */
      readonly passed: number;
    };

export type SettingsVerdict =
  | { readonly outcome: 'accepted'; readonly setting: string; readonly steps: readonly Step[] }
  | {
      readonly outcome: 'rejected';
      readonly setting: string;
      readonly steps: readonly Step[];
      readonly reply: CatalogueReply;
    }
  /** No setting is enabled, so none could be asked. */
  | { readonly outcome: 'none-enabled'; readonly step: Step };

/** Whether an enabled setting could still accept, as far as encryption and authentication tell. */
export function askSettingsAtMail(view: View): SettingsVerdict {
  return askSettings(view, checksAtMail);
}

/** What the settings say of the sender, in full. */
export function askSettingsAtData(view: View): SettingsVerdict {
  return askSettings(view, checksAtData);
}

function askSettings(view: View, checks: readonly SettingCheck[]): SettingsVerdict {
  const refusals: Extract<Attempt, { outcome: 'refuses' }>[] = [];
  for (const setting of view.configuration.settings) {
    if (!setting.enabled) continue;
    const attempt = trySetting(view, setting, checks);
    if (attempt.outcome === 'accepts') {
      return {
        outcome: 'accepted',
        setting: nameOf(setting),
        steps: [...refusals.map(passedOver), ...attempt.steps],
      };
    }
    refusals.push(attempt);
  }
  const furthest = refusals.reduce<(typeof refusals)[number] | null>(
    (best, each) => (best === null || each.passed > best.passed ? each : best),
    null,
  );
  if (furthest === null) {
    return {
      outcome: 'none-enabled',
      step: fail('SET-8', 'No relay setting is enabled, so nothing can be relayed.'),
    };
  }
  const others = refusals.filter((each) => each !== furthest).map(passedOver);
  return {
    outcome: 'rejected',
    setting: nameOf(furthest.setting),
    steps: [...others, ...furthest.steps],
    reply: furthest.reply,
  };
}

function trySetting(view: View, setting: RelaySetting, checks: readonly SettingCheck[]): Attempt {
  const steps: Step[] = [];
  for (const [passed, check] of checks.entries()) {
    const finding = check(view, setting);
    steps.push(...finding.steps);
    if (finding.outcome === 'fail')
      return { outcome: 'refuses', setting, steps, reply: finding.reply, passed };
  }
  return { outcome: 'accepts', setting, steps };
}

function passedOver(attempt: Attempt): Step {
  return note(
    'SET-8',
    `The setting "${nameOf(attempt.setting)}" does not accept it: ${attempt.steps.at(-1)?.text ?? ''}`,
  );
}
