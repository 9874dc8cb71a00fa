/**
 * `run-bundle.mjs FILE [OPTIONS]`: runs a measurement that was bundled. It is JavaScript, since Node strips the types of
 * TypeScript with a program of its own, and V8 is slower for what that leaves behind.
 */
import { pathToFileURL } from 'node:url';

const [file, ...args] = process.argv.slice(2);
const { run } = await import(pathToFileURL(file).href);
await run(args);
