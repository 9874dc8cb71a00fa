/** The bench file: read, checked, replaced whole or not at all. */
import type { z } from 'zod';
import { benchFileJsonSchema } from '../bench-file/json-schema.ts';
import { noticesOf } from '../bench-file/notices.ts';
import { patchedText } from '../bench-file/patch.ts';
import { prepareBenchFile } from '../bench-file/prepare.ts';
import type { Replacement } from '../bench-file/running-bench.ts';
import type { BenchProblem, benchReplacedSchema } from '../contract/index.ts';
import type { Engine } from '../engine.ts';
import { relayBench } from './implement.ts';
import { iso } from './views.ts';

const read = relayBench.bench.read.handler(({ context }) => {
  const { yaml, version } = context.engine.bench();
  return { yaml, version };
});

const draft = relayBench.bench.draft.handler(({ input, context, errors }) => {
  const { yaml, version } = context.engine.bench();
  try {
    return { yaml: patchedText(yaml, input.change), version };
  } catch {
    // The YAML library throws where a path leads through something that is no group and no list.
    throw errors.UNPROCESSABLE({
      message: 'The change does not fit the running bench file.',
      data: {
        path: 'change',
        hint: 'It was made for another version of the file: look at the transaction again.',
      },
    });
  }
});

const check = relayBench.bench.check.handler(async ({ input }) => {
  const reading = await prepareBenchFile(input.yaml, 'looking');
  return reading.outcome === 'problems'
    ? { problems: [...reading.problems], notices: [] }
    : { problems: [], notices: noticesOf(reading.file) };
});

const replace = relayBench.bench.replace.handler(async ({ input, context, errors }) => {
  const { engine, author } = context;
  const replacement = await engine.replaceBench(input.yaml, { author, expectedVersion: input.version });
  switch (replacement.outcome) {
    case 'replaced':
      return replacedView(replacement, engine);
    case 'problems':
      throw errors.UNPROCESSABLE(refusalOfBench(replacement.problems));
    case 'conflict':
      throw errors.CONFLICT({ message: replacement.message, data: { hint: replacement.hint } });
  }
});

/** What a saving came to: what changed, and when the relay will go by it. */
export function replacedView(
  { bench, changes }: Extract<Replacement, { outcome: 'replaced' }>,
  engine: Pick<Engine, 'pendingVersions'>,
): z.input<typeof benchReplacedSchema> {
  const { yaml, version, notices } = bench;
  const pending = engine.pendingVersions().find(({ content }) => content.version === version);
  return {
    yaml,
    version,
    changes: [...changes],
    notices: [...notices],
    ...(pending === undefined ? {} : { inForceAt: iso(pending.inForceAt) }),
  };
}

/** The first problem in the error's own keys, all of them beside it. */
export function refusalOfBench(problems: readonly [BenchProblem, ...BenchProblem[]]) {
  const [{ message, hint, path, line }] = problems;
  return {
    message,
    data: {
      ...(hint === undefined ? {} : { hint }),
      ...(path === undefined ? {} : { path }),
      ...(line === undefined ? {} : { line }),
      problems: [...problems],
    },
  };
}

const schema = relayBench.bench.schema.handler(() => benchFileJsonSchema());

export const bench = { read, draft, check, replace, schema };
