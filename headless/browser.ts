/** Opens the page in the person's browser, where there is one to open. */
import open from 'open';

/** Whether a browser window could appear: not in CI, and on Linux not without a display. */
export function canShowBrowser(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (environment.CI !== undefined && environment.CI !== 'false') return false;
  return platform !== 'linux' || Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

/** Opens an address. A browser that cannot be started is no failure: the address has been printed. */
export async function openBrowser(address: string): Promise<void> {
  const started = await open(address).catch(() => null);
  started?.on('error', () => {});
}
