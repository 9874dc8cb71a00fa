/**
 * What a check of a relay setting is: it decides and says why in one go, so that the explanation cannot drift from
 * the behaviour. The checks themselves are in `rules/`; their order is data, in `setting-checks.ts`.
 */
import type { CatalogueReply } from '../replies/catalogue.ts';
import type { RelaySetting } from '../settings/types.ts';
import type { Standing } from './standing.ts';
import type { Step } from './trace.ts';
import type { Configuration, SessionFacts } from './types.ts';

/** What all checks look at. */
export interface View {
  readonly configuration: Configuration;
  readonly session: SessionFacts;
  readonly reversePath: string;
  readonly standing: Standing;
}

/** A check's answer: steps for the trace, and the reply when it refuses. The last step of a refusal is its reason. */
export type Finding =
  | { readonly outcome: 'pass'; readonly steps: readonly Step[] }
  | { readonly outcome: 'fail'; readonly steps: readonly Step[]; readonly reply: CatalogueReply };

/** A check against one relay setting. */
export type SettingCheck = (view: View, setting: RelaySetting) => Finding;

export function passing(...steps: readonly Step[]): Finding {
  return { outcome: 'pass', steps };
}

export function failing(reply: CatalogueReply, ...steps: readonly Step[]): Finding {
  return { outcome: 'fail', steps, reply };
}
