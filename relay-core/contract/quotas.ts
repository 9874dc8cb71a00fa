/** Quota windows as they stand, and their use over time. */
import { z } from 'zod';
import { limitSourceSchema, quotaWindowSchema, timeSchema } from './words.ts';

export const quotaWindowStateSchema = z.object({
  window: quotaWindowSchema,
  /** The registered user the window belongs to; absent for the customer's windows. */
  user: z.string().optional(),
  used: z.number().int(),
  /** Places held by transactions between DATA and their last reply (CQ-8). */
  reserved: z.number().int(),
  limit: z.number().int(),
  limitSource: limitSourceSchema,
  /** When the next place frees up; null when nothing is used. */
  nextFreeAt: timeSchema.nullable(),
  /** How much of `used` was filled in by hand. */
  simulated: z.number().int(),
  /** How many messages of the size asked about still fit, each to recipients that are new to the window. */
  messagesThatFit: z.number().int(),
});
export type QuotaWindowState = z.infer<typeof quotaWindowStateSchema>;

/** The customer's two windows lead every page of the list; users follow by share of their limit. */
export const quotasSchema = z.object({
  windows: z.array(quotaWindowStateSchema),
  nextCursor: z.string().nullable(),
});

/** Use over time: one point for each sample, with the refusals that happened since the one before. */
export const quotaHistorySchema = z.object({
  window: quotaWindowSchema,
  user: z.string().optional(),
  limit: z.number().int(),
  points: z.array(z.object({ at: timeSchema, used: z.number().int(), refused: z.number().int() })),
});
export type QuotaHistory = z.infer<typeof quotaHistorySchema>;

/** Fills one window up to `used`; other windows stay as they are. */
export const quotaFillSchema = z.strictObject({
  window: quotaWindowSchema,
  /** An address of the user whose window it is; left out for the customer's. */
  user: z.string().max(320).optional(),
  used: z.number().int().min(0),
});
export type QuotaFill = z.infer<typeof quotaFillSchema>;

/** How many entries were taken out. */
export const quotaFillsRemovedSchema = z.object({ removed: z.number().int() });
