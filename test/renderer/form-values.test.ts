/** The test sender's form: what is told beside a field, and which message comes of it. */
import { describe, expect, test } from 'vitest';
import { emptyForm, type FormValues, formErrors, messageOf } from '../../renderer/send/form-values.ts';
import { framedDocument } from '../../renderer/transactions/html-frame.tsx';

const filled: FormValues = { ...emptyForm, from: 'anna@example.com', to: ['li@example.org'] };
const wrong = (changes: Partial<FormValues>): string[] => Object.keys(formErrors({ ...filled, ...changes }));

describe('checks of the form', () => {
  test('a filled form passes, and the null sender is a sender', () => {
    expect(wrong({})).toEqual([]);
    expect(wrong({ from: '' })).toEqual([]);
    expect(wrong({ from: '<>' })).toEqual([]);
  });

  test('all that is wrong is told at once', () => {
    expect(
      wrong({
        from: 'anna',
        to: [],
        claimedAddress: '1.2.3',
        authenticate: true,
        user: '',
        password: '',
      }).sort(),
    ).toEqual(['claimedAddress', 'from', 'password', 'to', 'user']);
  });

  test('a line break in a header field is refused', () => {
    expect(wrong({ subject: 'a\r\nBcc: all@example.org' })).toEqual(['subject']);
  });

  test('465 is TLS from the first byte, the others never · PRT-2', () => {
    expect(wrong({ portRole: 'smtps', tls: 'starttls' })).toEqual(['tls']);
    expect(wrong({ portRole: 'relay', tls: 'implicit' })).toEqual(['tls']);
    expect(wrong({ portRole: 'smtps', tls: 'implicit' })).toEqual([]);
  });
});

describe('the message of the form', () => {
  test('only what was filled in is sent', () => {
    expect(messageOf(filled)).toEqual({
      from: 'anna@example.com',
      to: ['li@example.org'],
      subject: 'Test message',
      text: emptyForm.text,
      portRole: 'relay',
      tls: 'none',
    });
  });

  test('a raw message takes the place of subject, text and attachments', () => {
    const message = messageOf({ ...filled, content: 'raw', raw: 'Subject: x\n\ny' });
    expect(message).toMatchObject({ raw: 'Subject: x\n\ny' });
    expect(message).not.toHaveProperty('subject');
  });

  test('credentials go only when asked for, with the mechanism only when chosen', () => {
    expect(messageOf({ ...filled, user: 'a@example.com', password: 'p' })).not.toHaveProperty('auth');
    expect(messageOf({ ...filled, authenticate: true, user: 'a@example.com', password: 'p' }).auth).toEqual({
      user: 'a@example.com',
      password: 'p',
    });
    expect(
      messageOf({ ...filled, authenticate: true, user: 'a@example.com', password: 'p', mechanism: 'LOGIN' })
        .auth,
    ).toMatchObject({ mechanism: 'LOGIN' });
  });
});

test('a framed message begins with a policy that forbids scripts and the network', () => {
  const framed = framedDocument('<base href="https://example.org"><script>1</script>');
  expect(framed).toMatch(
    /^<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">/,
  );
});
