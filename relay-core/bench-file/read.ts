/**
 * From the text of a bench file to its content, or to problems that each name line, key and fix. Bounded: size, depth
 * and aliases of the YAML are limited before anything is made of it.
 */
import { type Document, LineCounter, parseDocument, type Scalar, type YAMLError } from 'yaml';
import { maxBenchFileBytes } from '../contract/bench.ts';
import { explainIssues } from './explain-issue.ts';
import { problemsOfMeaning } from './meaning.ts';
import { type Place, placeOf } from './place.ts';
import { type BenchProblem, type ProblemAt, pathText, type SomeProblems } from './problem.ts';
import { repeatedKeys } from './repeated-keys.ts';
import { type BenchFile, benchFileSchema, listenersSchema } from './schema.ts';

/** Places by the path of keys that leads there, such as `listeners.relay`. */
export type PlacesByPath = Readonly<Record<string, Place>>;

export type BenchFileReading =
  | {
      readonly outcome: 'read';
      readonly file: BenchFile;
      readonly document: Document;
      /** Where the keys stand that a running bench can still be refused for. */
      readonly places: PlacesByPath;
    }
  | { readonly outcome: 'problems'; readonly problems: readonly [BenchProblem, ...BenchProblem[]] };

/** More than this is no help to a person. */
const maxProblems = 100;
/** YAML nested deeper than any bench file is refused before it is parsed, since parsing recurses. */
const maxDepth = 40;
const maxAliases = 1_000;

export function readBenchFile(text: string): BenchFileReading {
  if (Buffer.byteLength(text) > maxBenchFileBytes) {
    return whole(
      'too-large',
      `the file is larger than ${maxBenchFileBytes} bytes`,
      'split the rehearsal, or shorten the list of users',
    );
  }
  const illFormed = placeOfHalfCharacter(text);
  if (illFormed !== null) {
    return {
      outcome: 'problems',
      problems: [
        {
          code: 'syntax',
          message: 'the text is no Unicode: half a character stands here, which no file can keep',
          hint: 'write the character anew, or take it out',
          ...illFormed,
        },
      ],
    };
  }
  if (nestedTooDeeply(text)) {
    return whole(
      'too-large',
      `the file is nested deeper than ${maxDepth} levels`,
      'a bench file needs six levels at the most',
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: true });
  const syntax = told(document.errors, syntaxProblem);
  if (isNotEmpty(syntax)) return { outcome: 'problems', problems: syntax };
  const repeated = told(repeatedKeys(document), (key) => repeatedKeyProblem(key, lines));
  if (isNotEmpty(repeated)) return { outcome: 'problems', problems: repeated };
  const content = contentOf(document);
  if (content.outcome === 'problems') return content;
  const parsed = benchFileSchema.safeParse(content.value);
  const { first, total } = parsed.success
    ? allOf(problemsOfMeaning(parsed.data))
    : withoutSlips(explainIssues(parsed.error.issues, content.value, maxProblems));
  const problems = told(first, (problem) => locate(problem, document, lines), total);
  if (isNotEmpty(problems)) return { outcome: 'problems', problems };
  if (!parsed.success) throw new Error('a bench file failed validation without an issue');
  return { outcome: 'read', file: parsed.data, document, places: placesOfListeners(document, lines) };
}

/** What is told of many problems: the first, and last how many more there are. */
function told<Found>(
  found: readonly Found[],
  problemOf: (each: Found) => BenchProblem,
  total = found.length,
): BenchProblem[] {
  const problems = found.slice(0, maxProblems).map(problemOf);
  const more = total - problems.length;
  if (more === 0) return problems;
  const message = `${more.toLocaleString('en')} more ${more === 1 ? 'problem is' : 'problems are'} not listed`;
  return [...problems, { code: 'more-problems', message, hint: 'mend these first' }];
}

const allOf = (problems: readonly ProblemAt[]): SomeProblems => ({ first: problems, total: problems.length });

/** Half of a surrogate pair: it is lost where text is written as UTF-8. */
function placeOfHalfCharacter(text: string): Place | null {
  if (text.isWellFormed()) return null;
  const before = text.slice(0, text.search(/\p{Surrogate}/u)).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** A key that is missing because it was misspelt is told once, as the slip it is. */
function withoutSlips({ first: problems, total }: SomeProblems): SomeProblems {
  const meant = new Set(
    problems.flatMap(({ code, at, nearest }) =>
      code === 'unknown-key' && nearest !== undefined ? [pathText([...at.slice(0, -1), nearest])] : [],
    ),
  );
  const first = problems.filter(({ code, at }) => code !== 'missing-key' || !meant.has(pathText(at)));
  return { first, total: total - (problems.length - first.length) };
}

type Problems = Extract<BenchFileReading, { outcome: 'problems' }>;

function whole(code: ProblemAt['code'], message: string, hint: string): Problems {
  return { outcome: 'problems', problems: [{ code, message, hint, line: 1, column: 1 }] };
}

function isNotEmpty<Item>(items: readonly Item[]): items is readonly [Item, ...Item[]] {
  return items.length > 0;
}

function contentOf(document: Document): { readonly outcome: 'value'; readonly value: unknown } | Problems {
  try {
    const value: unknown = document.toJS({ maxAliasCount: maxAliases });
    return value === null || value === undefined
      ? whole('missing-key', 'the file is empty', 'it needs customer, users and settings')
      : { outcome: 'value', value };
  } catch (error) {
    // The YAML library throws for too many or unresolved aliases; what it says is fit for people.
    return whole(
      'syntax',
      error instanceof Error ? error.message : String(error),
      'write the values out instead of using aliases',
    );
  }
}

function syntaxProblem(error: YAMLError): BenchProblem {
  const [start] = error.linePos ?? [];
  const message = (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
  return {
    code: 'syntax',
    message,
    hint: 'check indentation, quotes and brackets here',
    ...(start === undefined ? {} : { line: start.line, column: start.col }),
  };
}

function repeatedKeyProblem({ value, range }: Scalar, lines: LineCounter): BenchProblem {
  const { line, col } = lines.linePos(range?.[0] ?? 0);
  return {
    code: 'syntax',
    message: `the key "${String(value)}" stands here twice`,
    hint: 'keep one of the two',
    line,
    column: col,
  };
}

/** Adds the line and column of the key or value a problem speaks of; of the nearest place above it where it is missing. */
function locate(
  { code, message, hint, at, key }: ProblemAt,
  document: Document,
  lines: LineCounter,
): BenchProblem {
  const path = pathText(at);
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(path === '' ? {} : { path }),
    ...placeOf(document, lines, at, key),
  };
}

/** What can turn out wrong only when a bench is to run: a port that is taken, a host that this machine has not. */
function placesOfListeners(document: Document, lines: LineCounter): PlacesByPath {
  return Object.fromEntries(
    Object.keys(listenersSchema.shape).map((key) => {
      const at = ['listeners', key];
      return [pathText(at), placeOf(document, lines, at)];
    }),
  );
}

/** Brackets and indentation of a text that may be hostile, counted without recursion. */
function nestedTooDeeply(text: string): boolean {
  let brackets = 0;
  for (const line of text.split('\n')) {
    const indent = line.length - line.trimStart().length;
    const compactLists = /^(?:- )+/.exec(line.trimStart())?.[0].length ?? 0;
    if (indent + compactLists > maxDepth * 8) return true;
    for (const character of line) {
      if (character === '[' || character === '{') brackets++;
      else if ((character === ']' || character === '}') && brackets > 0) brackets--;
      if (brackets > maxDepth) return true;
    }
  }
  return false;
}
