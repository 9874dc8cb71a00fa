/** The JSON Schema of the bench file, for editors; `bench-file.schema.json` beside this file is its committed form. */
import { z } from 'zod';
import { benchFileSchema } from './schema.ts';

export function benchFileJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(benchFileSchema, { io: 'input', unrepresentable: 'any' }),
    title: 'Relay Bench: bench file',
    description: 'All that defines a rehearsal: customer, users, relay settings, listeners, profile.',
  };
}
