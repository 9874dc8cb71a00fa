/** What one decision of the policy costs, in this process: no socket, no store, warmed up. */
import { performance } from 'node:perf_hooks';
import { configurationOf } from '../../../relay-core/bench-file/configuration.ts';
import { benchFileSchema } from '../../../relay-core/bench-file/schema.ts';
import { addressKey } from '../../../relay-core/organisation/mail-domain.ts';
import { decide } from '../../../relay-core/policy/decide.ts';
import type { Envelope, Question, SessionFacts } from '../../../relay-core/policy/types.ts';
import { createQuotaCounts } from '../../../relay-core/quota/counts.ts';
import { anySender, testBench } from '../../fixtures/engine.ts';
import { loadEnvelope } from './load-envelope.ts';

export interface DecisionCost {
  readonly title: string;
  readonly microseconds: number;
}

const session: SessionFacts = {
  clientAddress: '127.0.0.1',
  heloName: loadEnvelope.heloName,
  portRole: 'relay',
  tls: null,
  authenticatedAs: null,
};

/** Median over `rounds` of the mean cost of asking `questions` once. */
function microseconds(rounds: number, repeats: number, ask: () => void): number {
  const means: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    for (let each = 0; each < repeats; each += 1) ask();
    means.push(((performance.now() - startedAt) * 1_000) / repeats);
  }
  means.sort((a, b) => a - b);
  return means[Math.floor(means.length / 2)] ?? Number.NaN;
}

/** The cost of the decision at DATA, where nearly all is decided, and of all five of a message together. */
export function measureDecisions(repeats = 50_000): DecisionCost[] {
  const configuration = configurationOf(benchFileSchema.parse(testBench({ settings: [anySender] })));
  const counts = createQuotaCounts();
  const envelope = (reversePath: string): Envelope => ({ reversePath, forwardPaths: [loadEnvelope.to] });
  const recipients = [addressKey(loadEnvelope.to)];
  const atData = (reversePath: string, user: string | null): Question => ({
    stage: 'data',
    session,
    envelope: envelope(reversePath),
    counts: counts.counts({ user: user === null ? null : addressKey(user), recipients }, Date.now()),
    spamSuspendedUntil: null,
  });
  const registered = atData(loadEnvelope.from, loadEnvelope.from);
  const foreign = atData('somebody@example.org', null);
  const message: readonly Question[] = [
    {
      stage: 'helo',
      session,
      rates: { connectionsPerMinute: 1, connectionsAtOnce: 1, genericHeloPerMinute: 0 },
    },
    { stage: 'mail', session, reversePath: loadEnvelope.from, declaredBytes: 1_024 },
    {
      stage: 'rcpt',
      session,
      envelope: { reversePath: loadEnvelope.from, forwardPaths: [] },
      forwardPath: loadEnvelope.to,
    },
    registered,
    {
      stage: 'end-of-data',
      session,
      envelope: envelope(loadEnvelope.from),
      messageBytes: 1_024,
      content: null,
    },
  ];
  const rounds = 9;
  return [
    {
      title: 'DATA, registered sender',
      microseconds: microseconds(rounds, repeats, () => decide(configuration, registered)),
    },
    {
      title: 'DATA, foreign sender, rewritten',
      microseconds: microseconds(rounds, repeats, () => decide(configuration, foreign)),
    },
    {
      title: 'all five of a message (EHLO, MAIL, RCPT, DATA, end of data)',
      microseconds: microseconds(rounds, repeats, () => {
        for (const question of message) decide(configuration, question);
      }),
    },
  ];
}
