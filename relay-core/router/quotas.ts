/** Quota windows as they stand and over time. */
import type { QuotaWindowState } from '../contract/index.ts';
import type { Engine } from '../engine.ts';
import { addressKey } from '../organisation/mail-domain.ts';
import { findUser } from '../organisation/organisation.ts';
import type { AddressKey } from '../organisation/types.ts';
import { howManyFit } from '../quota/exceeded.ts';
import { useOverTime } from '../quota/history.ts';
import type { QuotaLimits, WindowState } from '../quota/types.ts';
import { windowMs } from '../quota/windows.ts';
import { relayBench } from './implement.ts';
import { iso, refusalOf } from './views.ts';

const list = relayBench.quotas.list.handler(({ input, context }) => {
  const { engine } = context;
  const { quotaLimits } = engine.configuration();
  const now = engine.clock.now();
  const users = usersByShare(engine, quotaLimits, now, input.search ?? '');
  const from = Number.parseInt(input.cursor ?? '0', 10) || 0;
  const page = users.slice(from, from + input.limit);
  return {
    windows: [...engine.counts.customer(now), ...page.flatMap(({ windows }) => windows)].map((state) =>
      viewOf(state, quotaLimits, input.recipients),
    ),
    nextCursor: from + input.limit < users.length ? String(from + input.limit) : null,
  };
});

interface UserWindows {
  readonly user: AddressKey;
  readonly windows: readonly WindowState[];
  /** The larger of the shares of the user's two limits. */
  readonly share: number;
}

/** Registered users, those nearest a limit first, then by address. Only active users are counted; the others stand at nothing. */
function usersByShare(engine: Engine, limits: QuotaLimits, now: number, search: string): UserWindows[] {
  const wanted = search.trim().toLowerCase();
  const { users } = engine.configuration().organisation;
  const active = new Set(engine.counts.activeUsers(now));
  const known = new Set(users.map(({ key }) => key));
  const everybody = [...known, ...[...active].filter((key) => !known.has(key))];
  return everybody
    .filter((user) => wanted === '' || user.includes(wanted))
    .map((user) => {
      const windows = engine.counts.user(user, now);
      return { user, windows, share: Math.max(0, ...windows.map((each) => shareOf(each, limits))) };
    })
    .sort((a, b) => b.share - a.share || a.user.localeCompare(b.user, 'en'));
}

function shareOf({ window, used, reserved }: WindowState, limits: QuotaLimits): number {
  return (used + reserved) / limits[window].value;
}

function viewOf(
  { window, user, used, reserved, nextFreeAt, simulated }: WindowState,
  limits: QuotaLimits,
  recipients: number,
): QuotaWindowState {
  const { value, source } = limits[window];
  const wanted = window === 'user-messages-day' ? 1 : recipients;
  return {
    window,
    ...(user === null ? {} : { user }),
    used,
    reserved,
    limit: value,
    limitSource: source,
    nextFreeAt: nextFreeAt === null ? null : iso(nextFreeAt),
    simulated,
    messagesThatFit: howManyFit({ window, used, reserved, wanted }, limits) ?? 0,
  };
}

const history = relayBench.quotas.history.handler(({ input, context, errors }) => {
  const { engine } = context;
  const { organisation, quotaLimits } = engine.configuration();
  const isUserWindow = input.window.startsWith('user-');
  if (isUserWindow && input.user === undefined) {
    throw errors.UNPROCESSABLE({
      message: `${input.window} belongs to a user.`,
      data: { path: 'user', hint: 'add user=anna@example.com' },
    });
  }
  const user = isUserWindow
    ? (findUser(organisation, input.user ?? '')?.key ?? addressKey(input.user ?? ''))
    : null;
  const to = engine.clock.now();
  const span = windowMs[input.window];
  const from = to - span;
  const question = { window: input.window, user, from, to };
  const points = useOverTime(engine.store.charges(from - span), question, engine.store.fills());
  const stepMs = Math.max(1, Math.ceil(span / Math.max(1, points.length - 1)));
  const refused = refusedUntil(points, engine.store.quotaRefusals(input.window, user, from, stepMs));
  return {
    window: input.window,
    ...(user === null ? {} : { user }),
    limit: quotaLimits[input.window].value,
    points: points.map(({ at, used }, index) => ({
      at: iso(at),
      used,
      refused: refused[index] ?? 0,
    })),
  };
});

/** Refusals by point: those since the point before it. Both come in order of time. */
function refusedUntil(
  points: readonly { readonly at: number }[],
  refusals: readonly { readonly at: number; readonly refused: number }[],
): number[] {
  let next = 0;
  return points.map(({ at }) => {
    let sum = 0;
    for (; (refusals[next]?.at ?? Number.POSITIVE_INFINITY) <= at; next += 1)
      sum += refusals[next]?.refused ?? 0;
    return sum;
  });
}

const fill = relayBench.quotas.fill.handler(({ input, context, errors }) => {
  const { engine } = context;
  const answer = engine.fillWindow(input);
  if (answer.outcome === 'refused') throw errors.UNPROCESSABLE(refusalOf(answer));
  return viewOf(answer.state, engine.configuration().quotaLimits, 1);
});

const removeFills = relayBench.quotas.removeFills.handler(({ context, errors }) => {
  const answer = context.engine.removeFills();
  if (answer.outcome === 'refused') throw errors.UNPROCESSABLE(refusalOf(answer));
  return { removed: answer.removed };
});

export const quotas = { list, history, fill, removeFills };
