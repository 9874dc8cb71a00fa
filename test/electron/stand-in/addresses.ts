/**
 * Chromium does not navigate to a scheme it does not know, so a page of `app://ui/` is shown as `https://ui.app.standin/`;
 * everything the app sees is translated back.
 */
const suffix = '.standin';

/** `app://ui/x` → `https://ui.app.standin/x`; other addresses as they are. */
export function toShown(address: string): string {
  const url = new URL(address);
  if (['http:', 'https:', 'about:', 'data:', 'blob:', 'file:'].includes(url.protocol)) return address;
  return address.replace(
    /^([a-z]+):\/\/([^/?#]*)/,
    (_all, scheme, host) => `https://${host}.${scheme}${suffix}`,
  );
}

/** `https://ui.app.standin/x` → `app://ui/x`; other addresses as they are. */
export function toReal(address: string): string {
  return address.replace(
    /https:\/\/([^/?#]*)\.([a-z]+)\.standin(?=[/?#]|$)/,
    (_all, host, scheme) => `${scheme}://${host}`,
  );
}
