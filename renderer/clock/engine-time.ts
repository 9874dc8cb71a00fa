/** The engine's clock between two readings, and in words. Pure: wall time comes in as a parameter. */
import type { ClockView } from '../../relay-core/contract/index.ts';

/** A reading of the engine's clock, with the wall time at which it was made. */
export type Reading = { clock: ClockView; readAtMs: number };

/** Engine time in epoch milliseconds, `wallMs` being the wall time now: the reading, run on at the clock's own pace. */
export const engineTimeAt = ({ clock, readAtMs }: Reading, wallMs: number): number =>
  Date.parse(clock.now) + Math.max(0, wallMs - readAtMs) * clock.speed;

/** A step back of this much wall time, run at the clock's pace, is a reading that was long under way, and not shown. */
const jitterMs = 1_500;

/** What to show after `shownMs`: the newer time, but never back by a trifle. A clock that was started over does go back. */
export const neverBackByATrifle = (shownMs: number, nextMs: number, speed: number): number =>
  nextMs < shownMs && shownMs - nextMs <= jitterMs * speed ? shownMs : nextMs;

/** How often a ticking clock is drawn: each second at 1×, four times a second when it runs faster. */
export const tickMsOf = (speed: number): number => (speed > 1 ? 250 : 1_000);

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const minuteMs = 60_000;

/** How far a clock is ahead, to the second, in its two largest units: `2 d 3 h`, `1 h`, `10 min`, `40 s`; empty for none. */
export const aheadInWords = (aheadMs: number): string => {
  const offsetMs = Math.round(aheadMs / 1_000) * 1_000;
  const units = [
    [Math.floor(offsetMs / dayMs), 'd'],
    [Math.floor((offsetMs % dayMs) / hourMs), 'h'],
    [Math.floor((offsetMs % hourMs) / minuteMs), 'min'],
    [Math.floor((offsetMs % minuteMs) / 1_000), 's'],
  ] as const;
  const first = units.findIndex(([value]) => value > 0);
  if (first === -1) return '';
  return units
    .slice(first, first + 2)
    .flatMap(([value, unit]) => (value > 0 ? [`${value} ${unit}`] : []))
    .join(' ');
};

const full = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** Engine time as it stands in the frame, local, with its day, since a simulated day is seldom today: `Wed 25 Nov 10:00:07`. */
export const engineTimeInWords = (epochMs: number): string => full.format(epochMs).replaceAll(',', '');
