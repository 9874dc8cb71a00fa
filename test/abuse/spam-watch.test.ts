/** Much spam from one sender (ABU-1, ABU-2). */
import { describe, expect, test } from 'vitest';
import { alertOf } from '../../relay-core/abuse/alert.ts';
import { createSpamWatch, spamWindow } from '../../relay-core/abuse/spam-watch.ts';

const hourMs = 3_600_000;
const now = Date.UTC(2026, 0, 1);
const anna = { address: 'anna@example.com', registered: true };
const scanner = { address: 'scan@example.com', registered: false };
const suspending = { ...spamWindow, suspensionMs: 24 * hourMs };
const alerting = { ...spamWindow, suspensionMs: null };

describe('spam from one sender', () => {
  test('raises one alert at the tenth message of a day, and none before · ABU-1', () => {
    const watch = createSpamWatch();
    const kinds = Array.from({ length: 15 }, (_, index) => watch.spamFrom(anna, now + index, alerting).kind);
    expect(kinds.indexOf('alert')).toBe(9);
    expect(kinds.filter((kind) => kind === 'alert')).toHaveLength(1);
  });
  test('is counted for each sender by itself, over a rolling day · ABU-1', () => {
    const watch = createSpamWatch();
    for (let index = 0; index < 9; index++) watch.spamFrom(anna, now, alerting);
    expect(watch.spamFrom(scanner, now, alerting).kind).toBe('counted');
    expect(watch.spamFrom(anna, now + 24 * hourMs, alerting).kind).toBe('counted');
    expect(watch.spamOf(anna.address, now + 24 * hourMs)).toBe(1);
  });
  test('suspends a registered sender for 24 hours, to the millisecond · ABU-2', () => {
    const watch = createSpamWatch();
    for (let index = 0; index < 10; index++) watch.spamFrom(anna, now, suspending);
    expect(watch.suspendedUntil(anna.address, now + 24 * hourMs - 1)).toBe(now + 24 * hourMs);
    expect(watch.suspendedUntil(anna.address, now + 24 * hourMs)).toBeNull();
  });
  test('raises a second alert only, when the sender is no user · ABU-2', () => {
    const watch = createSpamWatch();
    const raised = Array.from({ length: 40 }, () => watch.spamFrom(scanner, now, suspending)).filter(
      ({ kind }) => kind === 'alert',
    );
    expect(raised).toEqual([
      { kind: 'alert', rule: 'ABU-1', messages: 10, suspendedUntil: null },
      { kind: 'alert', rule: 'ABU-2', messages: 20, suspendedUntil: null },
    ]);
    expect(watch.suspendedUntil(scanner.address, now)).toBeNull();
  });
});

test('the alert holds the mail that would be sent to the super administrator · ABU-1 · ORG-2', () => {
  const consequence = {
    kind: 'alert',
    rule: 'ABU-2',
    messages: 10,
    suspendedUntil: now + 24 * hourMs,
  } as const;
  const alert = alertOf(anna, consequence, { name: 'Example AB', superAdmin: 'admin@example.com' }, now);
  expect(alert.mail).toMatchObject({
    to: 'admin@example.com',
    subject: 'Alert: spam from anna@example.com through the SMTP relay',
  });
  expect(alert.mail.body).toContain(
    '10 messages of anna@example.com were found to be spam within 24 hours. The user is suspended from sending until 2026-01-02 00:00:00 UTC',
  );
});
