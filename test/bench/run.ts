/** `npm run bench -- NAME [OPTIONS]`: runs one of the measurements. They are no tests: they judge nothing by time. */

export interface Measurement {
  /** @param args the options behind the measurement's name */
  readonly run: (args: string[]) => Promise<void>;
}

const measurements: Readonly<Record<string, () => Promise<Measurement>>> = {
  smtp: () => import('./smtp.ts'),
  quota: () => import('./quota.ts'),
  restore: () => import('./restore.ts'),
  day: () => import('./day.ts'),
  'what-if': () => import('./what-if.ts'),
  pages: () => import('./pages.ts'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = Object.hasOwn(measurements, name) ? measurements[name] : undefined;
if (load) await (await load()).run(args);
else {
  process.stderr.write(
    `npm run bench -- NAME, where NAME is one of: ${Object.keys(measurements).join(', ')}\n`,
  );
  process.exitCode = 2;
}
