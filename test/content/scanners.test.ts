/** spamd's and clamd's protocols against scanners that are down, slow, talk nonsense, or stop half-way (FIL-3). */
import { describe, expect, test } from 'vitest';
import { askClamAv } from '../../relay-core/content/clamav.ts';
import { askSpamAssassin } from '../../relay-core/content/spamassassin.ts';
import { deadScanner, fakeScanner, saying } from './fake-scanners.ts';

const mail = Buffer.from('Subject: x\r\n\r\nHello\r\n');
const verdictOf = (body: string, length = body.length) =>
  `SPAMD/1.1 0 EX_OK\r\nContent-length: ${length}\r\nSpam: True ; 15.5 / 5.0\r\n\r\n${body}`;

const scanners = [
  ['SpamAssassin', askSpamAssassin],
  ['ClamAV', askClamAv],
] as const;

describe.each(scanners)('%s gives no verdict', (_, ask) => {
  test('when nobody listens · FIL-3', async () => {
    const address = await deadScanner();
    expect(await ask(address, mail)).toMatchObject({
      kind: 'failed',
      cause: 'unreachable',
      detail: expect.stringContaining(`127.0.0.1:${address.port} cannot be reached`),
    });
  });
  test('when it says nothing in time · FIL-3', async () => {
    const address = await fakeScanner(() => undefined, 50);
    expect(await ask(address, mail)).toMatchObject({
      kind: 'failed',
      cause: 'too-slow',
      detail: `127.0.0.1:${address.port} did not answer within 50 ms`,
    });
  });
  test('when it says a little again and again, however often · FIL-3', async () => {
    const address = await fakeScanner((socket) => {
      const dripping = setInterval(() => socket.write('S'), 5);
      socket.on('close', () => clearInterval(dripping));
    }, 60);
    expect(await ask(address, mail)).toMatchObject({ kind: 'failed', cause: 'too-slow' });
  });
  test('when it closes without a word · FIL-3', async () => {
    expect(await ask(await fakeScanner((socket) => socket.end()), mail)).toMatchObject({
      kind: 'failed',
      cause: 'unintelligible',
    });
  });
  test('when it talks nonsense · FIL-3', async () => {
    const address = await fakeScanner(saying('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await ask(address, mail)).toMatchObject({
      kind: 'failed',
      cause: 'unintelligible',
      detail: expect.stringContaining('HTTP/1.1 400 Bad Request'),
    });
  });
  test('when it never stops talking · FIL-3', async () => {
    const address = await fakeScanner(saying('x'.repeat(1_000_000)));
    expect(await ask(address, mail)).toMatchObject({ kind: 'failed', cause: 'unintelligible' });
  });
});

describe('SpamAssassin', () => {
  test('is asked by SYMBOLS, with the length and then the message', async () => {
    let heard = '';
    const address = await fakeScanner((socket) => {
      socket.on('data', (bytes) => {
        heard += bytes.toString();
        if (heard.endsWith('Hello\r\n')) socket.end(verdictOf(''));
      });
    });
    await askSpamAssassin(address, mail);
    expect(heard).toBe(`SYMBOLS SPAMC/1.5\r\nContent-length: ${mail.length}\r\n\r\n${mail}`);
  });
  test('gives score, threshold and rules, also when it keeps the connection open · FIL-3', async () => {
    const address = await fakeScanner((socket) => {
      socket.once('data', () => socket.write(verdictOf('GTUBE,MISSING_DATE\r\n')));
    });
    expect(await askSpamAssassin(address, mail)).toEqual({
      kind: 'spam-score',
      scanner: 'spamassassin',
      isSpam: true,
      score: 15.5,
      threshold: 5,
      rules: ['GTUBE', 'MISSING_DATE'],
    });
  });
  test.each([
    ['an error of its own', 'SPAMD/1.1 76 Bad header line\r\n', 'refused'],
    ['an answer without verdict', 'SPAMD/1.1 0 EX_OK\r\nContent-length: 0\r\n\r\n', 'unintelligible'],
    ['half an answer', verdictOf('GTUBE', 500), 'unintelligible'],
  ])('%s is no verdict · FIL-3', async (_, answer, cause) => {
    const address = await fakeScanner(saying(answer));
    expect(await askSpamAssassin(address, mail)).toMatchObject({ kind: 'failed', cause });
  });
});

describe('ClamAV', () => {
  test('is asked by INSTREAM, the message behind its length and a length of zero', async () => {
    let heard = Buffer.alloc(0);
    const address = await fakeScanner((socket) => {
      socket.on('data', (bytes) => {
        heard = Buffer.concat([heard, bytes]);
        if (heard.length === 10 + 4 + mail.length + 4) socket.end('stream: OK\0');
      });
    });
    expect(await askClamAv(address, mail)).toEqual({
      kind: 'virus-scan',
      scanner: 'clamav',
      signature: null,
    });
    expect(heard.toString('latin1')).toBe(
      `zINSTREAM\0\0\0\0${String.fromCharCode(mail.length)}${mail}\0\0\0\0`,
    );
  });
  test('names what it found · FIL-3', async () => {
    const address = await fakeScanner(saying('stream: Eicar-Signature FOUND\0'));
    expect(await askClamAv(address, mail)).toMatchObject({ signature: 'Eicar-Signature' });
  });
  test('that finds the message too large has refused it · FIL-3', async () => {
    const address = await fakeScanner((socket) => {
      socket.end('INSTREAM size limit exceeded. ERROR\0');
    });
    expect(await askClamAv(address, Buffer.alloc(5_000_000))).toMatchObject({
      kind: 'failed',
      cause: 'refused',
    });
  });
  test('that stops in the middle of its word has found nothing out · FIL-3', async () => {
    const address = await fakeScanner(saying('stream: OK'));
    expect(await askClamAv(address, mail)).toMatchObject({ kind: 'failed', cause: 'unintelligible' });
  });
});
