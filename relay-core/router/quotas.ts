/** Quota windows as they stand and over time. */
import type { QuotaWindowState } from '../contract/index.ts';
import { addressKey } from '../organisation/mail-domain.ts';
import { findUser } from '../organisation/organisation.ts';
import { howManyFit } from '../quota/exceeded.ts';
import { sampleMs } from '../quota/history.ts';
import type { QuotaLimits, WindowState } from '../quota/types.ts';
import { relayBench } from './implement.ts';
import { usersByShare } from './user-ranking.ts';
import { iso, refusalOf } from './views.ts';

const list = relayBench.quotas.list.handler(async ({ input, context }) => {
  const { engine } = context;
  const from = Number(input.cursor ?? '0');
  const to = from + input.limit;
  const { users, total } =
    input.limit === 0 ? { users: [], total: 0 } : await usersByShare(engine, input.search ?? '', to);
  const { quotaLimits } = engine.configuration();
  const now = engine.clock.now();
  const states = users.slice(from).flatMap((user) => engine.counts.user(user, now));
  return {
    windows: [...engine.counts.customer(now), ...states].map((state) =>
      viewOf(state, quotaLimits, input.recipients),
    ),
    nextCursor: to < total ? String(to) : null,
  };
});

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

const history = relayBench.quotas.history.handler(async ({ input, context, errors }) => {
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
  const points = await engine.histories.of(input.window, user);
  const step = sampleMs[input.window];
  const since = (points[0]?.at ?? 0) - step;
  const refused = refusedUntil(points, engine.store.quotaRefusals(input.window, user, since, step));
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
