/** The frame of the app: whose organisation, which listeners, what does nothing yet, and what just happened. */
import { z } from 'zod';
import { clockSchema } from './clock.ts';
import { pendingVersionSchema } from './pending-version.ts';
import { portRoleSchema, ruleBasisSchema } from './words.ts';

export const listenerStateSchema = z.object({
  /** `proxy` is a relay listener behind PROXY v1. */
  role: z.enum([...portRoleSchema.options, 'proxy']),
  host: z.string(),
  port: z.number().int(),
  /** The port of the real service that it stands for. */
  standsFor: z.number().int(),
  /** True when other machines can reach it. */
  beyondLoopback: z.boolean(),
  /** Null when it listens; else what went wrong and what to do. */
  problem: z.string().nullable(),
});
export type ListenerState = z.infer<typeof listenerStateSchema>;

/** A hint about the bench file that does not stop it: a wide range, `any` senders, a private address. */
export const benchNoticeSchema = z.object({
  /** Where in the bench file, as `settings[0].requireTls`. */
  path: z.string(),
  text: z.string(),
});
export type BenchNotice = z.infer<typeof benchNoticeSchema>;

export const statusSchema = z.object({
  organisation: z.string(),
  primaryDomain: z.string(),
  /** True while the shipped example organisation is the one that runs. */
  example: z.boolean(),
  licences: z.number().int(),
  profile: z.enum(['g-suite', 'workspace']),
  benchVersion: z.string(),
  listeners: z.array(listenerStateSchema),
  notices: z.array(benchNoticeSchema),
  /** Saved changes on their way, the next one first; absent from engines that know no delay (SET-6). */
  pendingVersions: z.array(pendingVersionSchema).optional(),
  clock: clockSchema,
  /** What keeps the engine from working fully, for people: a full disk, a listener that could not start. */
  problems: z.array(z.string()),
  version: z.string(),
});
export type Status = z.infer<typeof statusSchema>;

/** A coalesced snapshot, at most every 100 ms; never a backlog. `latestTransaction` changes when there is something new. */
export const snapshotSchema = z.object({
  status: statusSchema,
  latestTransaction: z.string().nullable(),
  /** Transactions kept in all. */
  transactions: z.number().int(),
  openSessions: z.number().int(),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

export const ruleSchema = z.object({
  id: z.string(),
  group: z.string(),
  basis: ruleBasisSchema,
  text: z.string(),
  /** Whether the engine acts on it in this version. */
  implemented: z.boolean(),
});
export type RuleView = z.infer<typeof ruleSchema>;
