/** Quotas at the DATA moment: the customer's peak, the customer's day, then the user's two windows (UQ, CQ-6, CQ-7). */
import type { QuotaWindow } from '../../contract/words.ts';
import type { Limit, QuotaLimits, WindowCount } from '../../quota/types.ts';
import { type ReplyId, reply } from '../../replies/catalogue.ts';
import { type Finding, failing, passing } from '../check.ts';
import { figures } from '../figures.ts';
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

/** @param counts in the order CQ-7 asks them */
export function quotasAllow(counts: readonly WindowCount[], limits: QuotaLimits, customer: string): Finding {
  const steps: Step[] = [];
  for (const count of counts) {
    const limit = limits[count.window];
    const { rule, reply: replyId } = windowRules[count.window];
    if (count.used + count.reserved + count.wanted > limit.value) {
      return failing(reply(replyId), ...steps, fail(rule, overText(count, limit, count.user ?? customer)));
    }
    steps.push(pass(rule, withinText(count, limit, count.user ?? customer)));
  }
  return passing(...steps);
}

function withinText(count: WindowCount, limit: Limit, who: string): string {
  const { what, period } = windowRules[count.window];
  return `${who}: ${figures(count.used + count.reserved + count.wanted)} of ${figures(limit.value)} ${what} in ${period} with this transaction (${limit.source.text}).`;
}

function overText(count: WindowCount, limit: Limit, who: string): string {
  const { what, period } = windowRules[count.window];
  const held = count.reserved === 0 ? '' : ` and ${figures(count.reserved)} held by open transactions`;
  return `${who} has sent ${figures(count.used)} ${what} in the last ${period}${held}; ${figures(count.wanted)} more would pass the limit of ${figures(limit.value)} (${limit.source.text}).`;
}
