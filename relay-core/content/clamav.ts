/** ClamAV over clamd's INSTREAM: the message in one piece behind its length, then a length of zero. Source: clamd(8). */
import type { ScannerAnswer } from '../contract/content.ts';
import type { ScannerAddress } from '../settings/filtering.ts';
import { askScanner } from './scanner-exchange.ts';

const scanner = 'clamav';

export async function askClamAv(address: ScannerAddress, content: Uint8Array): Promise<ScannerAnswer> {
  const pieces = [Buffer.from('zINSTREAM\0', 'latin1'), lengthOf(content), content, Buffer.alloc(4)];
  const exchange = await askScanner(address, pieces, (answer) => answer.includes(0));
  if (exchange.outcome !== 'answered')
    return { kind: 'failed', scanner, cause: exchange.outcome, detail: exchange.detail };
  return readAnswer(exchange.answer.toString('utf8'), `${address.host}:${address.port}`);
}

/** Reads clamd's answer: `stream: OK`, `stream: NAME FOUND`, or an error. @param from names the scanner in a failure */
export function readAnswer(answer: string, from: string): ScannerAnswer {
  const end = answer.indexOf('\0');
  const line = answer.slice(0, end === -1 ? undefined : end).trim();
  const said = JSON.stringify(line.slice(0, 100));
  if (end !== -1 && line === 'stream: OK') return { kind: 'virus-scan', scanner, signature: null };
  const signature = /^stream: (\S{1,200}) FOUND$/.exec(line)?.[1];
  if (end !== -1 && signature !== undefined) return { kind: 'virus-scan', scanner, signature };
  return line.endsWith('ERROR')
    ? { kind: 'failed', scanner, cause: 'refused', detail: `${from} answered ${said}` }
    : { kind: 'failed', scanner, cause: 'unintelligible', detail: `${from} answered ${said}` };
}

/** Four bytes, the most significant first. */
function lengthOf(content: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.byteLength);
  return length;
}
