/**
 * `node build/run.mjs PROGRAM [ARGUMENTS]`: runs one of the project's own programs, TypeScript too, under Node 24 with
 * everything installed. package.json's scripts go through it, so that they work in a fresh clone.
 */
import { standFor } from './launcher/child.mjs';
import { prepareTools } from './launcher/prepare.mjs';
import { launch, projectFolder } from './launcher/project.mjs';

await launch(async () => {
  const { node, env } = await prepareTools();
  const { ended } = standFor(node, process.argv.slice(2), { cwd: projectFolder, env });
  return (await ended).status;
});
