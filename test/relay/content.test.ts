/** End of data as the relay lives it: verdicts kept, places given back, clients that go away meanwhile (FIL, CQ-8). */
import { describe, expect, test } from 'vitest';
import type { Scanners } from '../../relay-core/content/inspect.ts';
import type { ScannerAnswer } from '../../relay-core/contract/index.ts';
import { gtube } from '../content/messages-of-tests.ts';
import { configuration } from '../policy/organisation-of-tests.ts';
import { type Conversation, type TestRelay, testRelay } from './relay-of-tests.ts';

const spamMessage = `Subject: Offer\r\n\r\n${gtube}\r\n`;
const failed: ScannerAnswer = {
  kind: 'failed',
  scanner: 'clamav',
  cause: 'unreachable',
  detail: '127.0.0.1:3310 cannot be reached',
};
const clamav = { host: '127.0.0.1', port: 3310, timeoutMs: 1_000 };

/** Scanners that answer when the test says so. */
function scannersOnDemand(): {
  readonly scanners: Scanners;
  readonly answer: (answer: ScannerAnswer) => void;
} {
  const asked = Promise.withResolvers<ScannerAnswer>();
  const never = () => Promise.reject(new Error('SpamAssassin was not to be asked'));
  return { scanners: { clamav: () => asked.promise, spamassassin: never }, answer: asked.resolve };
}

function ready(relay: TestRelay): Conversation {
  const conversation = relay.connect();
  conversation.mail('anna@example.com');
  conversation.rcpt('someone@elsewhere.org');
  conversation.data();
  return conversation;
}

function placesHeld({ counts, clock }: TestRelay): number[] {
  return counts
    .counts({ user: null, recipients: [] }, clock.now)
    .map(({ used, reserved }) => used + reserved);
}

test('a refusal at end of data gives its places back and uses none · CQ-8, FIL-1', async () => {
  const relay = testRelay();
  const conversation = ready(relay);
  expect(Math.max(...placesHeld(relay))).toBe(1);
  expect(await conversation.message(spamMessage)).toMatch(/^550-5\.7\.1 \[203\.0\.113\.9 {6}12\]/);
  expect(placesHeld(relay).every((held) => held === 0)).toBe(true);
  expect(relay.messages).toEqual([]);
  expect(relay.kept[0]).toMatchObject({
    decision: {
      outcome: 'rejected',
      rule: 'FIL-1',
      remedies: [],
      noRemedyReason: expect.stringMatching(/./),
    },
    content: { patterns: [{ pattern: 'gtube' }] },
  });
});

test('a message that nothing was found in has no verdict · FIL-1', async () => {
  const relay = testRelay();
  expect(await ready(relay).message()).toMatch(/^250 /);
  expect(relay.kept[0]).not.toHaveProperty('content');
});

test('after a refusal the connection takes the next message', async () => {
  const relay = testRelay();
  const conversation = ready(relay);
  await conversation.message(spamMessage);
  expect(await conversation.send('anna@example.com', 'someone@elsewhere.org')).toMatch(/^250 2\.0\.0 OK/);
});

describe('while a scanner thinks', () => {
  const under = configuration({ filtering: { clamav } });

  test('a client that goes away loses nothing: the message is stored all the same · FIL-3', async () => {
    const { scanners, answer } = scannersOnDemand();
    const relay = testRelay(under, scanners);
    const conversation = ready(relay);
    const answered = conversation.message();
    conversation.close();
    answer({ kind: 'virus-scan', scanner: 'clamav', signature: null });
    await answered;
    expect(relay.kept.map(({ decision }) => decision.outcome)).toEqual(['accepted']);
    expect(relay.messages).toHaveLength(1);
  });
  test('a bench file saved meanwhile does not decide about the message: no mailbox keeps a copy · STO-1', async () => {
    const { scanners, answer } = scannersOnDemand();
    const relay = testRelay(under, scanners);
    const answered = ready(relay).message();
    relay.configuration = configuration({
      customer: { name: 'Example AB', primaryDomain: 'example.com', mailStorage: true },
      filtering: { clamav },
    });
    answer({ kind: 'virus-scan', scanner: 'clamav', signature: null });
    await answered;
    expect(relay.kept[0]?.storage?.find(({ kind }) => kind === 'mailbox')?.kept).toBe(false);
  });
  test('and a refusal it no longer hears is kept, its places given back · CQ-8, FIL-3', async () => {
    const { scanners, answer } = scannersOnDemand();
    const relay = testRelay(under, scanners);
    const session = ready(relay).session;
    const message = {
      content: Buffer.from('Subject: x\r\n\r\n'),
      sizeAsSent: 14,
      bareLineFeeds: 0,
      dropped: null,
    };
    const answered = session.endOfData(message);
    session.closed();
    answer(failed);
    expect(await answered).toMatchObject({ ok: false, reply: { id: 'local-error' } });
    expect(relay.kept.map(({ decision }) => [decision.outcome, decision.rule])).toEqual([
      ['rejected', 'FIL-3'],
    ]);
    expect(placesHeld(relay).every((held) => held === 0)).toBe(true);
  });
});
