/** What was found in a message, one line a check, in words (FIL-1, FIL-2, FIL-3). Pure. */
import type {
  ComplianceResult,
  ContentVerdict,
  FooterOutcome,
  ScannerAnswer,
} from '../../relay-core/contract/index.ts';

export type ContentLine = {
  check: string;
  /** `bad` refuses a message, or would; `open` leaves a question; `good` found nothing. */
  state: 'good' | 'bad' | 'changed' | 'open';
  result: string;
  detail: string;
};

const patternNames = {
  eicar: 'EICAR, which stands for a virus',
  gtube: 'GTUBE, which stands for spam',
} as const;

const patternLines = (patterns: ContentVerdict['patterns']): ContentLine[] =>
  patterns.length === 0
    ? [{ check: 'Test patterns', state: 'good', result: 'none', detail: 'Neither EICAR nor GTUBE is in it.' }]
    : patterns.map(({ pattern, where }) => ({
        check: 'Test patterns',
        state: 'bad',
        result: 'found',
        detail: `${patternNames[pattern]}, is in ${where}.`,
      }));

const scannerNames = { spamassassin: 'SpamAssassin', clamav: 'ClamAV' } as const;

const scannerLine = (answer: ScannerAnswer): ContentLine => {
  const check = scannerNames[answer.scanner];
  switch (answer.kind) {
    case 'spam-score': {
      const rules = answer.rules.length > 0 ? ` Rules: ${answer.rules.join(', ')}.` : '';
      return {
        check,
        state: answer.isSpam ? 'bad' : 'good',
        result: answer.isSpam ? 'spam' : 'no spam',
        detail: `${answer.score} points; from ${answer.threshold} on it is spam.${rules}`,
      };
    }
    case 'virus-scan':
      return answer.signature === null
        ? { check, state: 'good', result: 'clean', detail: 'It found nothing.' }
        : { check, state: 'bad', result: 'virus', detail: `It found ${answer.signature}.` };
    case 'failed':
      return { check, state: 'open', result: 'no verdict', detail: `${answer.detail}.` };
  }
};

const footerDetail = (result: FooterOutcome): string => {
  if (result.outcome === 'left-alone') return `No footer was appended: ${result.reason}.`;
  const dkim = result.breaksDkim ? ' The DKIM signature no longer covers the message.' : '';
  return `Appended to ${result.parts.join(' and ')}.${dkim}`;
};

const complianceLine = (rule: ComplianceResult): ContentLine => {
  const check = rule.description === '' ? `Content rule ${rule.index + 1}` : rule.description;
  if (rule.found === null)
    return { check, state: 'good', result: 'no match', detail: `/${rule.pattern}/ matched nothing.` };
  const matched = `/${rule.pattern}/ matched “${rule.found}”.`;
  if (rule.action === 'reject') return { check, state: 'bad', result: 'rejects', detail: matched };
  if (rule.footer === undefined) return { check, state: 'open', result: 'footer', detail: matched };
  const { result } = rule.footer;
  return {
    check,
    state: result.outcome === 'appended' ? 'changed' : 'open',
    result: result.outcome === 'appended' ? 'footer' : 'no footer',
    detail: `${matched} ${footerDetail(result)}`,
  };
};

/** One line for each check, in the order in which the engine made them. */
export const contentLines = ({ patterns, scanners, compliance, unread }: ContentVerdict): ContentLine[] => [
  ...patternLines(patterns),
  ...scanners.map(scannerLine),
  ...compliance.map(complianceLine),
  ...(unread === null
    ? []
    : [{ check: 'Not looked at', state: 'open' as const, result: 'in part', detail: `${unread}.` }]),
];

/** The footers that were appended, as text. */
export const appendedFooters = ({ compliance }: ContentVerdict): string[] =>
  compliance.flatMap(({ footer }) => (footer?.result.outcome === 'appended' ? [footer.text] : []));
