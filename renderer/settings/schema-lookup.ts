/** Looks things up in the bench file's JSON Schema: what stands at a path, its keys, its values, its text. Pure. */
import { z } from 'zod';

type Schema = z.infer<typeof schemaSchema>;

/** The part of JSON Schema that a schema made by zod uses. */
const schemaSchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  get properties() {
    return z.record(z.string(), schemaSchema).optional();
  },
  get items() {
    return schemaSchema.optional();
  },
  get anyOf() {
    return z.array(schemaSchema).optional();
  },
  get oneOf() {
    return z.array(schemaSchema).optional();
  },
  get allOf() {
    return z.array(schemaSchema).optional();
  },
});

export type SchemaEntry = {
  name: string;
  description: string | null;
  type: string | null;
  value: string | null;
};

export type SchemaLookup = {
  /** The keys that may stand in the mapping at a path. */
  keysAt: (path: readonly string[]) => SchemaEntry[];
  /** The values that may stand at a path, where they are few. */
  valuesAt: (path: readonly string[]) => string[];
  /** What stands at a path, for people. */
  describe: (path: readonly string[]) => SchemaEntry | null;
};

const typeOf = (schema: Schema): string | null => {
  if (schema.enum) return schema.enum.map(String).join(' | ');
  if (schema.const !== undefined) return String(schema.const);
  if (schema.type) return Array.isArray(schema.type) ? schema.type.join(' | ') : schema.type;
  return null;
};

const shown = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** A lookup over a schema document; an empty one when the document is no schema. */
export const schemaLookup = (document: unknown): SchemaLookup => {
  const parsed = schemaSchema.safeParse(document);
  const root: Schema = parsed.success ? parsed.data : {};

  const pointed = (pointer: string): Schema | null => {
    let found: unknown = root;
    for (const key of pointer.replace(/^#\//, '').split('/')) {
      if (typeof found !== 'object' || found === null) return null;
      found = new Map(Object.entries(found)).get(key.replaceAll('~1', '/').replaceAll('~0', '~'));
    }
    const schema = schemaSchema.safeParse(found);
    return schema.success ? schema.data : null;
  };

  /** A schema with every alternative it stands for; depth is bounded, since references may go round. */
  const alternatives = (schema: Schema, depth = 0): Schema[] => {
    if (depth > 8) return [];
    const target = schema.$ref === undefined ? null : pointed(schema.$ref);
    const others = [
      ...(target ? [target] : []),
      ...(schema.anyOf ?? []),
      ...(schema.oneOf ?? []),
      ...(schema.allOf ?? []),
    ];
    return [schema, ...others.flatMap((one) => alternatives(one, depth + 1))];
  };

  const at = (path: readonly string[]): Schema[] =>
    path.reduce<Schema[]>(
      (schemas, key) =>
        schemas
          .map((schema) => (key === '[]' ? schema.items : schema.properties?.[key]))
          .filter((schema) => schema !== undefined)
          .flatMap((schema) => alternatives(schema)),
      alternatives(root),
    );

  const entry = (name: string, schemas: readonly Schema[]): SchemaEntry => ({
    name,
    description: schemas.find(({ description }) => description !== undefined)?.description ?? null,
    type: schemas.map(typeOf).find((type) => type !== null) ?? null,
    value: schemas.map((schema) => shown(schema.default)).find((value) => value !== null) ?? null,
  });

  return {
    keysAt: (path) =>
      [...new Set(at(path).flatMap(({ properties = {} }) => Object.keys(properties)))].map((name) =>
        entry(name, at([...path, name])),
      ),
    valuesAt: (path) => [
      ...new Set(
        at(path).flatMap((schema) => {
          if (schema.enum) return schema.enum.map(String);
          if (schema.const !== undefined) return [String(schema.const)];
          return schema.type === 'boolean' ? ['true', 'false'] : [];
        }),
      ),
    ],
    describe: (path) => {
      const schemas = at(path);
      const name = path.findLast((key) => key !== '[]');
      return schemas.length > 0 && name !== undefined ? entry(name, schemas) : null;
    },
  };
};
