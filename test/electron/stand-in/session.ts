/**
 * `session`: the questions about permissions and requests. Chromium without a screen asks nobody, so what the app's
 * check says is told to Chromium beforehand.
 */
import { EventEmitter } from 'node:events';
import { toReal } from './addresses.ts';
import { toBrowser } from './windows-of-chromium.ts';

type PermissionCheck = (contents: unknown, permission: string, origin: string) => boolean;
type BeforeRequest = (details: { url: string }, answer: (result: { cancel?: boolean }) => void) => void;

/** Electron's names for permissions, with Chromium's. */
const permissions: Readonly<Record<string, string>> = {
  'clipboard-sanitized-write': 'clipboard-write',
  geolocation: 'geolocation',
  media: 'camera',
  midi: 'midi',
  notifications: 'notifications',
};

class Session extends EventEmitter {
  check: PermissionCheck = () => true;
  beforeRequest: { schemes: Set<string>; listener: BeforeRequest } | null = null;
  readonly webRequest = {
    onBeforeRequest: (filter: { urls: string[] }, listener: BeforeRequest) => {
      const schemes = new Set(filter.urls.map((pattern) => pattern.split('/')[0] ?? ''));
      this.beforeRequest = { schemes, listener };
    },
  };

  setPermissionRequestHandler(): void {}

  setPermissionCheckHandler(check: PermissionCheck): void {
    this.check = check;
  }

  setDevicePermissionHandler(): void {}
}

export const defaultSession = new Session();
export const session = { defaultSession };

/** Whether the app cancels a request. Filters are taken by their scheme. */
export function isCancelled(url: string): Promise<boolean> {
  const { beforeRequest } = defaultSession;
  if (!beforeRequest?.schemes.has(new URL(url).protocol)) return Promise.resolve(false);
  return new Promise((resolve) => beforeRequest.listener({ url }, ({ cancel }) => resolve(cancel === true)));
}

/** Tells Chromium what the app's check answers for pages of an origin. */
export async function applyPermissions(contents: unknown, origin: string): Promise<void> {
  for (const [name, permission] of Object.entries(permissions)) {
    const setting = defaultSession.check(contents, name, `${toReal(origin)}/`) ? 'granted' : 'denied';
    await toBrowser('Browser.setPermission', { permission: { name: permission }, setting, origin });
  }
}
