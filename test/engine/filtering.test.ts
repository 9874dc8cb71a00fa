/** Filtering end to end: real SMTP in, the reply, what is kept, and the message as it would have been relayed (FIL). */
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Engine } from '../../relay-core/engine.ts';
import { eicar, gtube } from '../content/messages-of-tests.ts';
import { type BenchInput, testBench as benchWith } from '../fixtures/engine.ts';
import { lastReply, testBench, toElsewhere } from './engine-of-tests.ts';

async function engineWith(filtering: BenchInput['filtering'] = {}): Promise<Engine> {
  return (await testBench(stringify(benchWith({ filtering })))).start();
}

const policyText =
  'The user or domain that you are sending to (or from) has a policy that prohibited the mail that you sent. Please contact your domain administrator for further details.';

/** A reply's lines in one, without codes and the session's id. */
async function refusalOf(
  engine: Engine,
  transactionId: string | null,
): Promise<{ text: string; code: string }> {
  const decision = engine.store.transaction(transactionId ?? '')?.decision;
  const { reply, rule } = decision ?? {};
  const lines = (reply?.lines ?? []).map((line) => line.replace(/^\d{3}[- ][\d.]+ /, ''));
  return {
    code: `${reply?.code} ${reply?.enhancedCode} ${rule}`,
    text: lines.join(' ').replace(/ \S+ - gsmtp$/, ''),
  };
}

describe('over SMTP', () => {
  test('a virus in an attachment gets 552 5.7.0, spam 550 5.7.1, in the service’s words · FIL-1', async () => {
    const engine = await engineWith();
    const contentBase64 = Buffer.from(eicar).toString('base64');
    const virus = await engine.send({
      ...toElsewhere,
      attachments: [{ filename: 'bill.com', contentBase64 }],
    });
    expect(await refusalOf(engine, virus.transactionId)).toEqual({
      code: '552 5.7.0 FIL-1',
      text: expect.stringMatching(
        /^This message was blocked because its content presents a potential security issue\./,
      ),
    });
    const spam = await engine.send({ ...toElsewhere, text: gtube });
    expect(await refusalOf(engine, spam.transactionId)).toEqual({
      code: '550 5.7.1 FIL-1',
      text: expect.stringMatching(
        /^\[127\.0\.0\.1 {6}12\] Our system has detected that this message is likely/,
      ),
    });
    const record = engine.store.transaction(virus.transactionId ?? '');
    expect(record?.content?.patterns).toEqual([{ pattern: 'eicar', where: 'the attachment bill.com' }]);
    expect(record?.decision.noRemedyReason).toBe('What the message holds is refused, however it is sent.');
  });

  test('a content rule rejects with the reply of the administrator’s own rules · FIL-2', async () => {
    const engine = await engineWith({
      compliance: [
        { description: 'Executables', match: 'attachment-type', pattern: '\\.exe\\b', action: 'reject' },
      ],
    });
    const result = await engine.send({
      ...toElsewhere,
      attachments: [{ filename: 'setup.exe', contentBase64: 'TVo=' }],
    });
    expect(await refusalOf(engine, result.transactionId)).toEqual({
      code: '550 5.7.1 FIL-2',
      text: `${policyText} - gcdp`,
    });
    expect(lastReply(await engine.send(toElsewhere))).toMatch(/^250 2\.0\.0 OK/);
  });

  test('a footer is in the message as relayed, and not in the message as it arrived · FIL-2', async () => {
    const engine = await engineWith({
      compliance: [{ match: 'subject', pattern: 'Hello', action: 'footer', footer: 'Example AB, Malmö' }],
    });
    const raw = 'Subject: Hello\r\n\r\nHello\r\n';
    const { transactionId } = await engine.send({ ...toElsewhere, raw });
    const id = transactionId ?? '';
    const text = (form: 'arrived' | 'relayed', offset = 0, length = 10_000) =>
      Buffer.from(engine.message(id, offset, length, form)?.content ?? []).toString();
    expect(text('arrived')).toBe(raw);
    expect(text('relayed')).toMatch(/^MIME-Version: 1\.0\r\nContent-Type: text\/plain; charset="utf-8"\r\n/);
    expect(text('relayed')).toMatch(/Hello\r\n\r\nExample AB, Malm=C3=B6\r\n$/);
    expect(text('relayed', 0, 7) + text('relayed', 7)).toBe(text('relayed'));
    expect(engine.message(id, 0, 1, 'relayed')?.size).toBe(text('relayed').length);
    expect(engine.store.transaction(id)?.decision.trace.find(({ rule }) => rule === 'FIL-2')).toMatchObject({
      outcome: 'note',
      text: expect.stringContaining('its footer is appended to text/plain'),
    });
  });

  test('without a footer, the message as relayed is the one that arrived · FIL-2', async () => {
    const engine = await engineWith();
    const { transactionId } = await engine.send(toElsewhere);
    const piece = (form: 'arrived' | 'relayed') =>
      engine.message(transactionId ?? '', 0, 10_000, form)?.content;
    expect(piece('relayed')).toEqual(piece('arrived'));
    expect(engine.message('none', 0, 1, 'relayed')).toBeNull();
  });
});

test('an expression that RE2 does not know is told where it stands', async () => {
  const engine = await engineWith();
  const bad = benchWith({
    filtering: { compliance: [{ match: 'body', pattern: '(?=x)', action: 'reject' }] },
  });
  expect(await engine.replaceBench(stringify(bad))).toMatchObject({
    outcome: 'problems',
    problems: [{ path: 'filtering.compliance[0].pattern', message: expect.stringContaining('RE2') }],
  });
});
