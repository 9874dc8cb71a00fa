/**
 * `npm start`: installs and builds what is missing, then opens the app: Electron when its window can open here, else
 * the headless shell, with one line that says why and the address. `--headless` asks for the latter, and so does every
 * option that only the headless shell has; all other arguments are passed on.
 */
import { electronExecutable, fetchElectron, whyNoWindow } from './launcher/electron-binary.mjs';
import { runElectron } from './launcher/electron-shell.mjs';
import { runHeadlessShell } from './launcher/headless-shell.mjs';
import { prepareProgram } from './launcher/prepare.mjs';
import { launch } from './launcher/project.mjs';

const headlessOptions = ['--headless', '--http', '--json', '--no-open'];
/** What the launcher itself, or Electron alone, understands. */
const notForHeadless = ['--headless', '--no-sandbox'];

async function reasonAgainstElectron(args, node) {
  const asked = headlessOptions.find((option) => args.some((arg) => arg.split('=')[0] === option));
  if (asked) return `No window is opened, as asked for by ${asked}`;
  return whyNoWindow(args) ?? (electronExecutable() ? undefined : await fetchElectron(node));
}

await launch(async () => {
  const args = process.argv.slice(2);
  const tools = await prepareProgram();
  const runHeadless = (reason) =>
    runHeadlessShell(
      tools,
      args.filter((arg) => !notForHeadless.includes(arg)),
      reason,
    );
  const reason = await reasonAgainstElectron(args, tools.node);
  if (reason) return runHeadless(reason);
  const run = await runElectron(tools, args);
  return run.neverOpened ? runHeadless(run.neverOpened) : run.status;
});
