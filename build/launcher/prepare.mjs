/**
 * What every launcher does first: packages there, Node 24 found, and `dist/` built from the sources as they are.
 */
import { installDependencies } from './dependencies.mjs';
import { environmentFor, findNode } from './node-runtime.mjs';
import { LauncherError } from './project.mjs';
import { buildWhenChanged } from './sources.mjs';

const oldestLauncherMajor = 20;

/**
 * Installs the packages when they are missing.
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>} the Node to run the project with, and its environment
 */
export async function prepareTools() {
  if (Number(process.versions.node.split('.')[0]) < oldestLauncherMajor) {
    throw new LauncherError(
      `Relay Bench needs Node ${oldestLauncherMajor} or newer to start; this is ${process.version}.`,
    );
  }
  await installDependencies();
  const node = await findNode();
  return { node, env: environmentFor(node) };
}

/** As prepareTools, and builds when a source changed. */
export async function prepareProgram() {
  const tools = await prepareTools();
  await buildWhenChanged(tools.node);
  return tools;
}
