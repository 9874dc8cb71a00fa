/**
 * The parameters of MAIL: SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531) and AUTH (RFC 4954), the extensions that
 * EHLO announces. RCPT has none.
 */

export type MailParameters =
  | { readonly outcome: 'parameters'; readonly declaredBytes: number | null; readonly smtpUtf8: boolean }
  /** `wrong` is the first parameter that is not taken. */
  | { readonly outcome: 'syntax'; readonly wrong: string };

const none: MailParameters = { outcome: 'parameters', declaredBytes: null, smtpUtf8: false };

/** RFC 1870 §3: at most 20 digits. */
const sizeValue = /^\d{1,20}$/;
const bodyValue = /^(?:7BIT|8BITMIME)$/i;
/** xtext (RFC 3461 §4), or `<>`. */
const authValue = /^(?:<>|(?:[!-*,-<>-~]|\+[0-9A-F]{2})+)$/;

/** Reads what stands behind the reverse-path. Unknown and repeated parameters are wrong. */
export function parseMailParameters(text: string): MailParameters {
  if (text.trim() === '') return none;
  const seen = new Set<string>();
  let declaredBytes: number | null = null;
  let smtpUtf8 = false;
  for (const parameter of text.trim().split(/ +/)) {
    const equals = parameter.indexOf('=');
    const keyword = (equals === -1 ? parameter : parameter.slice(0, equals)).toUpperCase();
    const value = equals === -1 ? null : parameter.slice(equals + 1);
    if (seen.has(keyword) || !isKnown(keyword, value)) return { outcome: 'syntax', wrong: parameter };
    seen.add(keyword);
    if (keyword === 'SIZE') declaredBytes = Number(value);
    if (keyword === 'SMTPUTF8') smtpUtf8 = true;
  }
  return { outcome: 'parameters', declaredBytes, smtpUtf8 };
}

function isKnown(keyword: string, value: string | null): boolean {
  switch (keyword) {
    case 'SIZE':
      return value !== null && sizeValue.test(value);
    case 'BODY':
      return value !== null && bodyValue.test(value);
    case 'SMTPUTF8':
      return value === null;
    case 'AUTH':
      return value !== null && authValue.test(value);
    default:
      return false;
  }
}
