/**
 * SpamAssassin over the spamd protocol: SYMBOLS, which gives the score, the threshold and the rules that hit.
 * Source: spamd/PROTOCOL of Apache SpamAssassin.
 */
import type { ScannerAnswer } from '../contract/content.ts';
import type { ScannerAddress } from '../settings/filtering.ts';
import { askScanner } from './scanner-exchange.ts';

const scanner = 'spamassassin';

export async function askSpamAssassin(address: ScannerAddress, content: Uint8Array): Promise<ScannerAnswer> {
  const command = `SYMBOLS SPAMC/1.5\r\nContent-length: ${content.byteLength}\r\n\r\n`;
  const exchange = await askScanner(address, [Buffer.from(command, 'latin1'), content], isWhole);
  if (exchange.outcome !== 'answered')
    return { kind: 'failed', scanner, cause: exchange.outcome, detail: exchange.detail };
  return readAnswer(exchange.answer.toString('utf8'), `${address.host}:${address.port}`);
}

/** Reads a whole answer of spamd. @param from names the scanner in a failure */
export function readAnswer(answer: string, from: string): ScannerAnswer {
  const failed = (cause: 'unintelligible' | 'refused', detail: string) =>
    ({ kind: 'failed', scanner, cause, detail }) as const;
  const status = /^SPAMD\/[\d.]+ (\d+) (\S[^\r\n]*)\r?\n/.exec(answer);
  if (status === null) return failed('unintelligible', `${from} answered ${quoted(answer)}`);
  if (status[1] !== '0') return failed('refused', `${from} answered ${quoted(status[2] ?? '')}`);
  const [, verdict, score, threshold] =
    /^Spam: (True|False|Yes|No) ; (-?\d+(?:\.\d+)?) \/ (-?\d+(?:\.\d+)?)[ \t]*\r?$/im.exec(answer) ?? [];
  if (verdict === undefined || !isComplete(answer))
    return failed('unintelligible', `${from} answered without a verdict`);
  const body = answer.slice(bodyStart(answer));
  return {
    kind: 'spam-score',
    scanner,
    isSpam: /^(?:true|yes)$/i.test(verdict),
    score: Number(score),
    threshold: Number(threshold),
    rules: body
      .split(',')
      .map((rule) => rule.trim())
      .filter((rule) => /^\w{1,100}$/.test(rule))
      .slice(0, maxRules),
  };
}

const maxRules = 200;

function isWhole(answer: Buffer): boolean {
  const text = answer.toString('latin1');
  return contentLength(text) !== null && isComplete(text);
}

function isComplete(answer: string): boolean {
  const start = bodyStart(answer);
  return start !== -1 && answer.length - start >= (contentLength(answer) ?? 0);
}

function bodyStart(answer: string): number {
  const end = answer.indexOf('\r\n\r\n');
  return end === -1 ? -1 : end + 4;
}

function contentLength(answer: string): number | null {
  const given = /^Content-length: (\d{1,9})[ \t]*\r?$/im.exec(answer);
  return given === null ? null : Number(given[1]);
}

function quoted(text: string): string {
  return JSON.stringify(text.trim().slice(0, 100));
}
