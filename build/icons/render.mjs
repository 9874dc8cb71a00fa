/**
 * Renders icon.svg into the PNG files that electron-builder and the pages use, with Chromium: `node build/run.mjs
 * build/icons/render.mjs`. The PNG files are committed, since packing should need no browser.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const sizes = [16, 32, 48, 64, 128, 256, 512, 1024];
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const drawing = `data:image/svg+xml;base64,${readFileSync(here('icon.svg')).toString('base64')}`;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
for (const size of sizes) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}img{display:block;width:100vw}</style><img src="${drawing}">`);
  await page.screenshot({ path: here(`${size}x${size}.png`), omitBackground: true });
  await page.close();
}
await browser.close();
