/** Which keys may stand at a place of the bench file, read off its schema, so that a slip can be answered with the nearest. */
import { z } from 'zod';
import type { KeyPath } from './problem.ts';
import { benchFileSchema } from './schema.ts';

/** The keys known at a path; list positions are skipped over. Empty where there is no group of keys. */
export function keysKnownAt(path: KeyPath): readonly string[] {
  const schema = path.reduce<z.core.$ZodType | null>(
    (each, key) => (each === null ? null : step(each, key)),
    benchFileSchema,
  );
  const group = schema === null ? null : unwrapped(schema);
  return group instanceof z.ZodObject ? Object.keys(group.shape) : [];
}

function step(schema: z.core.$ZodType, key: string | number): z.core.$ZodType | null {
  const group = unwrapped(schema);
  if (group instanceof z.ZodArray) return group.element;
  if (group instanceof z.ZodObject) {
    const child: unknown = group.shape[key];
    return child instanceof z.ZodType ? child : null;
  }
  return null;
}

/** Takes defaults, optionals and unions off; of a union, the member that is a group. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  ) {
    return unwrapped(schema.unwrap());
  }
  if (schema instanceof z.ZodUnion) {
    return schema.options.map(unwrapped).find((option) => option instanceof z.ZodObject) ?? schema;
  }
  return schema;
}
