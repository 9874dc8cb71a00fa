/**
 * Asks the policy and the quotas about a made-up message, and why it would be refused with full windows, before the first
 * client comes. V8 compiles a function when it is first called: all of them together hold a first message up by some
 * milliseconds, and a first refusal by more. Nothing that is kept or counted is touched.
 */
import { configurationOf } from './bench-file/configuration.ts';
import { benchFileSchema } from './bench-file/schema.ts';
import { decide } from './policy/decide.ts';
import { demandOf } from './policy/demand.ts';
import { findRemedies } from './policy/remedies/find-remedies.ts';
import type { Configuration, Decision, SessionFacts } from './policy/types.ts';
import { createQuotaCounts } from './quota/counts.ts';

const sender = 'someone@example.com';
const clientAddress = '192.0.2.1';
const envelope = { reversePath: sender, forwardPaths: ['someone@example.org'] };
const messageBytes = 1_000;
const session: SessionFacts = {
  clientAddress,
  heloName: 'mail.example.com',
  portRole: 'relay',
  tls: null,
  authenticatedAs: null,
};

function madeUp(): Configuration {
  return configurationOf(
    benchFileSchema.parse({
      customer: { name: 'Example', primaryDomain: 'example.com', licences: 1 },
      users: [{ address: sender }],
      settings: [{ authentication: { ipRanges: [{ description: 'Example', range: clientAddress }] } }],
    }),
  );
}

/** @returns how the message ended, and how it would have with the user's day full */
export function warmUp(): { readonly message: Decision; readonly full: Decision } {
  const configuration = madeUp();
  const counts = createQuotaCounts();
  const { reversePath, forwardPaths } = envelope;
  const [forwardPath = ''] = forwardPaths;
  const demand = demandOf(envelope, configuration);
  const atData = (at: number) =>
    decide(configuration, {
      stage: 'data',
      session,
      envelope,
      counts: counts.counts(demand, at),
      spamSuspendedUntil: null,
    });

  const rates = { connectionsPerMinute: 1, connectionsAtOnce: 1, genericHeloPerMinute: 0 };
  decide(configuration, { stage: 'helo', session, rates });
  decide(configuration, { stage: 'mail', session, reversePath, declaredBytes: messageBytes });
  decide(configuration, { stage: 'rcpt', session, envelope: { reversePath, forwardPaths: [] }, forwardPath });
  atData(0);
  counts.charge(counts.reserve(demand, 0), 0);
  const message = decide(configuration, {
    stage: 'end-of-data',
    session,
    envelope,
    messageBytes,
    content: null,
  });

  const { value: amount } = configuration.quotaLimits['user-messages-day'];
  counts.fill({ at: 0, window: 'user-messages-day', user: demand.user, amount });
  const full = atData(0);
  const { forecast, freeAt } = counts;
  const situation = { stage: 'data', forwardPath: '', declaredBytes: null, messageBytes: 0, at: 0 } as const;
  findRemedies(
    { ...situation, configuration, session, envelope },
    { forecast, freeAt, spamSuspendedUntil: () => null },
  );
  return { message, full };
}
