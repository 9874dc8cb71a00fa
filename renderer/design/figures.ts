/** Figures and times as people read them: grouped numbers, bytes, local time with UTC beside it. British English. */

const grouped = new Intl.NumberFormat('en-GB');
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayAndClock = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const weekdayAndClock = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** `13000` → `13,000`. */
export const figure = (value: number): string => grouped.format(value);

/** A count with its noun: `1 recipient`, `2,000 recipients`. */
export const count = (value: number, noun: string): string =>
  `${figure(value)} ${noun}${value === 1 ? '' : 's'}`;

const ordinals = new Intl.PluralRules('en-GB', { type: 'ordinal' });
const ordinalEndings: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' };

/** A place in an order: `1st`, `22nd`, `1,003rd`. */
export const ordinal = (value: number): string =>
  `${figure(value)}${ordinalEndings[ordinals.select(value)] ?? 'th'}`;

/** Bytes, to three places: `870 B`, `12.4 kB`, `35.9 MB` (powers of 1,000). */
export const bytes = (value: number): string => {
  if (value < 1_000) return `${value} B`;
  if (value < 1_000_000) return `${(value / 1_000).toFixed(value < 10_000 ? 1 : 0)} kB`;
  return `${(value / 1_000_000).toFixed(1)} MB`;
};

const sameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString();

/** Local time, with the day only where it is not that of `now`: `15:04:05`, `23 Nov, 15:04`. */
export const localTime = (iso: string, now: Date = new Date()): string => {
  const at = new Date(iso);
  return sameDay(at, now) ? clock.format(at) : dayAndClock.format(at);
};

/** Local time in the width of a column: `15:04:05` on the day of `now`, `Mon 15:04` within six days, `12 Nov` before that. */
export const shortTime = (iso: string, now: Date = new Date()): string => {
  const at = new Date(iso);
  if (sameDay(at, now)) return clock.format(at);
  const daysApart = Math.abs(now.getTime() - at.getTime()) / 86_400_000;
  return daysApart < 6 ? weekdayAndClock.format(at).replace(',', '') : day.format(at);
};

/** The same moment in UTC, to the millisecond: `2026-11-24 15:04:05.123 UTC`. */
export const utcTime = (iso: string): string =>
  `${new Date(iso).toISOString().replace('T', ' ').replace('Z', '')} UTC`;

const utcClock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
});
const utcDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/**
 * Local time with UTC beside it, since the engine's sentences name moments in UTC: `15:04:05 (14:04:05 UTC)`, with UTC's
 * day where it is another; UTC alone where the two are one.
 */
export const bothTimes = (iso: string, now: Date): string => {
  const at = new Date(iso);
  const local = localTime(iso, now);
  if (at.getTimezoneOffset() === 0) return `${local} UTC`;
  const otherDay = day.format(at) === utcDay.format(at) ? '' : `${utcDay.format(at)}, `;
  return `${local} (${otherDay}${utcClock.format(at)} UTC)`;
};

/** A share of a limit as a percentage of at most three figures: `0%`, `0.4%`, `87%`, `100%`. Never rounds up to full. */
export const share = (used: number, limit: number): string => {
  if (limit <= 0) return used > 0 ? 'over' : '–';
  const percent = (used / limit) * 100;
  if (percent === 0 || percent >= 10) return `${Math.floor(percent)}%`;
  return percent < 0.1 ? '<0.1%' : `${percent.toFixed(1)}%`;
};
