/** `npm run bench -- NAME [OPTIONS]`: runs one of the measurements. They are no tests: they judge nothing by time. */
import { runAsEngine } from './as-engine.ts';

export interface Measurement {
  /** @param args the options behind the measurement's name */
  readonly run: (args: string[]) => Promise<void>;
}

const here =
  (load: () => Promise<Measurement>): Measurement['run'] =>
  async (args) =>
    (await load()).run(args);

const measurements: Readonly<Record<string, Measurement['run']>> = {
  smtp: here(() => import('./smtp.ts')),
  quota: (args) => runAsEngine('quota', args),
  restore: (args) => runAsEngine('restore', args),
  day: (args) => runAsEngine('day', args),
  'what-if': here(() => import('./what-if.ts')),
  pages: here(() => import('./pages.ts')),
};

const [name = '', ...args] = process.argv.slice(2);
const run = Object.hasOwn(measurements, name) ? measurements[name] : undefined;
if (run) await run(args);
else {
  process.stderr.write(
    `npm run bench -- NAME, where NAME is one of: ${Object.keys(measurements).join(', ')}\n`,
  );
  process.exitCode = 2;
}
