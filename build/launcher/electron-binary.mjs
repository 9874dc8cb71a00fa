/**
 * Says whether Electron can open a window here, and fetches its binary once when it is absent.
 * electron's own package is never required for the question: that alone would start a download.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runStep } from './child.mjs';
import { cacheFolder, inProject, readText, say } from './project.mjs';

const electronFolder = inProject('node_modules', 'electron');
const attemptFile = join(cacheFolder, 'electron-download.json');
const oneDayMs = 24 * 60 * 60 * 1000;
/** How long a start waits for the download; it goes on behind the headless shell, for the next start. */
const patienceMs = 30_000;
const downloadLimitMs = 15 * 60 * 1000;

/**
 * @returns {string | undefined} the executable: a stand-in's by ELECTRON_OVERRIDE_DIST_PATH, else the downloaded one
 */
export function electronExecutable() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const version = JSON.parse(readText(join(electronFolder, 'package.json')) ?? '{}').version;
  const name = readText(join(electronFolder, 'path.txt'));
  if (override) {
    const path = join(override, name ?? 'electron');
    return existsSync(path) ? path : undefined;
  }
  const there =
    readText(join(electronFolder, 'dist', 'version'))
      ?.replace(/^v/, '')
      .trim() === version;
  return there && name !== undefined ? join(electronFolder, 'dist', name) : undefined;
}

function failedLately(version) {
  try {
    const attempt = JSON.parse(readText(attemptFile) ?? '{}');
    return attempt.version === version && Date.now() - attempt.failedAt < oneDayMs;
  } catch {
    return false;
  }
}

/**
 * Tries to get the binary, at most once a day after a failure.
 * @param {string} node the Node to run the download with
 * @returns {Promise<string | undefined>} why there is none yet; nothing when there is
 */
export async function fetchElectron(node) {
  const { version } = JSON.parse(readText(join(electronFolder, 'package.json')) ?? '{}');
  const retry = `"node node_modules/electron/install.js" tries again`;
  if (failedLately(version)) return `Electron’s binary could not be downloaded; ${retry}`;
  say(`Fetching Electron ${version} (once, about 120 MB) …`);
  const download = runStep(node, [join(electronFolder, 'install.js')], {
    quiet: true,
    behind: true,
    timeoutMs: downloadLimitMs,
  });
  let timer;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, patienceMs, 'still under way');
  });
  const first = await Promise.race([download, patience]);
  clearTimeout(timer);
  if (first === 'still under way') return 'Electron is still being downloaded, for the next start';
  if (first.status === 0 && electronExecutable()) return undefined;
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(attemptFile, JSON.stringify({ version, failedAt: Date.now() }));
  return `Electron’s binary could not be downloaded; ${retry}`;
}

/**
 * @param {string[]} args what is passed on to Electron
 * @returns {string | undefined} why Electron's window cannot open on this machine; nothing when it can
 */
export function whyNoWindow(args) {
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) return undefined;
  if (process.platform !== 'linux') return undefined;
  if (process.getuid?.() === 0 && !args.includes('--no-sandbox')) {
    return 'Electron keeps its sandbox only for an ordinary user, and this is root';
  }
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'there is no display here for Electron';
  return undefined;
}
