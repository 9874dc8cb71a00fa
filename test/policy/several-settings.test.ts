/** Several relay settings (SET-1, SET-8). */
import { expect, test } from 'vitest';
import { atData, atMail, configuration, offices, tls13, unlisted, verdict } from './organisation-of-tests.ts';

const from = 'anna@example.com';
const branch = { description: 'Branch', authentication: { ipRanges: [{ range: '198.51.100.0/24' }] } };
const signIn = { description: 'Sign-in', authentication: { smtpAuth: true } };
const encrypted = { ...offices, description: 'Encrypted', requireTls: true };

test('the first setting that accepts is named; those before it are noted · SET-1 · SET-8', () => {
  const decision = atData(
    { from, session: { clientAddress: unlisted } },
    configuration({ settings: [offices, branch] }),
  );
  expect(decision).toMatchObject({ outcome: 'accepted', setting: 'Branch' });
  expect(decision.trace[0]).toMatchObject({ rule: 'SET-8', outcome: 'note', assumed: true });
  expect(decision.trace[0]?.text).toContain('"Offices" does not accept it: 198.51.100.7 is in none');
});
test('a setting that is switched off is not asked · SET-8', () => {
  const decision = atData({ from }, configuration({ settings: [{ ...offices, enabled: false }, branch] }));
  expect(decision).toMatchObject({ outcome: 'rejected', setting: 'Branch' });
});
test('when none accepts, the reply is that of the setting that got furthest · SET-8', () => {
  const settings = [encrypted, signIn, { ...offices, description: 'Users only' }];
  const decision = atData({ from: 'printer@example.com' }, configuration({ settings }));
  expect(verdict(decision)).toBe('sending-denied · SND-1');
  expect(decision).toMatchObject({ setting: 'Users only' });
  expect(decision.trace.at(-1)).toMatchObject({ rule: 'SND-1', outcome: 'fail' });
});
test('ties go to the first · SET-8', () => {
  const decision = atData(
    { from, session: { clientAddress: '192.0.2.1' } },
    configuration({ settings: [branch, offices] }),
  );
  expect(decision).toMatchObject({ outcome: 'rejected', setting: 'Branch' });
});
test('MAIL is refused only when every enabled setting has failed by then · SET-8', () => {
  expect(verdict(atMail({ from }, configuration({ settings: [encrypted, signIn] })))).toBe(
    'starttls-first · AUT-2',
  );
  expect(verdict(atMail({ from, session: { tls: tls13 } }, configuration({ settings: [signIn] })))).toBe(
    'auth-required · AUT-2',
  );
  expect(verdict(atMail({ from }, configuration({ settings: [encrypted, signIn, offices] })))).toBe(
    'accepted',
  );
});
test('with no setting enabled nothing can be relayed · SET-8', () => {
  expect(verdict(atData({ from }, configuration({ settings: [] })))).toBe('relay-denied · SET-8');
  expect(verdict(atMail({ from }, configuration({ settings: [] })))).toBe('accepted');
});
