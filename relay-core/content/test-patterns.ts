/**
 * The standard test patterns, found without any scanner (FIL-3): GTUBE for spam, EICAR for viruses. Found wherever a
 * mail reader would come upon them, decoded; most messages are told apart from those that need reading by a glance at
 * their bytes, since this runs for each message before its 250.
 */
import type { ContentVerdict, TestPattern } from '../contract/content.ts';
import { decodeText } from './mime-headers.ts';
import { decodedBody, entitiesOf, type MimeEntity, type MimeTree } from './mime-tree.ts';

/** In two pieces, so that no scanner takes this file for what it looks for. Sources: spamassassin.apache.org/gtube, eicar.org. */
const patternTexts: Readonly<Record<TestPattern, string>> = {
  eicar: ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(''),
  gtube: ['XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE', '-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'].join(''),
};

const patterns = (['eicar', 'gtube'] as const).map((pattern) => ({
  pattern,
  bytes: Buffer.from(patternTexts[pattern], 'latin1'),
  text: patternTexts[pattern],
}));

/** A byte that both patterns hold and few messages do: looking for one byte costs next to nothing. */
const asterisk = 0x2a;

/** A transfer encoding other than the three that change nothing, in a header of any part. */
const encodedPart = /content-transfer-encoding[ \t]*:(?!\s*(?:7bit|8bit|binary)[ \t]*\r?$)/im;
/** Character sets in which the patterns' bytes are not their ASCII ones. */
const wideCharset = /charset[ \t]*=[ \t]*"?utf-(?:16|32|7)/i;

/**
 * Whether a message has to be read part by part to be sure: a pattern stands in its bytes, or an encoding may hide one.
 * Costs some microseconds a kilobyte.
 */
export function mayHoldPattern(content: Buffer): boolean {
  if (content.includes(asterisk) && patterns.some(({ bytes }) => content.includes(bytes))) return true;
  const text = content.toString('latin1');
  return encodedPart.test(text) || wideCharset.test(text);
}

/** Every pattern in the message, once each, where it stands first. */
export function findPatterns(content: Buffer, { root }: MimeTree): ContentVerdict['patterns'] {
  const found = new Map<TestPattern, string>();
  for (const entity of entitiesOf(root)) {
    if (entity.children.length > 0) continue;
    for (const pattern of patternsIn(entity)) if (!found.has(pattern)) found.set(pattern, placeOf(entity));
  }
  // Headers, and what stands before, between and behind parts: no reader shows it, and a scanner reads it.
  for (const { pattern, bytes } of patterns) {
    if (!found.has(pattern) && content.includes(bytes)) found.set(pattern, 'the message outside its parts');
  }
  return patterns.flatMap(({ pattern }) => {
    const where = found.get(pattern);
    return where === undefined ? [] : [{ pattern, where }];
  });
}

function patternsIn(entity: MimeEntity): TestPattern[] {
  const body = decodedBody(entity);
  const charset = entity.parameters.get('charset') ?? '';
  const text = /^utf-(?:16|32)/i.test(charset) ? decodeText(body, charset) : null;
  return patterns
    .filter((each) => body.includes(each.bytes) || (text?.includes(each.text) ?? false))
    .map(({ pattern }) => pattern);
}

/** A part in words, for people: by its file name, else by its type. */
export function placeOf({ fileName, type, disposition }: MimeEntity): string {
  if (fileName !== null) return `the attachment ${fileName.slice(0, 200)}`;
  return disposition === 'attachment' ? `an attachment of type ${type}` : `the ${type} part`;
}
