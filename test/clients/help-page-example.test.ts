/**
 * The example of the service's help page, over real SMTP: 1,000 messages from one user to one recipient and 1,000 to another
 * are 2 unique recipients of the user and 2,000 recipients of the customer (UQ-5, CQ-3).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningEngine, startEngine, testBench } from '../fixtures/engine.ts';
import { streamMessages } from '../fixtures/pipelining-client.ts';

const perRecipient = 1_000;

describe('the help page’s example', () => {
  let engine: RunningEngine;
  beforeAll(async () => {
    const limits = { customerRecipientsPerTenMinutes: 10 * perRecipient };
    engine = await startEngine({ bench: testBench({ limits }) });
  });
  afterAll(() => engine.stop());

  test('1,000 messages to A and 1,000 to B: 2 unique, 2,000 in all · UQ-1, UQ-2, UQ-5, CQ-1, CQ-2, CQ-3', async () => {
    const stream = (from: string, to: string) =>
      streamMessages({
        port: engine.listeners.relay,
        heloName: 'mail.example.com',
        next: (index) =>
          index < perRecipient
            ? { from, to: [to], content: `From: <${from}>\r\nSubject: ${index}\r\n\r\nHello\r\n` }
            : null,
      });

    // Two connections at once, one of them under the user's alias, which counts as the user (SND-1, CQ-9).
    const results = await Promise.all([
      stream('anna@example.com', 'a@example.org'),
      stream('a.svensson@example.com', 'b@example.org'),
    ]);

    expect(results).toEqual([1, 2].map(() => ({ accepted: perRecipient, refused: 0, cut: false })));
    const used = async (...of: Parameters<RunningEngine['quota']>) => {
      const state = await engine.quota(...of);
      return { used: state?.used, reserved: state?.reserved };
    };
    const anna = 'anna@example.com';
    expect(await used('user-unique-recipients-day', anna)).toEqual({ used: 2, reserved: 0 });
    expect(await used('user-messages-day', anna)).toEqual({ used: 2_000, reserved: 0 });
    expect(await used('customer-recipients-day')).toEqual({ used: 2_000, reserved: 0 });
    expect(await used('customer-recipients-ten-minutes')).toEqual({ used: 2_000, reserved: 0 });
  });
});
