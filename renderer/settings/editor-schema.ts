/** What the schema gives the editor: completion of keys and values, and an explanation on hover. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { hoverTooltip } from '@codemirror/view';
import type { SchemaEntry, SchemaLookup } from './schema-lookup.ts';
import { placeAt } from './yaml-place.ts';

const explanation = ({ description, type, value }: SchemaEntry): string =>
  [description, type && `Takes: ${type}`, value && `Default: ${value}`].filter(Boolean).join('\n');

const keyOption = (entry: SchemaEntry): Completion => ({
  label: entry.name,
  apply: `${entry.name}: `,
  type: 'property',
  ...(entry.type ? { detail: entry.type } : {}),
  ...(explanation(entry) ? { info: explanation(entry) } : {}),
});

/** A completion source over a schema. It offers where it was asked for, and while something is being typed. */
export const schemaCompletion =
  (schema: () => SchemaLookup) =>
  (context: CompletionContext): CompletionResult | null => {
    const place = placeAt(context.state.sliceDoc(0, context.pos));
    if (!place || (place.typed === '' && !context.explicit && place.kind === 'key')) return null;
    const options: Completion[] =
      place.kind === 'key'
        ? schema().keysAt(place.path).map(keyOption)
        : schema()
            .valuesAt(place.path)
            .map((label) => ({ label, type: 'enum' }));
    const items = place.kind === 'key' ? schema().valuesAt(place.path) : [];
    const all = [...options, ...items.map((label): Completion => ({ label, type: 'enum' }))];
    return all.length === 0
      ? null
      : { from: context.pos - place.typed.length, options: all, validFor: /^[\w-]*$/ };
  };

/** Shows what a key is for when the pointer rests on it. */
export const schemaHover = (schema: () => SchemaLookup) =>
  hoverTooltip((view, position) => {
    const word = view.state.wordAt(position);
    if (!word) return null;
    const line = view.state.doc.lineAt(position);
    const after = view.state.sliceDoc(word.to, line.to);
    const isKey = /^["']?\s*:/.test(after);
    const place = placeAt(view.state.sliceDoc(0, isKey ? word.to : position));
    if (!place) return null;
    const path = isKey ? [...place.path, view.state.sliceDoc(word.from, word.to)] : place.path;
    const entry = schema().describe(path);
    if (!entry) return null;
    return {
      pos: word.from,
      end: word.to,
      above: true,
      create: () => {
        const dom = document.createElement('div');
        dom.className = 'cm-schema-hover';
        const name = document.createElement('strong');
        name.textContent = entry.name;
        const text = document.createElement('div');
        text.textContent = explanation(entry);
        dom.append(name, text);
        return { dom };
      },
    };
  });
