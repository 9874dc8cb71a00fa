/** Alerts to the super administrator, newest first (ABU-1). */
import { relayBench } from './implement.ts';
import { iso } from './views.ts';

export const alerts = {
  list: relayBench.alerts.list.handler(({ input, context }) => {
    const { limit, cursor } = input;
    const page = context.engine.store.alerts({ limit, ...(cursor === undefined ? {} : { cursor }) });
    return {
      items: page.items.map(({ id, alert: { at, suspendedUntil, ...alert } }) => ({
        ...alert,
        id,
        at: iso(at),
        suspendedUntil: suspendedUntil === null ? null : iso(suspendedUntil),
      })),
      nextCursor: page.nextCursor,
    };
  }),
};
