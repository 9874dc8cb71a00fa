/** Runs over a store: one at a time, SMTP in between, progress, results kept and dropped. */
import { createRouterClient } from '@orpc/server';
import { describe, expect, test } from 'vitest';
import type { WhatIfProgress } from '../../relay-core/contract/index.ts';
import { createRouter } from '../../relay-core/router.ts';
import type { TransactionCourse } from '../../relay-core/store/types.ts';
import { createDifferences } from '../../relay-core/what-if/differences.ts';
import { createWhatIf, resultsKept } from '../../relay-core/what-if/what-if.ts';
import { testBench, toElsewhere } from '../engine/engine-of-tests.ts';
import { configuration, withSetting } from '../policy/organisation-of-tests.ts';

const course: TransactionCourse = {
  number: 1,
  finishedAt: 1,
  client: {
    address: '203.0.113.9',
    heloName: 'mail.example.com',
    portRole: 'relay',
    tls: null,
    authenticatedAs: null,
  },
  reversePath: 'anna@example.com',
  reversePathAfter: 'anna@example.com',
  recipients: [],
  answers: null,
  declaredBytes: null,
  messageBytes: 1_000,
  ending: { outcome: 'accepted' },
};

/** A store with so many transactions, made as they are read. */
function storeOf(total: number, read: (number: number) => void = () => undefined) {
  function* inOrder() {
    for (let number = 1; number <= total; number++) {
      read(number);
      yield { ...course, number, finishedAt: number, recipients: [`recipient${number}@elsewhere.org`] };
    }
  }
  return { courses: () => ({ total, lastOfEarlierLedger: 0, inOrder: inOrder() }) };
}

const unlimited = { customerRecipientsPerDay: 4_600_000, customerRecipientsPerTenMinutes: 319_444 };
const sameDraft = configuration({
  limits: { ...unlimited, userMessagesPerDay: 1_000_000, userUniqueRecipientsPerDay: 1_000_000 },
});
const tlsDraft = withSetting({ requireTls: true });

describe('a run', () => {
  test('lets the event loop turn, and tells how far it has come', async () => {
    let turns = 0;
    let running = true;
    const turn = () => {
      turns += 1;
      if (running) setImmediate(turn);
    };
    setImmediate(turn);
    const told: number[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => {
      expect(total).toBe(50_000);
      told.push(done);
    };
    const answer = await createWhatIf(storeOf(50_000), () => sameDraft).run(sameDraft, { onProgress });
    running = false;
    expect(answer).toMatchObject({ outcome: 'done', result: { total: 50_000, same: 50_000 } });
    expect(turns).toBeGreaterThan(2);
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual([...told].sort((one, other) => one - other));
  });

  test('ends when nobody waits for it any more, and when the engine closes', async () => {
    let latest = 0;
    const whatIf = createWhatIf(
      storeOf(1_000_000, (number) => (latest = number)),
      () => sameDraft,
    );
    const controller = new AbortController();
    const left = whatIf.run(tlsDraft, { signal: controller.signal, onProgress: () => controller.abort() });
    expect(await left).toEqual({ outcome: 'stopped' });
    const closing = whatIf.run(tlsDraft, { onProgress: () => whatIf.stop() });
    expect(await closing).toEqual({ outcome: 'stopped' });
    expect(latest).toBeLessThan(1_000_000);
    expect(await whatIf.run(tlsDraft)).toEqual({ outcome: 'stopped' });
  });

  test('waits for those before it; of too many the last are told so', async () => {
    let open = 0;
    let most = 0;
    const store = storeOf(3_000);
    const courses = () => {
      open += 1;
      most = Math.max(most, open);
      const { inOrder, ...rest } = store.courses();
      function* counted() {
        yield* inOrder;
        open -= 1;
      }
      return { ...rest, inOrder: counted() };
    };
    const whatIf = createWhatIf({ courses }, () => sameDraft);
    const answers = await Promise.all(Array.from({ length: 7 }, () => whatIf.run(sameDraft)));
    expect(answers.map(({ outcome }) => outcome)).toEqual([...Array(5).fill('done'), 'busy', 'busy']);
    expect(most).toBe(1);
    expect(await whatIf.run(sameDraft)).toMatchObject({ outcome: 'done' });
  });

  test('that fails does not stop the next one', async () => {
    let calls = 0;
    const whatIf = createWhatIf(
      {
        courses() {
          calls += 1;
          if (calls === 1) throw new Error('the disk is gone');
          return storeOf(1).courses();
        },
      },
      () => sameDraft,
    );
    await expect(whatIf.run(sameDraft)).rejects.toThrow('the disk is gone');
    expect(await whatIf.run(sameDraft)).toMatchObject({ outcome: 'done' });
  });
});

describe('results', () => {
  test('are looked through page by page, newest first', async () => {
    const whatIf = createWhatIf(storeOf(5), () => sameDraft);
    const answer = await whatIf.run(tlsDraft);
    if (answer.outcome !== 'done') throw new Error(answer.outcome);
    const { resultId, differencesKept } = answer.result;
    expect(differencesKept).toBe(5);
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = whatIf.differences(resultId, { limit: 2, cursor });
      seen.push(...(page?.differences ?? []).map(({ number }) => number));
      cursor = page?.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([5, 4, 3, 2, 1]);
  });

  test('are dropped when newer ones come', async () => {
    const whatIf = createWhatIf(storeOf(1), () => sameDraft);
    const ids: string[] = [];
    for (let run = 0; run <= resultsKept; run++) {
      const answer = await whatIf.run(tlsDraft);
      if (answer.outcome === 'done') ids.push(answer.result.resultId);
    }
    const found = ids.map((id) => whatIf.differences(id, { limit: 1 }) !== null);
    expect(found).toEqual([false, ...Array(resultsKept).fill(true)]);
  });

  test('keep the newest differences where there are more than fit', () => {
    const differences = createDifferences(1_500);
    for (let number = 1; number <= 4_000; number++) {
      const rule = number % 2 === 0 ? 'SND-1' : 'CQ-1';
      differences.add({ number, kind: 'newly-rejected', before: null, after: { outcome: 'rejected', rule } });
    }
    expect(differences.kept()).toBe(1_500);
    expect(differences.page(0, 2)).toEqual([
      { number: 4_000, kind: 'newly-rejected', before: null, after: { outcome: 'rejected', rule: 'SND-1' } },
      { number: 3_999, kind: 'newly-rejected', before: null, after: { outcome: 'rejected', rule: 'CQ-1' } },
    ]);
    expect(differences.page(1_499, 10).map(({ number }) => number)).toEqual([2_501]);
    expect(differences.page(1_500, 10)).toEqual([]);
  });
});

test('over the contract a draft tells its progress, then its result, and changes nothing that runs', async () => {
  const { start } = await testBench();
  const engine = await start();
  const client = createRouterClient(createRouter(engine, 'api'));
  await engine.send(toElsewhere);
  await engine.send({ ...toElsewhere, from: 'somebody@foreign.org' });
  const { yaml, version } = engine.bench();
  const draft = yaml.replace('allowedSenders: registered-users', 'allowedSenders: any\n    requireTls: true');
  const told: WhatIfProgress[] = [];
  for await (const each of await client.whatIf.watch({ yaml: draft })) told.push(each);
  const last = told.at(-1);
  if (last?.kind !== 'done') throw new Error('the last word is the result');
  expect(last.result).toMatchObject({ total: 2, newlyRejected: 1, undetermined: 0, same: 1 });
  expect(engine.bench().version).toBe(version);
  expect(engine.store.transactionCount()).toBe(2);
});
