/**
 * `npm test`: installs what is missing, builds, runs every suite, and ends with one line over all of them.
 * Arguments keep Vitest to some files or folders (`npm test -- test/quota`).
 */
import { prepareTools } from './launcher/prepare.mjs';
import { installPrograms } from './launcher/programs.mjs';
import { launch, say } from './launcher/project.mjs';
import { buildWhenChanged } from './launcher/sources.mjs';
import { runChecks, runTests } from './launcher/suites.mjs';

/** @param {string} build the build's failure, if any */
const buildResult = (build) => ({ name: 'build', passed: build ? 0 : 1, failed: build ? 1 : 0, skipped: 0 });

async function tryBuild(node) {
  try {
    await buildWhenChanged(node);
    return '';
  } catch (error) {
    say(error.message);
    return error.message;
  }
}

await launch(async () => {
  const tools = await prepareTools();
  const missing = await installPrograms(tools);
  const results = [
    buildResult(await tryBuild(tools.node)),
    ...(await runChecks(tools)),
    ...(await runTests(tools, process.argv.slice(2))),
  ];
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  console.log('');
  for (const { name, passed, failed, skipped } of results) {
    console.log(`${name.padEnd(20)} ${passed} passed · ${failed} failed · ${skipped} skipped`);
  }
  for (const line of missing) console.log(line);
  console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
  return total('failed') > 0 ? 1 : 0;
});
