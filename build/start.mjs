/**
 * `npm start`: installs and builds what is missing, then opens the app: Electron when its window can open here, else
 * the headless shell, with one line that says why and the address. `--headless` asks for the latter; all other
 * arguments are passed on.
 */
import { electronExecutable, fetchElectron, whyNoWindow } from './launcher/electron-binary.mjs';
import { runElectron } from './launcher/electron-shell.mjs';
import { runHeadlessShell } from './launcher/headless-shell.mjs';
import { prepareProgram } from './launcher/prepare.mjs';
import { launch } from './launcher/project.mjs';

async function reasonAgainstElectron(args, node) {
  if (args.includes('--headless')) return 'As asked for by --headless, no window is opened';
  return whyNoWindow(args) ?? (electronExecutable() ? undefined : await fetchElectron(node));
}

await launch(async () => {
  const args = process.argv.slice(2);
  const passedOn = args.filter((arg) => arg !== '--headless');
  const tools = await prepareProgram();
  const reason = await reasonAgainstElectron(args, tools.node);
  if (reason) return runHeadlessShell(tools, passedOn, reason);
  const run = await runElectron(tools, passedOn);
  return run.neverOpened ? runHeadlessShell(tools, passedOn, run.neverOpened) : run.status;
});
