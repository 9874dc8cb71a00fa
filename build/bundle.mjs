/** Puts a program and all that it imports into one file with Vite: of what is packed, and of what is measured as packed. */
import { build } from 'vite';
import { projectFolder } from './launcher/project.mjs';

/** Programs of threads. One is given to its thread as text, so it is one CommonJS file beside what starts it. */
export const threadPrograms = [
  { entry: 'relay-core/store/store-writer.ts', file: 'store-writer.cjs', format: 'cjs' },
  { entry: 'relay-core/content/message-parser.ts', file: 'message-parser.cjs', format: 'cjs' },
  { entry: 'relay-core/bench-file/bench-file-reader.ts', file: 'bench-file-reader.cjs', format: 'cjs' },
];

/**
 * @param {import('./bundle.d.mts').Program} program
 * @param {string} folder where the file goes; what else is there stays
 */
export async function bundle({ entry, file, format }, folder) {
  await build({
    configFile: false,
    root: projectFolder,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      target: 'node24',
      outDir: folder,
      emptyOutDir: false,
      sourcemap: true,
      rollupOptions: {
        external: ['electron'],
        output: { format, entryFileNames: file, codeSplitting: false },
      },
    },
  });
}
