/** What connections say about how clients are set up. */
import { relayBench } from './implement.ts';
import { iso } from './views.ts';

export const findings = {
  list: relayBench.findings.list.handler(({ input, context }) => {
    const { limit, cursor } = input;
    const page = context.engine.store.findings({ limit, ...(cursor === undefined ? {} : { cursor }) });
    return {
      items: page.items.map(({ id, sessionId, at, client, finding }) => ({
        ...finding,
        id,
        at: iso(at),
        sessionId,
        client: { address: client.address, heloName: client.heloName },
      })),
      nextCursor: page.nextCursor,
    };
  }),
};
