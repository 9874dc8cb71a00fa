/**
 * Organisational units: relay settings can be edited at the root only, the others show them inherited and read-only
 * (ORG-4). What a unit can have of its own is comprehensive mail storage (STO-1).
 */
import { z } from 'zod';

export const organisationalUnitSchema = z.object({
  /** `/` is the root. */
  path: z.string(),
  /** Registered users in the unit itself. */
  users: z.number().int(),
  mailStorage: z.object({
    on: z.boolean(),
    /** The unit whose value it is: this one, or the nearest above. */
    setAt: z.string(),
  }),
  /** Where its relay settings come from; null at the root, where they are edited. */
  settingsInheritedFrom: z.string().nullable(),
});
export type OrganisationalUnitView = z.infer<typeof organisationalUnitSchema>;

export const organisationalUnitsSchema = z.object({
  items: z.array(organisationalUnitSchema),
  nextCursor: z.string().nullable(),
});

export const unitSettingsSchema = z.object({
  path: z.string(),
  readOnly: z.boolean(),
  /** Null at the root. */
  inheritedFrom: z.string().nullable(),
  /** As under `settings` in the bench file, defaults filled in. */
  settings: z.array(z.json()),
});

export const unitSettingsDraftSchema = z.strictObject({
  path: z.string().min(1).max(1_000),
  /** As under `settings` in the bench file. */
  settings: z.array(z.json()).max(500),
  /** When given, they are replaced only if this is still the running version of the bench file. */
  version: z.string().max(200).optional(),
});
