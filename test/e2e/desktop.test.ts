/** The two-minute walk in the desktop app, on Electron or on its stand-in. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import {
  type Desktop,
  makeDataDirectory,
  noDesktop,
  removeDataDirectory,
  startDesktop,
} from '../electron/desktop.ts';
import { walkAsNewAdministrator } from './walk.ts';

describe.skipIf(noDesktop)('the desktop app', () => {
  let desktop: Desktop;
  let dataDirectory: string;

  beforeAll(async () => {
    dataDirectory = makeDataDirectory();
    desktop = await startDesktop({ dataDirectory });
  });
  afterAll(async () => {
    await desktop?.close();
    removeDataDirectory(dataDirectory);
  });

  it('takes a new administrator from the example organisation to a transaction explained', async () => {
    await walkAsNewAdministrator(desktop.page, 'desktop');
  }, 60_000);
});
