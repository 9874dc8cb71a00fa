#!/usr/bin/env node
/**
 * `relay-bench`: the command line. Finds Node 24, builds when `dist/` is missing (all it says goes to stderr, since with
 * --json the first line on stdout is JSON), and stands for the headless shell: arguments, signals, exit status.
 */
import { existsSync } from 'node:fs';
import { standFor } from './launcher/child.mjs';
import { engineNodeOptions, environmentFor, findNode } from './launcher/node-runtime.mjs';
import { prepareProgram } from './launcher/prepare.mjs';
import { inProject, launch } from './launcher/project.mjs';

const program = inProject('dist', 'headless', 'main.js');

await launch(async () => {
  const node = existsSync(program) ? await findNode() : (await prepareProgram()).node;
  const { ended } = standFor(node, [...engineNodeOptions, program, ...process.argv.slice(2)], {
    env: environmentFor(node),
  });
  return (await ended).status;
});
