/**
 * `npm run package`: builds when a source changed and packs with electron-builder; arguments go to it (`-- --linux deb`).
 * Electron's binary and the tools of some formats are downloaded by electron-builder, so this needs a network.
 */

import { standFor } from './launcher/child.mjs';
import { environmentFor } from './launcher/node-runtime.mjs';
import { inProject, launch, projectFolder } from './launcher/project.mjs';
import { buildWhenChanged } from './launcher/sources.mjs';

const builder = inProject('node_modules', 'electron-builder', 'cli.js');
const configuration = inProject('build', 'electron-builder.yml');

await launch(async () => {
  await buildWhenChanged(process.execPath);
  const args = [builder, '--config', configuration, '--publish', 'never', ...process.argv.slice(2)];
  const { ended } = standFor(process.execPath, args, {
    cwd: projectFolder,
    env: environmentFor(process.execPath),
  });
  return (await ended).status;
});
