/** Writes the committed JSON Schema of the bench file: `npm run schema`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { benchFileJsonSchema } from './json-schema.ts';

writeFileSync(
  fileURLToPath(new URL('bench-file.schema.json', import.meta.url)),
  `${JSON.stringify(benchFileJsonSchema(), null, 2)}\n`,
);
