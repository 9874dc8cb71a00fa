/** Round times along a chart, in local time, and how each is written: the time of day, or the day where one begins. Pure. */
import type { Span } from './chart-points.ts';

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;

const steps = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * secondMs),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 3, 4, 6, 12, 24].map((hours) => hours * hourMs),
];

/** By how much local time is ahead of UTC, in milliseconds. */
const aheadOfUtcMs = (at: number): number => -new Date(at).getTimezoneOffset() * minuteMs;

/** At most `most` times within a span, round by local time, epoch ms. */
export const timeTicks = ({ from, to }: Span, most: number): number[] => {
  const step = steps.find((ms) => (to - from) / ms <= Math.max(1, most)) ?? 24 * hourMs;
  const ahead = aheadOfUtcMs(from);
  const first = Math.ceil((from + ahead) / step) * step - ahead;
  const count = Math.floor((to - first) / step) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * step);
};

const hourAndMinute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const withSeconds = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** `15:00`, or `25 Nov` at midnight, or `15:00:20` where seconds matter. */
export const tickText = (at: number): string => {
  const text = withSeconds.format(at);
  if (text === '00:00:00') return day.format(at);
  return text.endsWith(':00') ? hourAndMinute.format(at) : text;
};

const dayAndTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** A moment of a chart in words: `24 Nov, 15:00:20`. */
export const momentText = (at: number): string => dayAndTime.format(at);

/** A stretch in words: `24 Nov, 15:00:20 to 24 Nov, 16:10:00`. */
export const spanText = ({ from, to }: Span): string => `${momentText(from)} to ${momentText(to)}`;
