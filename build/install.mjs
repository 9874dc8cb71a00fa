/**
 * `npm run setup`: installs all that the tests need, npm's packages and the system's programs, and names what it could
 * not install. `npm test` does the same by itself.
 */
import { prepareTools } from './launcher/prepare.mjs';
import { installPrograms } from './launcher/programs.mjs';
import { launch, say } from './launcher/project.mjs';

await launch(async () => {
  const missing = await installPrograms(await prepareTools());
  for (const line of missing) say(line);
});
