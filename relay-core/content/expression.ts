/**
 * The expressions of content rules: RE2 syntax, as in Gmail's own content compliance. It matches in linear time, so no
 * expression of a bench file can hang the engine. Case counts unless the expression begins with (?i).
 */
import { RE2JS } from 're2js';

export interface Expression {
  /** What matched first; null when nothing did. */
  readonly find: (text: string) => string | null;
}

export type ExpressionReading =
  | { readonly outcome: 'expression'; readonly expression: Expression }
  | { readonly outcome: 'problem'; readonly message: string };

/** Long matches are cut where they are shown. */
const maxShownCharacters = 200;

export function readExpression(pattern: string): ExpressionReading {
  try {
    const compiled = RE2JS.compile(pattern);
    const find = (text: string) => {
      const matcher = compiled.matcher(text);
      return matcher.find() ? (matcher.group() ?? '').slice(0, maxShownCharacters) : null;
    };
    return { outcome: 'expression', expression: { find } };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { outcome: 'problem', message: message.replace(/^error parsing regexp: /, '') };
  }
}
