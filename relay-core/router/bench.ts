/** The bench file: read, checked, replaced whole or not at all. */
import { benchFileJsonSchema } from '../bench-file/json-schema.ts';
import { noticesOf } from '../bench-file/notices.ts';
import { patchedText } from '../bench-file/patch.ts';
import { readBenchFile } from '../bench-file/read.ts';
import type { BenchProblem } from '../contract/index.ts';
import { relayBench } from './implement.ts';

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

const check = relayBench.bench.check.handler(({ input }) => {
  const reading = readBenchFile(input.yaml);
  return reading.outcome === 'problems'
    ? { problems: [...reading.problems], notices: [] }
    : { problems: [], notices: noticesOf(reading.file) };
});

const replace = relayBench.bench.replace.handler(async ({ input, context, errors }) => {
  const replacement = await context.engine.replaceBench(input.yaml, input.version);
  switch (replacement.outcome) {
    case 'replaced': {
      const { yaml, version, notices } = replacement.bench;
      return { yaml, version, changes: [...replacement.changes], notices: [...notices] };
    }
    case 'problems':
      throw errors.UNPROCESSABLE(refusal(replacement.problems));
    case 'conflict':
      throw errors.CONFLICT({ message: replacement.message, data: { hint: replacement.hint } });
  }
});

/** The first problem in the error's own keys, all of them beside it. */
function refusal(problems: readonly [BenchProblem, ...BenchProblem[]]) {
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
