/**
 * What belongs to the person's system: displays, dialogs, other programs, the clipboard. There is nobody to ask and
 * nothing to open, so a spec replaces these functions through `evaluate`, and an unreplaced one fails.
 */
const refuse = (name: string) => (): never => {
  throw new Error(`${name}: there is nobody here to see it; a spec replaces it through evaluate`);
};

export const dialog = {
  showMessageBox: refuse('dialog.showMessageBox'),
  showSaveDialog: refuse('dialog.showSaveDialog'),
  showErrorBox: refuse('dialog.showErrorBox'),
};

export const shell = {
  openPath: refuse('shell.openPath'),
  openExternal: refuse('shell.openExternal'),
  showItemInFolder: refuse('shell.showItemInFolder'),
};

let copied = '';
export const clipboard = {
  writeText: (text: string): void => {
    copied = text;
  },
  readText: (): string => copied,
};

const area = { x: 0, y: 0, width: 1920, height: 1080 };
const display = { id: 1, bounds: area, workArea: area, scaleFactor: 1 };
export const screen = { getAllDisplays: () => [display], getPrimaryDisplay: () => display };

export const nativeTheme = { shouldUseDarkColors: false, themeSource: 'system' };
