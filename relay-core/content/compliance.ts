/**
 * The administrator's content rules applied to a message, in their order, up to the first that rejects (FIL-2). It says
 * what each found; what follows is decided in `policy/rules/content.ts`.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeWords } from 'postal-mime';
import type { ComplianceResult } from '../contract/content.ts';
import type { ComplianceRule } from '../settings/filtering.ts';
import { type Expression, readExpression } from './expression.ts';
import { applyEdits, planFooter } from './footer.ts';
import { decodeText } from './mime-headers.ts';
import { decodedBody, entitiesOf, type MimeTree } from './mime-tree.ts';

export interface ComplianceFindings {
  readonly results: readonly ComplianceResult[];
  /** What was too much to look through; null when all was. */
  readonly unread: string | null;
}

/** Characters that all body rules together look through for one message: about a second's work in all. */
const maxCharactersInAll = 8 * 1024 * 1024;
/** Characters of one body that are looked through. */
const maxBodyCharacters = 1024 * 1024;
/** A body above this is looked through with other sessions served between two rules. */
const longBodyCharacters = 16 * 1024;

export async function applyCompliance(
  content: Buffer,
  tree: MimeTree,
  rules: readonly ComplianceRule[],
): Promise<ComplianceFindings> {
  const expressions = expressionsOf(rules);
  const looked = whatIsLookedAt(tree, rules);
  const results: ComplianceResult[] = [];
  let current = content;
  for (const [index, rule] of rules.entries()) {
    const expression = expressions[index];
    if (expression === undefined) throw new Error(`content rule ${index} has no expression`);
    if (rule.match === 'body' && looked.body.length > longBodyCharacters) await nextTurn();
    const found = firstFound(expression, looked[rule.match]);
    const { description, match, pattern, action } = rule;
    const result = { index, description, match, pattern, action: action.kind, found };
    if (found === null || action.kind === 'reject') {
      results.push(result);
      if (found !== null) break;
      continue;
    }
    const plan = planFooter(current, action.footer);
    results.push({ ...result, footer: { text: action.footer, result: plan.result } });
    current = applyEdits(current, plan.edits);
  }
  return { results, unread: looked.unread };
}

interface LookedAt {
  readonly subject: readonly string[];
  readonly body: readonly string[];
  /** One text for each attachment: its name and its type. */
  readonly 'attachment-type': readonly string[];
  readonly unread: string | null;
}

function whatIsLookedAt({ root }: MimeTree, rules: readonly ComplianceRule[]): LookedAt {
  const subject = root.headers.find(({ name }) => name === 'subject')?.value ?? '';
  const bodyRules = rules.filter(({ match }) => match === 'body').length;
  const allowed =
    bodyRules === 0 ? 0 : Math.min(maxBodyCharacters, Math.floor(maxCharactersInAll / bodyRules));
  const attachments: string[] = [];
  const body: string[] = [];
  let left = allowed;
  let unread: string | null = null;
  for (const entity of entitiesOf(root)) {
    const { type, disposition, fileName, children, parameters } = entity;
    const isAttachment = disposition === 'attachment' || fileName !== null;
    if (isAttachment) attachments.push(fileName === null ? type : `${fileName} (${type})`);
    if (isAttachment || children.length > 0 || !type.startsWith('text/') || bodyRules === 0) continue;
    const text = decodeText(decodedBody(entity), parameters.get('charset') ?? '');
    if (text.length > left) unread = `the body beyond its first ${allowed} characters`;
    body.push(text.slice(0, left));
    left -= Math.min(left, text.length);
  }
  return { subject: [decodeWords(subject)], body, 'attachment-type': attachments, unread };
}

function firstFound({ find }: Expression, texts: readonly string[]): string | null {
  for (const text of texts) {
    const found = find(text);
    if (found !== null) return found;
  }
  return null;
}

const known = new WeakMap<readonly ComplianceRule[], readonly Expression[]>();

/** Compiled once for each bench file. */
function expressionsOf(rules: readonly ComplianceRule[]): readonly Expression[] {
  const ready = known.get(rules);
  if (ready !== undefined) return ready;
  const expressions = rules.map(({ pattern, match }) => {
    // Media types and file names are compared without regard to case (RFC 2045 §5.1).
    const reading = readExpression(match === 'attachment-type' ? `(?i)${pattern}` : pattern);
    if (reading.outcome === 'problem')
      throw new Error(`the expression ${pattern} was checked when the file was read`);
    return reading.expression;
  });
  known.set(rules, expressions);
  return expressions;
}
