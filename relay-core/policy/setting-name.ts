/** How a relay setting is called in sentences: by its description, or its place in the bench file. */
import type { RelaySetting } from '../settings/types.ts';

export function nameOf({ description, index }: RelaySetting): string {
  return description === '' ? `setting ${index + 1}` : description;
}
