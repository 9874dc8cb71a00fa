/**
 * What follows from what was found in a message: viruses, spam, a scanner that gave no answer, the administrator's own
 * rules, in this order (FIL-1, FIL-2, FIL-3). Looking is done in `content/`; here is only what it means.
 */
import type { ComplianceResult, ContentVerdict, ScannerAnswer } from '../../contract/content.ts';
import { reply } from '../../replies/catalogue.ts';
import type { Filtering } from '../../settings/filtering.ts';
import { type Finding, failing, passing } from '../check.ts';
import { fail, note, pass, type Step } from '../trace.ts';

type FailedAnswer = Extract<ScannerAnswer, { kind: 'failed' }>;

/** Whether what was found in a message lets it pass; one that was not looked into is not asked about. */
export function contentAllows(
  verdict: ContentVerdict,
  { whenScannerFails }: Pick<Filtering, 'whenScannerFails'>,
  clientAddress: string,
): Finding {
  const unread =
    verdict.unread === null ? [] : [note('FIL-1', `Not looked at in the message: ${verdict.unread}.`)];
  const virus = virusSteps(verdict);
  const upToVirus = [...unread, ...virus];
  if (refuses(virus)) return failing(reply('blocked-content'), ...upToVirus);
  const spam = spamSteps(verdict);
  const upToSpam = [...upToVirus, ...spam];
  if (refuses(spam)) return failing(reply('spam', { ip: clientAddress }), ...upToSpam);
  const failures = verdict.scanners.filter((answer) => answer.kind === 'failed');
  const unanswered = failures.map((failure) => unansweredStep(failure, whenScannerFails));
  if (refuses(unanswered)) return failing(reply('local-error'), ...upToSpam, ...unanswered);
  const compliance = verdict.compliance.map(complianceStep);
  const all = [...upToSpam, ...unanswered, ...compliance];
  return refuses(compliance) ? failing(reply('policy'), ...all) : passing(...all);
}

/** Whether a verdict says that the message is spam, by the test pattern or by a scanner (ABU-1). */
export function isSpam({ patterns, scanners }: ContentVerdict): boolean {
  return (
    patterns.some(({ pattern }) => pattern === 'gtube') ||
    scanners.some((answer) => answer.kind === 'spam-score' && answer.isSpam)
  );
}

function refuses(steps: readonly Step[]): boolean {
  return steps.some(({ outcome }) => outcome === 'fail');
}

function virusSteps({ patterns, scanners }: ContentVerdict): Step[] {
  const known = patterns
    .filter(({ pattern }) => pattern === 'eicar')
    .map(({ where }) => fail('FIL-1', `The EICAR test pattern, which stands for a virus, is in ${where}.`));
  const scanned = scanners
    .filter((answer) => answer.kind === 'virus-scan')
    .map(({ signature }) =>
      signature === null
        ? pass('FIL-1', 'ClamAV found nothing.')
        : fail('FIL-1', `ClamAV found ${signature}.`),
    );
  return [...known, ...scanned];
}

function spamSteps({ patterns, scanners }: ContentVerdict): Step[] {
  const known = patterns
    .filter(({ pattern }) => pattern === 'gtube')
    .map(({ where }) => fail('FIL-1', `The GTUBE test pattern, which stands for spam, is in ${where}.`));
  const scored = scanners
    .filter((answer) => answer.kind === 'spam-score')
    .map((answer) => {
      const rules = answer.rules.length === 0 ? 'no rule hit' : `rules: ${answer.rules.join(', ')}`;
      const text = `SpamAssassin gave ${answer.score} points; from ${answer.threshold} on it is spam (${rules}).`;
      return answer.isSpam ? fail('FIL-1', text) : pass('FIL-1', text);
    });
  return [...known, ...scored];
}

const scannerNames = { spamassassin: 'SpamAssassin', clamav: 'ClamAV' } as const;

/** A scanner that does not answer never loses mail: the client keeps the message and tries again, or it passes unseen. */
function unansweredStep({ scanner, detail }: FailedAnswer, whenScannerFails: 'defer' | 'pass'): Step {
  const what = `${scannerNames[scanner]} gave no verdict: ${detail}.`;
  return whenScannerFails === 'pass'
    ? note('FIL-3', `${what} The message passes without it (filtering.whenScannerFails: pass).`)
    : fail(
        'FIL-3',
        `${what} The client is to send the message again later (filtering.whenScannerFails: defer).`,
      );
}

const lookedAt: Readonly<Record<ComplianceResult['match'], string>> = {
  subject: 'the subject',
  body: 'the body',
  'attachment-type': 'attachments',
};

function complianceStep(result: ComplianceResult): Step {
  const { index, description, match, pattern, action, found, footer } = result;
  const name = description === '' ? `Content rule ${index + 1}` : `Content rule "${description}"`;
  const where = lookedAt[match];
  if (found === null) return pass('FIL-2', `${name} looked for /${pattern}/ in ${where}, and found nothing.`);
  const what = `${name} looked for /${pattern}/ in ${where}, and found "${found}"`;
  if (action === 'reject') return fail('FIL-2', `${what}: it rejects the message.`);
  return note('FIL-2', `${what}: ${footerText(footer)}`);
}

function footerText(footer: ComplianceResult['footer']): string {
  if (footer === undefined) return 'its footer was not looked into.';
  const { result } = footer;
  if (result.outcome === 'left-alone') return `no footer is appended, since ${reasonText(result.reason)}.`;
  const dkim = result.breaksDkim ? ', which its DKIM signature no longer covers' : '';
  return `its footer is appended to ${result.parts.join(' and ')}${dkim}.`;
}

/** Reasons speak of the message as "it". */
function reasonText(reason: string): string {
  return reason.replace(/^it /, 'the message ').replace(/^its /, "the message's ");
}
