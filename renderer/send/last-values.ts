/** The form's last values: they stay over a restart, except the password and attachments, which stay only while the page is open. */
import { z } from 'zod';
import { portRoleSchema, tlsModeSchema } from '../../relay-core/contract/index.ts';
import type { FilledFrom } from './again.ts';
import { contentKinds, type FormValues } from './form-values.ts';

const key = 'relay-bench-send';

const keptSchema = z.object({
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  content: z.enum(contentKinds),
  text: z.string(),
  html: z.string(),
  raw: z.string(),
  portRole: portRoleSchema,
  tls: tlsModeSchema,
  authenticate: z.boolean(),
  mechanism: z.string(),
  user: z.string(),
  heloName: z.string(),
  claimedAddress: z.string(),
});

let whileOpen: FormValues | null = null;
let filledFrom: FilledFrom | null = null;

const readKept = (): unknown => {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
};

/** The last values, or null when the form was never used here. */
export const lastValues = (): FormValues | null => {
  if (whileOpen) return whileOpen;
  const kept = keptSchema.safeParse(readKept());
  return kept.success ? { ...kept.data, password: '', attachments: [] } : null;
};

/** Keeps the values as they are now. */
export const keepValues = (values: FormValues): void => {
  whileOpen = values;
  const { password: _password, attachments: _attachments, ...kept } = values;
  try {
    localStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // A very large text does not fit: then the values stay only while the page is open.
  }
};

/** Fills the form in, and keeps from what. */
export const fillIn = (values: FormValues, from: FilledFrom): void => {
  keepValues(values);
  filledFrom = from;
};

/** The transaction that the form was filled in from and that was not sent yet. */
export const formFilledFrom = (): FilledFrom | null => filledFrom;

export const forgetFilledFrom = (): void => {
  filledFrom = null;
};
