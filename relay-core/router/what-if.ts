/** "What if" over the contract: a draft is read as for saving, run over the store, and its differences looked through. */
import { configurationOf } from '../bench-file/configuration.ts';
import { prepareBenchFile } from '../bench-file/prepare.ts';
import type { Difference, WhatIfProgress } from '../contract/index.ts';
import type { Store, TransactionRecord } from '../store/types.ts';
import type { EndingSeen, Difference as KeptDifference, Progress } from '../what-if/types.ts';
import { resultsKept, type WhatIfAnswer } from '../what-if/what-if.ts';
import { refusalOfBench } from './bench.ts';
import { relayBench } from './implement.ts';

const busy = {
  message: 'Other drafts are being tried, and more wait than may.',
  data: { hint: 'try again when they are done' },
};
const stopped = {
  message: 'The engine is closing, so the draft was not run to its end.',
  data: { hint: 'ask again when it has started' },
};

const run = relayBench.whatIf.run.handler(async ({ input, context, errors, signal }) => {
  const reading = await prepareBenchFile(input.yaml, 'looking');
  if (reading.outcome === 'problems') throw errors.UNPROCESSABLE(refusalOfBench(reading.problems));
  const answer = await context.engine.whatIf.run(
    configurationOf(reading.file),
    signal === undefined ? {} : { signal },
  );
  switch (answer.outcome) {
    case 'busy':
      throw errors.CONFLICT(busy);
    case 'stopped':
      throw errors.CONFLICT(stopped);
    case 'done':
      return answer.result;
  }
});

const watch = relayBench.whatIf.watch.handler(async function* ({ input, context, errors, signal }) {
  const reading = await prepareBenchFile(input.yaml, 'looking');
  if (reading.outcome === 'problems') throw errors.UNPROCESSABLE(refusalOfBench(reading.problems));
  const draft = configurationOf(reading.file);
  const answer = yield* told((onProgress) =>
    context.engine.whatIf.run(draft, { onProgress, ...(signal === undefined ? {} : { signal }) }),
  );
  if (answer.outcome === 'busy') throw errors.CONFLICT(busy);
  if (answer.outcome === 'stopped') throw errors.CONFLICT(stopped);
  yield { kind: 'done', result: answer.result };
});

/** The latest progress whenever there is one, until the answer; progress nobody took is left out. */
async function* told(
  start: (onProgress: (progress: Progress) => void) => Promise<WhatIfAnswer>,
): AsyncGenerator<WhatIfProgress, WhatIfAnswer, void> {
  const seen: Progress[] = [];
  let wake: () => void = () => undefined;
  const woken = () =>
    new Promise<null>((resolve) => {
      wake = () => resolve(null);
    });
  let next = woken();
  const running = start((progress) => {
    seen.splice(0, 1, progress);
    wake();
  });
  for (;;) {
    const answer = await Promise.race([running, next]);
    if (answer !== null) return answer;
    next = woken();
    for (const { done, total } of seen.splice(0)) yield { kind: 'progress', done, total };
  }
}

const differences = relayBench.whatIf.differences.handler(({ input, context, errors }) => {
  const { store, whatIf } = context.engine;
  const page = whatIf.differences(input.resultId, input);
  if (page === null) {
    throw errors.NOT_FOUND({
      message: `There is no result ${input.resultId}.`,
      data: { hint: `POST /api/what-if runs a draft again; the ${resultsKept} latest results are kept.` },
    });
  }
  return {
    items: page.differences.map((difference) => differenceView(difference, store)),
    nextCursor: page.nextCursor,
  };
});

function differenceView(
  { number, kind, before, after }: KeptDifference,
  store: Pick<Store, 'transactionNumbered'>,
) {
  const record = store.transactionNumbered(number);
  if (record === null) throw new Error(`there is no transaction numbered ${number}, though one was read`);
  const { from, to } = record.envelope.before;
  const view: Difference = {
    transactionId: record.id,
    kind,
    from,
    to,
    ...(before === null
      ? { before: endingBefore(record) }
      : { beforeUnder: 'running-file', before: { ...endingSeen(before, from), replyCode: null } }),
    after: endingSeen(after, from),
  };
  return view;
}

function endingSeen(ending: EndingSeen, from: string): Difference['after'] {
  return ending.outcome === 'rejected'
    ? { outcome: 'rejected', rule: ending.rule, from: null, recipients: 0 }
    : {
        outcome: 'accepted',
        rule: null,
        from: ending.reversePath ?? from,
        recipients: ending.recipients,
      };
}

function endingBefore({ decision, envelope }: TransactionRecord): Difference['before'] {
  const { outcome, rule, reply } = decision;
  const accepted = outcome === 'accepted';
  return {
    outcome,
    rule,
    replyCode: reply?.code ?? null,
    from: accepted ? envelope.after.from : null,
    recipients: accepted ? envelope.after.to.length : 0,
  };
}

export const whatIf = { run, watch, differences };
