/** The bench file: read, checked, replaced whole or not at all. */
import { benchFileJsonSchema } from '../bench-file/json-schema.ts';
import { noticesOf } from '../bench-file/notices.ts';
import { readBenchFile } from '../bench-file/read.ts';
import type { BenchProblem } from '../contract/index.ts';
import { relayBench } from './implement.ts';

const read = relayBench.bench.read.handler(({ context }) => {
  const { yaml, version } = context.engine.bench();
  return { yaml, version };
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

export const bench = { read, check, replace, schema };
