/** What connections say about how clients are set up: one by one, and put together by what they say. */
import type { SessionFinding } from '../contract/index.ts';
import type { FindingRecord } from '../store/types.ts';
import { findingFits, groupFindings } from './finding-groups.ts';
import { relayBench } from './implement.ts';
import { iso } from './views.ts';

/** So many of the newest findings are put together; the answer says when there are more. */
const mostGrouped = 5_000;
/**
 * Findings read at once: between two such stretches messages have their turn. One less than the store reads sessions at a
 * time, since it looks at the next for the cursor.
 */
const stretch = 99;
const hourMs = 3_600_000;

const viewOf = ({ id, sessionId, at, client, finding }: FindingRecord): SessionFinding => ({
  ...finding,
  id,
  at: iso(at),
  sessionId,
  client: { address: client.address, heloName: client.heloName },
});

const list = relayBench.findings.list.handler(({ input, context }) => {
  const { limit, cursor } = input;
  const page = context.engine.store.findings({ limit, ...(cursor === undefined ? {} : { cursor }) });
  return { items: page.items.map(viewOf), nextCursor: page.nextCursor };
});

const groups = relayBench.findings.groups.handler(async ({ input, context }) => {
  const { limit, cursor = '0', severity, search = '', hours } = input;
  const { store, clock } = context.engine;
  const now = clock.now();
  const since = hours === undefined ? Number.NEGATIVE_INFINITY : now - hours * hourMs;
  const found: SessionFinding[] = [];
  const endedBeforeMail = new Set<string>();
  let looked = 0;
  let next: string | null = null;
  do {
    const page = store.findings({ limit: stretch, ...(next === null ? {} : { cursor: next }) });
    looked += page.items.length;
    // A connection stands where its first transaction did: one that went on for long is newer than its place.
    const recent = page.items.filter(({ at }) => at > since);
    for (const record of recent) {
      const view = viewOf(record);
      if (severity !== undefined && view.severity !== severity) continue;
      if (!findingFits(view, search.trim())) continue;
      found.push(view);
      // A session's transactions count from 1.
      if (store.transaction(`${record.sessionId}-1`) === null) endedBeforeMail.add(record.sessionId);
    }
    next = recent.length === 0 ? null : page.nextCursor;
    await new Promise(setImmediate);
  } while (next !== null && looked < mostGrouped);
  const all = groupFindings(found);
  const end = Number.parseInt(cursor, 10) + limit;
  return {
    items: all.slice(end - limit, end),
    nextCursor: end < all.length ? String(end) : null,
    findings: found.length,
    endedBeforeMail: endedBeforeMail.size,
    olderLeftOut: next !== null,
  };
});

export const findings = { list, groups };
