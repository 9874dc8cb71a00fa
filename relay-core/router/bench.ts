/** The bench file: read, checked, replaced whole or not at all. */
import type { z } from 'zod';
import { draftWith } from '../bench-file/draft.ts';
import { benchFileJsonSchema } from '../bench-file/json-schema.ts';
import { noticesOf } from '../bench-file/notices.ts';
import { prepareBenchFile } from '../bench-file/prepare.ts';
import type { OnDisk, Replacement } from '../bench-file/running-bench.ts';
import type { BenchOnDisk, BenchProblem, benchReplacedSchema } from '../contract/index.ts';
import type { Engine } from '../engine.ts';
import { relayBench } from './implement.ts';
import { iso } from './views.ts';

const read = relayBench.bench.read.handler(({ context }) => {
  const { yaml, version } = context.engine.bench();
  return { yaml, version };
});

const disk = relayBench.bench.disk.handler(async ({ context }) =>
  onDiskView(await context.engine.benchOnDisk()),
);

function onDiskView(onDisk: OnDisk): BenchOnDisk {
  if (onDisk.state !== 'changed') return onDisk;
  const { state, version, reading } = onDisk;
  return reading.outcome === 'bench'
    ? { state, version, yaml: reading.bench.yaml, problems: [] }
    : { state, version, yaml: null, problems: [...reading.problems] };
}

const draft = relayBench.bench.draft.handler(async ({ input, context, errors }) => {
  const { yaml: running, version } = context.engine.bench();
  const drafted = await draftWith({ running, draft: input.yaml ?? running, change: input.change });
  switch (drafted.outcome) {
    case 'drafted':
      return { yaml: drafted.text, version, lines: [...drafted.lines] };
    case 'problem': {
      const { path, line, message } = drafted.problem;
      throw errors.UNPROCESSABLE({
        message: `The draft has to be right before a change can go in beside its edits: ${message}.`,
        data: {
          ...(path === undefined ? {} : { path }),
          ...(line === undefined ? {} : { line }),
          hint: 'Mend it, or take the edits back, then come again.',
        },
      });
    }
    case 'elsewhere':
      throw errors.UNPROCESSABLE({
        message: `The change is for ${drafted.path} of the running file, and the draft has something else there.`,
        data: { path: 'change', hint: 'Save the edits or take them back, then come again.' },
      });
    case 'misfit':
      throw errors.UNPROCESSABLE({
        message: `The change does not fit the ${input.yaml === undefined ? 'running bench file' : 'draft'}.`,
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
    case 'not-written':
      throw errors.CONFLICT(refusalOfReplacement(replacement));
  }
});

/** What a saving came to: what changed, and when the relay will go by it. */
export function replacedView(
  { bench, changes }: Extract<Replacement, { outcome: 'replaced' }>,
  engine: Pick<Engine, 'pendingVersions' | 'clock'>,
): z.input<typeof benchReplacedSchema> {
  const { yaml, version, notices } = bench;
  const pending = engine.pendingVersions().find(({ content }) => content.version === version);
  return {
    yaml,
    version,
    changes: [...changes],
    notices: [...notices],
    savedAt: iso(pending?.savedAt ?? engine.clock.now()),
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

/** A file that nothing is wrong with, and that was not saved. */
export function refusalOfReplacement(refusal: Extract<Replacement, { outcome: 'conflict' | 'not-written' }>) {
  const { message, hint } = refusal;
  return { message, data: refusal.outcome === 'conflict' ? { hint, conflict: refusal.with } : { hint } };
}

const schema = relayBench.bench.schema.handler(() => benchFileJsonSchema());

export const bench = { read, disk, draft, check, replace, schema };
