/** The test sender's form: what is told beside a field, and which message comes of it. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { exampleBenchFile } from '../../relay-core/bench-file/example.ts';
import { accountToTry, exampleAccount } from '../../renderer/send/example-account.ts';
import { emptyForm, type FormValues, formErrors, messageOf } from '../../renderer/send/form-values.ts';
import { recipientsIn, separatesRecipients, shownRecipients } from '../../renderer/send/recipients.ts';
import { sessionOfDialogue } from '../../renderer/send/session-of-dialogue.ts';
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

describe('recipients', () => {
  test.for([
    [
      'li@example.org, bo@example.net;eva@example.org',
      ['li@example.org', 'bo@example.net', 'eva@example.org'],
    ],
    [
      'li@example.org bo@example.net\n\teva@example.org',
      ['li@example.org', 'bo@example.net', 'eva@example.org'],
    ],
    ['"Medlem, 0" <medlem0@example.org>, li@example.org', ['medlem0@example.org', 'li@example.org']],
    ['Eva Lind <eva@example.org>\r\nBo <bo@example.net>', ['eva@example.org', 'bo@example.net']],
    ['<eva@example.org>', ['eva@example.org']],
    ['Office: eva@example.org, bo@example.net;', ['eva@example.org', 'bo@example.net']],
    ['nonsense, li@example.org', ['nonsense', 'li@example.org']],
    ['Eva <>, li@example.org', ['Eva', 'li@example.org']],
  ] as const)('%j', ([text, addresses]) => {
    expect(recipientsIn(text)).toEqual(addresses);
  });

  test('a comma in quotes and a space in a name end no recipient', () => {
    expect(['li@example.org,', 'li@example.org ', 'Eva <eva@example.org>,'].map(separatesRecipients)).toEqual(
      [true, true, true],
    );
    expect(
      ['"Lind,', '"Lind, Eva" ', 'Eva ', 'Eva <eva,', 'li@example.org'].map(separatesRecipients),
    ).toEqual([false, false, false, false, false]);
  });

  test('a wrong one is shown wherever it stands', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => `m${index}@example.org`);
    many[957] = 'm957';
    const { places, more } = shownRecipients(many);
    expect([places.length, places.at(-1), more]).toEqual([51, 957, 949]);
  });

  test('a wrong one is named', () => {
    const errors = formErrors({ ...filled, to: ['li@example.org', 'medlem'] });
    expect(errors['to.1']).toContain('“medlem” is no address');
  });
});

test('the account that is offered for AUTH is the example file’s, while its organisation runs', () => {
  const account = z.object({ address: z.string(), password: z.string().optional() });
  const { users } = z.object({ users: z.array(account) }).parse(parse(exampleBenchFile));
  expect(users.find(({ address }) => address === exampleAccount.user)?.password).toBe(
    exampleAccount.password,
  );
  expect(accountToTry({ example: true, primaryDomain: 'example.com' })).toEqual(exampleAccount);
  expect(accountToTry({ example: true, primaryDomain: 'corp.test' })).toBeNull();
  expect(accountToTry(null)).toBeNull();
});

test('a dialogue says which connection it is of in its greeting', () => {
  const line = (text: string, direction: 'client' | 'server' = 'server') =>
    ({ at: '', sinceStartMs: 0, direction, text, tls: false }) as const;
  expect(sessionOfDialogue([line('220 smtp-relay.gmail.com ESMTP a1sm2wmc.3 - gsmtp')])).toBe('a1sm2wmc.3');
  expect(sessionOfDialogue([line('421 4.7.0 Try again later, closing connection.')])).toBeNull();
  expect(sessionOfDialogue([])).toBeNull();
});
