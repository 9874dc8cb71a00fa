/** Figures, times and counts, as people read them. */
import { describe, expect, test } from 'vitest';
import type { Status } from '../../relay-core/contract/index.ts';
import {
  bothTimes,
  bytes,
  count,
  ordinal,
  share,
  shortTime,
  utcTime,
} from '../../renderer/design/figures.ts';
import { outcomeCode, outcomeKind } from '../../renderer/design/outcome.ts';
import { quotaFacts } from '../../renderer/quotas/quota-facts.ts';
import { countNewer, newsLabel } from '../../renderer/transactions/news.ts';
import { statusAt } from '../fixtures/pages/organisation.ts';
import { customerWindows } from '../fixtures/pages/quotas.ts';

describe('figures', () => {
  test('bytes, counts and shares', () => {
    expect([bytes(870), bytes(1_240), bytes(48_213), bytes(35_882_577)]).toEqual([
      '870 B',
      '1.2 kB',
      '48 kB',
      '35.9 MB',
    ]);
    expect([count(1, 'recipient'), count(2_000, 'recipient')]).toEqual(['1 recipient', '2,000 recipients']);
    expect([share(0, 10), share(1, 13_000), share(12_999, 13_000), share(13, 13), share(1, 0)]).toEqual([
      '0%',
      '<0.1%',
      '99%',
      '100%',
      'over',
    ]);
  });

  test('a column shows the time today, the weekday this week, the day before that; UTC stands behind it', () => {
    const now = new Date('2026-11-24T12:00:00');
    expect(shortTime(new Date('2026-11-24T09:05:07').toISOString(), now)).toBe('09:05:07');
    expect(shortTime(new Date('2026-11-22T09:05:07').toISOString(), now)).toBe('Sun 09:05');
    expect(shortTime(new Date('2026-11-02T09:05:07').toISOString(), now)).toBe('2 Nov');
    expect(utcTime('2026-11-24T15:04:05.123Z')).toBe('2026-11-24 15:04:05.123 UTC');
  });

  test('a heading has UTC beside local time, as the engine’s sentences do, with its day where that is another', () => {
    const at = new Date('2026-11-24T00:30:07');
    const now = new Date('2026-11-24T12:00:00');
    const utc = at.toISOString();
    const expected =
      at.getTimezoneOffset() === 0
        ? '00:30:07 UTC'
        : `00:30:07 (${utc.startsWith('2026-11-23') ? '23 Nov, ' : ''}${utc.slice(11, 19)} UTC)`;
    expect(bothTimes(utc, now)).toBe(expected);
  });

  test('places in an order', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 29, 102, 1_003].map(ordinal)).toEqual([
      '1st',
      '2nd',
      '3rd',
      '4th',
      '11th',
      '12th',
      '13th',
      '21st',
      '29th',
      '102nd',
      '1,003rd',
    ]);
  });

  test('a 4xx is deferred, a 5xx refused', () => {
    const decision = (code: number) => ({
      outcome: 'rejected' as const,
      rule: 'CQ-2',
      setting: null,
      reply: { code, enhancedCode: '4.2.1', lines: [] },
      trace: [],
      remedies: [],
      noRemedyReason: null,
    });
    expect([outcomeKind(decision(450)), outcomeKind(decision(550))]).toEqual(['deferred', 'refused']);
    expect(outcomeCode(decision(450))).toBe('450 4.2.1');
  });
});

test('news counts what is newer than the newest known, and stops counting at a page', () => {
  const head = ['d', 'c', 'b', 'a'].map((id) => ({ id }));
  expect(countNewer(head, 'b')).toBe(2);
  expect(countNewer(head, 'd')).toBe(0);
  expect(countNewer(head, 'gone')).toBe(4);
  expect([newsLabel(12), newsLabel(100)]).toEqual(['12 new', '100+ new']);
});

describe('what the pages say of quotas', () => {
  const textOf = (rule: string, changes: Partial<Status> = {}): string =>
    quotaFacts(statusAt(0, changes), customerWindows(0, 'none')).find((fact) => fact.rule === rule)?.text ??
    '';

  test('a user’s own limit can be met from 77 licences on · CQ-7', () => {
    expect(textOf('CQ-7', { licences: 77 })).toContain('with 77 licences that can be met here');
    expect(textOf('CQ-7', { licences: 76 })).toContain(
      'with 76 licences 550 5.4.5 shows only with limits of your own',
    );
  });

  test('where the limits do not come from licences, only the order is said · CQ-7', () => {
    expect(textOf('CQ-7', { profile: 'workspace' })).not.toContain('licences');
  });

  test('Gmail’s own limits are counted apart · ORG-5', () => {
    expect(textOf('ORG-5')).toContain('counted apart');
  });
});
