/** `npm run check`: types, lint, format and the direction of imports, without the tests. */
import { prepareTools } from './launcher/prepare.mjs';
import { launch } from './launcher/project.mjs';
import { runChecks } from './launcher/suites.mjs';

await launch(async () => {
  const results = await runChecks(await prepareTools());
  return results.some(({ failed }) => failed > 0) ? 1 : 0;
});
