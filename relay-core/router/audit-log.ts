/** The audit log, newest first. Nothing here changes it. */
import { relayBench } from './implement.ts';
import { iso } from './views.ts';

const list = relayBench.auditLog.list.handler(({ input, context }) => {
  const { limit, cursor } = input;
  const page = context.engine.store.auditLog({ limit, ...(cursor === undefined ? {} : { cursor }) });
  return {
    items: page.items.map(({ number, at, ...entry }) => ({ id: String(number), at: iso(at), ...entry })),
    nextCursor: page.nextCursor,
  };
});

export const auditLog = { list };
