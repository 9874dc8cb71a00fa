/**
 * From a catalogue entry to the lines on the wire: wording by profile, line breaks, codes on each line, and the
 * session's id at the end of the last (reply-texts.md, Framing).
 */
import type { Reply } from '../contract/transaction.ts';
import { type CatalogueReply, type ReplyId, type ReplySuffix, replyCatalogue } from './catalogue.ts';
import type { SessionId } from './session-id.ts';
import { wrapReplyText } from './wrap.ts';

/** Which year's words the relay uses; a profile value. */
export type Wording = 'g-suite' | 'workspace';

export interface ReplyContext {
  readonly sessionId: SessionId;
  readonly wording: Wording;
}

/** The reply's codes and its lines as they go out, without line ends. */
export function renderReply(catalogueReply: CatalogueReply, context: ReplyContext): Reply {
  const entry = replyCatalogue[catalogueReply.id];
  const texts = brokenText(catalogueReply, context.wording);
  const suffix = suffixText(entry.suffix, context.sessionId);
  const enhanced = entry.enhancedCode === null ? '' : `${entry.enhancedCode} `;
  const lines = texts.map((line, index) =>
    index === texts.length - 1
      ? `${entry.code} ${enhanced}${line}${suffix}`
      : `${entry.code}-${enhanced}${line}`,
  );
  return { code: entry.code, enhancedCode: entry.enhancedCode, lines };
}

interface BrokenText {
  readonly text: string;
  readonly wording: Wording;
  readonly lines: readonly string[];
}

/** As each reply was worded last: most say the same all the time, to every client. */
const lastBroken = new Map<ReplyId, BrokenText>();

/** A reply's text in this wording, broken into lines. */
function brokenText(catalogueReply: CatalogueReply, wording: Wording): readonly string[] {
  const { id, text } = catalogueReply;
  const last = lastBroken.get(id);
  if (last !== undefined && last.text === text && last.wording === wording) return last.lines;
  const worded = inWording(catalogueReply, wording);
  const lines = replyCatalogue[id].layout === 'wrapped' ? wrapReplyText(worded) : worded.split('\n');
  lastBroken.set(id, { text, wording, lines });
  return lines;
}

function suffixText(suffix: ReplySuffix, sessionId: SessionId): string {
  switch (suffix) {
    case 'session':
      return ` ${sessionId} - gsmtp`;
    case 'compliance':
      return ` - gcdp ${sessionId} - gsmtp`;
    case 'none':
      return '';
  }
}

const workspaceSubstitutions: readonly (readonly [RegExp, string])[] = [
  [/please visit (?=https:\/\/support\.google\.com\/a\/answer\/6140680)/g, 'go to '],
  [/or visit (?=https:\/\/support\.google\.com\/a\/answer\/6140680)/g, 'or go to '],
  [/Learn more at/g, 'For more information, go to'],
  [/your G Suite account/g, 'your Workspace account'],
  [/the G Suite SMTP Relay Settings/g, 'the Workspace SMTP Relay Settings'],
  [
    /your G Suite SMTP Relay service doesn't match domain of the account/g,
    "your Workspace SMTP Relay service doesn't match the domain of the account",
  ],
];

function inWording({ id, text }: CatalogueReply, wording: Wording): string {
  if (wording === 'g-suite') return text;
  const worded = workspaceSubstitutions.reduce((each, [from, to]) => each.replace(from, to), text);
  return id === 'try-later'
    ? `${worded}\nFor more information, go to https://support.google.com/a/answer/3221692`
    : worded;
}
