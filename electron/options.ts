/**
 * What the command line may say to the desktop app: where its data and its bench file are, and other ports.
 * The same names as `relay-bench serve` uses; Chromium's own switches pass by unread.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535).exactOptional();
const path = z
  .string()
  .min(1)
  .transform((value) => resolve(value))
  .exactOptional();
const optionsSchema = z.object({
  /** The bench file and the folder for everything that is kept, absolute. */
  paths: z.object({ config: path, data: path }),
  /** 0 means any free one. */
  ports: z.object({ relay: port, smtps: port, submission: port }),
});

export type DesktopOptions = z.infer<typeof optionsSchema>;

/** An option with a value that cannot be meant. Its message is one line for the terminal. */
export class OptionError extends Error {}

/**
 * @param argv the whole of `process.argv`
 * @throws OptionError that names the option
 */
export function readOptions(argv: readonly string[]): DesktopOptions {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    args: argv.slice(1),
    options: { config: string, data: string, relay: string, smtps: string, submission: string },
    strict: false,
    allowPositionals: true,
  });
  const result = optionsSchema.safeParse({ paths: values, ports: values });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new OptionError(`--${String(issue?.path.at(-1))}: ${issue?.message}`);
}
