/** Quotas at the DATA moment: the customer's peak, the customer's day, then the user's two windows (UQ, CQ-6, CQ-7). */
import { ruleOfWindow } from '../../contract/word-tables.ts';
import type { QuotaWindow } from '../../contract/words.ts';
import { addressKey } from '../../organisation/mail-domain.ts';
import { howManyFit } from '../../quota/exceeded.ts';
import { isAssumedLimit } from '../../quota/limits.ts';
import type { QuotaLimits, WindowCount } from '../../quota/types.ts';
import { type ReplyId, reply } from '../../replies/catalogue.ts';
import { type Finding, failing, passing, type View } from '../check.ts';
import { figures, utc } from '../figures.ts';
import { isAliasOf, isVouchedByAuthOnly } from '../standing.ts';
import { assumed, assumedIf, fail, note, pass, type Step } from '../trace.ts';

interface WindowWords {
  readonly reply: Extract<ReplyId, 'customer-peak' | 'customer-day' | 'user-day'>;
  readonly what: string;
  readonly period: string;
}

const windowWords: Readonly<Record<QuotaWindow, WindowWords>> = {
  'customer-recipients-ten-minutes': { reply: 'customer-peak', what: 'recipients', period: '10 minutes' },
  'customer-recipients-day': { reply: 'customer-day', what: 'recipients', period: '24 hours' },
  'user-messages-day': { reply: 'user-day', what: 'messages', period: '24 hours' },
  'user-unique-recipients-day': { reply: 'user-day', what: 'unique recipients', period: '24 hours' },
};

const quotaRules: ReadonlySet<string> = new Set(Object.values(ruleOfWindow));

/** Whether a rule is one by which a window refuses. */
export function isQuotaRule(rule: string): boolean {
  return quotaRules.has(rule);
}

/** @param counts in the order CQ-7 asks them */
export function quotasAllow(
  view: View,
  forwardPaths: readonly string[],
  counts: readonly WindowCount[],
): Finding {
  const { quotaLimits: limits, organisation } = view.configuration;
  const steps = counts.length === 0 ? [] : countedByAuth(view);
  for (const count of counts) {
    const rule = ruleOfWindow[count.window];
    const { reply: replyId } = windowWords[count.window];
    const who = count.user ?? organisation.name;
    if (isOver(count, limits)) {
      const text = neverFits(count, limits, forwardPaths)
        ? neverText(count, limits, forwardPaths, who)
        : overText(count, limits, who);
      const isAssumed = restsOnAssumption(view, count) || onlyHeldPlacesRefuse(count, limits);
      return failing(
        reply(replyId),
        ...steps,
        ...alsoOver(count, counts, limits),
        assumedIf(isAssumed, fail(rule, text)),
      );
    }
    steps.push(assumedIf(restsOnAssumption(view, count), pass(rule, withinText(count, limits, who))));
  }
  return passing(...steps);
}

/** The least that a transaction ever adds to a window, however empty it is. */
export function leastWanted({ window, wanted }: WindowCount, forwardPaths: readonly string[]): number {
  return window === 'user-unique-recipients-day'
    ? Math.max(wanted, new Set(forwardPaths.map(addressKey)).size)
    : wanted;
}

/** Whether waiting is no use: the transaction alone is more than the limit. */
export function neverFits(count: WindowCount, limits: QuotaLimits, forwardPaths: readonly string[]): boolean {
  return leastWanted(count, forwardPaths) > limits[count.window].value;
}

function isOver({ window, used, reserved, wanted }: WindowCount, limits: QuotaLimits): boolean {
  return used + reserved + wanted > limits[window].value;
}

/** That places are held before they are charged is assumed (CQ-8). */
function onlyHeldPlacesRefuse({ window, used, wanted }: WindowCount, limits: QuotaLimits): boolean {
  return used + wanted <= limits[window].value;
}

/** The limit of a customer that pays nothing yet (CQ-5), mail that AUTH alone vouches for (CQ-4), an alias that counts under its user (CQ-9). */
function restsOnAssumption({ configuration, reversePath, standing }: View, { window, user }: WindowCount) {
  const { quotaLimits: limits, limitOrigin } = configuration;
  if (isAssumedLimit(window, limits[window], limitOrigin.billing, limitOrigin.profile)) return true;
  if (user === null) return isVouchedByAuthOnly(standing);
  return standing.sender.kind === 'registered' && isAliasOf(standing.sender.user, reversePath);
}

function countedByAuth({ configuration, standing }: View): Step[] {
  return isVouchedByAuthOnly(standing) && standing.vouching?.by === 'auth'
    ? [
        assumed(
          note(
            'CQ-4',
            `It counts for ${configuration.organisation.name}, since SMTP AUTH as ${standing.vouching.user} vouches for it.`,
          ),
        ),
      ]
    : [];
}

/** Which of the customer's two limits is told when both are passed is assumed (CQ-7); that it comes before the user's is not (CQ-6). */
function alsoOver({ window }: WindowCount, counts: readonly WindowCount[], limits: QuotaLimits): Step[] {
  const day = counts.find((each) => each.window === 'customer-recipients-day');
  return window === 'customer-recipients-ten-minutes' && day !== undefined && isOver(day, limits)
    ? [note('CQ-7', 'The limit of the customer’s day would be passed too; of the two the peak is told.')]
    : [];
}

function withinText(count: WindowCount, limits: QuotaLimits, who: string): string {
  const { window, used, reserved, wanted } = count;
  const { what, period } = windowWords[window];
  const { value, source } = limits[window];
  const held = reserved === 0 ? '' : `, ${figures(reserved)} of them held by open transactions`;
  const fit = howManyFit({ window, used: used + wanted, reserved, wanted }, limits);
  const more = fit === null ? '' : `; ${figures(fit)} more like it fit`;
  const free = count.nextFreeAt === null ? '' : `; the next place frees up at ${timeText(count.nextFreeAt)}`;
  return `${who}: ${figures(used + reserved + wanted)} of ${figures(value)} ${what} in ${period} with this transaction (${source.text})${held}${filledText(count)}${more}${free}.`;
}

function overText(count: WindowCount, limits: QuotaLimits, who: string): string {
  const { window, used, reserved, wanted, nextFreeAt } = count;
  const { what, period } = windowWords[window];
  const { value, source } = limits[window];
  const held = reserved === 0 ? '' : ` and ${figures(reserved)} held by open transactions`;
  const free = nextFreeAt === null ? '' : ` The next place frees up at ${timeText(nextFreeAt)}.`;
  return `${who} has sent ${figures(used)} ${what} in the last ${period}${filledText(count)}${held}; ${figures(wanted)} more would pass the limit of ${figures(value)} (${source.text}).${free}`;
}

/** Said in place of when a place frees up, which would be no help. */
function neverText(
  count: WindowCount,
  limits: QuotaLimits,
  forwardPaths: readonly string[],
  who: string,
): string {
  const { what, period } = windowWords[count.window];
  const { value, source } = limits[count.window];
  return `${figures(leastWanted(count, forwardPaths))} ${what} in one message can never pass: ${who} has a limit of ${figures(value)} in ${period} (${source.text}), however long the client waits.`;
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
