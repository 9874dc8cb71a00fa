/**
 * What a message holds: the one place where its content is looked at. It asks the scanners, looks for the test patterns
 * and applies the content rules, all at once, and gives plain data; nothing is decided here (`policy/rules/content.ts`).
 */
import type { ContentVerdict, ScannerAnswer } from '../contract/content.ts';
import type { Filtering, ScannerAddress } from '../settings/filtering.ts';
import { askClamAv } from './clamav.ts';
import { applyCompliance } from './compliance.ts';
import { readMime } from './mime-tree.ts';
import { askSpamAssassin } from './spamassassin.ts';
import { findPatterns, mayHoldPattern } from './test-patterns.ts';

/** How a scanner is asked. Always answers: a failure is an answer. */
export type AskScanner = (address: ScannerAddress, content: Uint8Array) => Promise<ScannerAnswer>;

export interface Scanners {
  readonly spamassassin: AskScanner;
  readonly clamav: AskScanner;
}

export const realScanners: Scanners = { spamassassin: askSpamAssassin, clamav: askClamAv };

/**
 * @param content the message as it arrived, dot-stuffing removed
 * @returns null when nothing was found and nothing was asked: the case of most messages, told by a glance at the bytes
 */
export async function inspect(
  content: Uint8Array,
  filtering: Filtering,
  scanners: Scanners,
): Promise<ContentVerdict | null> {
  const bytes = Buffer.isBuffer(content)
    ? content
    : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const asked = askAll(bytes, filtering, scanners);
  const hasRules = filtering.compliance.length > 0;
  const isSuspect = mayHoldPattern(bytes);
  if (!isSuspect && !hasRules && asked.length === 0) return null;
  const tree = isSuspect || hasRules ? readMime(bytes) : null;
  const patterns = tree !== null && isSuspect ? findPatterns(bytes, tree) : [];
  const compliance =
    tree !== null && hasRules
      ? await applyCompliance(bytes, tree, filtering.compliance)
      : { results: [], unread: null };
  const answers = await Promise.all(asked);
  const unread = [tree?.unread ?? null, compliance.unread].filter((each) => each !== null).join(', ');
  if (patterns.length === 0 && answers.length === 0 && !hasRules && unread === '') return null;
  return {
    patterns,
    scanners: answers,
    compliance: [...compliance.results],
    unread: unread === '' ? null : unread,
  };
}

/** Viruses before spam, the order in which they are judged. */
function askAll(content: Uint8Array, { clamav, spamassassin }: Filtering, scanners: Scanners) {
  const asked: Promise<ScannerAnswer>[] = [];
  if (clamav !== null) asked.push(scanners.clamav(clamav, content));
  if (spamassassin !== null) asked.push(scanners.spamassassin(spamassassin, content));
  return asked;
}
