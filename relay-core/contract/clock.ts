/** The engine's clock as it is read, changed and stepped on. */
import { z } from 'zod';
import { quotaWindowSchema, timeSchema } from './words.ts';

/** The fastest a simulated clock runs, in engine seconds a second. */
export const fastestSpeed = 3600;
/** The longest step, in minutes: a year. */
export const longestStepMinutes = 366 * 24 * 60;

export const clockSchema = z.object({
  now: timeSchema,
  mode: z.enum(['real', 'simulated']),
  /** Engine seconds for each second of wall time: 1, or faster when simulated. */
  speed: z.number(),
  /** How far engine time is ahead of wall time. */
  offsetMs: z.number(),
});
export type ClockView = z.infer<typeof clockSchema>;

/**
 * Any of the keys that are read; what is left out stays. `mode: real` starts a simulated clock over: wall time, and empty
 * windows. `offsetMs`, or `now`, moves it on and never back; from there it runs at `speed`, or at 1.
 */
export const clockChangeSchema = z.strictObject({
  mode: z.enum(['real', 'simulated']).optional(),
  speed: z.number().min(1).max(fastestSpeed).optional(),
  offsetMs: z.number().int().optional(),
  /** Left out of account where `offsetMs` is given, as in what was read; refused for a real clock without it. */
  now: timeSchema.optional(),
});
export type ClockChange = z.infer<typeof clockChangeSchema>;

/** One step on, after which time runs at 1×: by minutes, or to where the next place frees up. */
export const clockStepSchema = z.strictObject({
  minutes: z.number().max(longestStepMinutes).optional(),
  to: z.literal('next-free-place').optional(),
  /** With `to`: of this window only. */
  window: quotaWindowSchema.optional(),
  /** With `to`: of this user's windows only. */
  user: z.string().max(320).optional(),
});
export type ClockStep = z.infer<typeof clockStepSchema>;
