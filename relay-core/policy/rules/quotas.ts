/** Quotas at the DATA moment: the customer's peak, the customer's day, then the user's two windows (UQ, CQ-6, CQ-7). */
import type { QuotaWindow } from '../../contract/words.ts';
import { howManyFit } from '../../quota/exceeded.ts';
import type { QuotaLimits, WindowCount } from '../../quota/types.ts';
import { type ReplyId, reply } from '../../replies/catalogue.ts';
import { type Finding, failing, passing } from '../check.ts';
import { figures, utc } from '../figures.ts';
import type { RuleId } from '../rule-book.ts';
import { fail, pass, type Step } from '../trace.ts';

interface WindowRule {
  readonly rule: RuleId;
  readonly reply: Extract<ReplyId, 'customer-peak' | 'customer-day' | 'user-day'>;
  readonly what: string;
  readonly period: string;
}

const windowRules: Readonly<Record<QuotaWindow, WindowRule>> = {
  'customer-recipients-ten-minutes': {
    rule: 'CQ-2',
    reply: 'customer-peak',
    what: 'recipients',
    period: '10 minutes',
  },
  'customer-recipients-day': { rule: 'CQ-1', reply: 'customer-day', what: 'recipients', period: '24 hours' },
  'user-messages-day': { rule: 'UQ-1', reply: 'user-day', what: 'messages', period: '24 hours' },
  'user-unique-recipients-day': {
    rule: 'UQ-2',
    reply: 'user-day',
    what: 'unique recipients',
    period: '24 hours',
  },
};

/** The rule by which a window refuses. */
export function ruleOfWindow(window: QuotaWindow): RuleId {
  return windowRules[window].rule;
}

/** @param counts in the order CQ-7 asks them */
export function quotasAllow(counts: readonly WindowCount[], limits: QuotaLimits, customer: string): Finding {
  const steps: Step[] = [];
  for (const count of counts) {
    const { rule, reply: replyId } = windowRules[count.window];
    const who = count.user ?? customer;
    if (count.used + count.reserved + count.wanted > limits[count.window].value) {
      return failing(reply(replyId), ...steps, fail(rule, overText(count, limits, who)));
    }
    steps.push(pass(rule, withinText(count, limits, who)));
  }
  return passing(...steps);
}

function withinText(count: WindowCount, limits: QuotaLimits, who: string): string {
  const { window, used, reserved, wanted } = count;
  const { what, period } = windowRules[window];
  const { value, source } = limits[window];
  const held = reserved === 0 ? '' : `, ${figures(reserved)} of them held by open transactions`;
  const fit = howManyFit({ window, used: used + wanted, reserved, wanted }, limits);
  const more = fit === null ? '' : `; ${figures(fit)} more like it fit`;
  const free = count.nextFreeAt === null ? '' : `; the next place frees up at ${timeText(count.nextFreeAt)}`;
  return `${who}: ${figures(used + reserved + wanted)} of ${figures(value)} ${what} in ${period} with this transaction (${source.text})${held}${filledText(count)}${more}${free}.`;
}

function overText(count: WindowCount, limits: QuotaLimits, who: string): string {
  const { window, used, reserved, wanted, nextFreeAt } = count;
  const { what, period } = windowRules[window];
  const { value, source } = limits[window];
  const held = reserved === 0 ? '' : ` and ${figures(reserved)} held by open transactions`;
  const free = nextFreeAt === null ? '' : ` The next place frees up at ${timeText(nextFreeAt)}.`;
  return `${who} has sent ${figures(used)} ${what} in the last ${period}${filledText(count)}${held}; ${figures(wanted)} more would pass the limit of ${figures(value)} (${source.text}).${free}`;
}

function filledText({ simulated }: WindowCount): string {
  return simulated === 0 ? '' : `, ${figures(simulated)} of them filled in by hand`;
}

/** The whole second at which it is so, in UTC. The sentences of a second name the same few, so they are written once. */
function timeText(epochMs: number): string {
  const second = Math.ceil(epochMs / 1_000);
  const place = second % writtenTimes;
  if (writtenSeconds[place] !== second) {
    writtenSeconds[place] = second;
    writtenTexts[place] = utc(second * 1_000);
  }
  return writtenTexts[place] ?? '';
}

const writtenTimes = 64;
const writtenSeconds = new Array<number>(writtenTimes).fill(-1);
const writtenTexts = new Array<string>(writtenTimes).fill('');
