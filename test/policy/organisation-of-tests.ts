/** The organisation that policy tests speak of, and short ways to ask the policy about it. */

import type { z } from 'zod';
import { configurationOf } from '../../relay-core/bench-file/configuration.ts';
import { benchFileSchema } from '../../relay-core/bench-file/schema.ts';
import { decide } from '../../relay-core/policy/decide.ts';
import type { Configuration, Decision, SessionFacts } from '../../relay-core/policy/types.ts';
import type { WindowCount } from '../../relay-core/quota/types.ts';

type BenchInput = z.input<typeof benchFileSchema>;
export type SettingInput = BenchInput['settings'][number];

export const listed = '203.0.113.9';
export const unlisted = '198.51.100.7';

export const offices: SettingInput = {
  description: 'Offices',
  authentication: { ipRanges: [{ description: 'Head office', range: '203.0.113.0/28' }] },
};

/** Example AB: example.com and example.net, anna with an alias, bo, and a suspended colleague. */
export function configuration(changes: Partial<BenchInput> = {}): Configuration {
  const file: BenchInput = {
    customer: {
      name: 'Example AB',
      primaryDomain: 'example.com',
      domains: ['example.net'],
      domainAliases: ['example.org'],
    },
    users: [
      { address: 'anna@example.com', aliases: ['a.svensson@example.com'] },
      { address: 'bo@example.net' },
      { address: 'former@example.com', aliases: ['old@example.com'], suspended: true },
    ],
    settings: [offices],
    ...changes,
  };
  return configurationOf(benchFileSchema.parse(file));
}

/** An organisation with one setting, its address box ticked as in `offices` unless said otherwise. */
export function withSetting(setting: Partial<SettingInput>): Configuration {
  return configuration({ settings: [{ ...offices, ...setting }] });
}

export const tls13 = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' };

export function session(changes: Partial<SessionFacts> = {}): SessionFacts {
  return {
    clientAddress: listed,
    heloName: 'mail.elsewhere.org',
    portRole: 'relay',
    tls: null,
    authenticatedAs: null,
    ...changes,
  };
}

export function authenticatedAs(user: string): Partial<SessionFacts> {
  const key = configuration().organisation.users.find(({ address }) => address === user)?.key;
  if (key === undefined) throw new Error(`${user} is no user of the test organisation`);
  return { authenticatedAs: key, tls: tls13 };
}

export interface Asked {
  readonly from: string;
  readonly to?: readonly string[];
  readonly session?: Partial<SessionFacts>;
  readonly counts?: readonly WindowCount[];
}

/** What DATA is answered. */
export function atData(asked: Asked, under: Configuration = configuration()): Decision {
  return decide(under, {
    stage: 'data',
    session: session(asked.session),
    envelope: { reversePath: asked.from, forwardPaths: asked.to ?? ['someone@elsewhere.org'] },
    counts: asked.counts ?? [],
    spamSuspendedUntil: null,
  });
}

/** What MAIL is answered. */
export function atMail(
  asked: Asked & { readonly declaredBytes?: number },
  under: Configuration = configuration(),
): Decision {
  return decide(under, {
    stage: 'mail',
    session: session(asked.session),
    reversePath: asked.from,
    declaredBytes: asked.declaredBytes ?? null,
  });
}

/** The refusal's reply id and rule, or 'accepted'. */
export function verdict(decision: Decision): string {
  return decision.outcome === 'accepted' ? 'accepted' : `${decision.reply.id} · ${decision.rule}`;
}

/** Sentences of the trace for one rule. */
export function sentences(decision: Decision, rule: string): string[] {
  return decision.trace.filter((step) => step.rule === rule).map(({ text }) => text);
}
