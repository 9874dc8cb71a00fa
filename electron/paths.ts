/**
 * Where the desktop app keeps things. The engine's data lie in the user's folder for this app; what Chromium keeps for
 * itself goes into a folder below it, so that "Open data folder" shows the person's own files. The headless shell has
 * another default on purpose: this one is Electron's, with the single-instance lock, and a store serves one engine.
 */
import { join } from 'node:path';
import { app } from 'electron';
import type { DesktopOptions } from './options.ts';

/** The folder of the built files, beside which `renderer/` lies. */
export const builtFolder = import.meta.dirname;
export const pagesFolder = join(builtFolder, '..', 'renderer');

/** Must run before the app is ready, and before the single-instance lock, which belongs to the data directory. */
export function choosePaths({ data }: DesktopOptions['paths']): void {
  if (data !== undefined) app.setPath('userData', data);
  app.setPath('sessionData', join(app.getPath('userData'), 'browser'));
}

/** The data directory, absolute. */
export const dataDirectory = (): string => app.getPath('userData');

/** The bench file: the one that was asked for, else `bench.yaml` in the data directory. */
export const benchFile = ({ config }: DesktopOptions['paths']): string =>
  config ?? join(dataDirectory(), 'bench.yaml');
