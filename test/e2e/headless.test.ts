/** The two-minute walk in a browser, over the headless shell as `relay-bench serve` starts it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { z } from 'zod';
import { findChromium } from '../electron/stand-in/chromium.ts';
import { walkAsNewAdministrator } from './walk.ts';

const launcher = join(import.meta.dirname, '..', '..', 'build', 'relay-bench.mjs');
const readySchema = z.object({ http: z.url(), token: z.string() });
/** sudo apt-get install chromium */
const executablePath = findChromium();

describe.skipIf(executablePath === null)('the page in a browser', () => {
  let dataDirectory: string;
  let shell: ChildProcess;
  let address: string;
  let browser: Browser;

  beforeAll(async () => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'relay-bench-headless-'));
    const ports = ['--http', '127.0.0.1:0', '--relay', '0', '--smtps', '0', '--submission', '0'];
    const child = spawn(
      process.execPath,
      [launcher, 'serve', '--json', '--no-open', '--data', dataDirectory, ...ports],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    shell = child;
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const { http, token } = readySchema.parse(JSON.parse(line));
    address = `${http}/?token=${token}`;
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    shell?.kill('SIGTERM');
    if (shell?.exitCode === null) await once(shell, 'close');
    rmSync(dataDirectory, { recursive: true, force: true });
  });

  it('takes a new administrator from the example organisation to a transaction explained', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(15_000);
    await page.goto(address);
    await walkAsNewAdministrator(page, 'headless');
  }, 60_000);
});
