/** What of a user name may be kept: an address, and nothing that could be a password (AUT-4). */
import { expect, test } from 'vitest';
import { shownUserName } from '../../relay-core/credentials/user-name.ts';

test.each(['anna@example.com', "o'brien+relay@mail.example.co.uk", 'jürgen@bücher.example'])(
  '%s is shown · AUT-4',
  (name) => {
    expect(shownUserName(name)).toBe(name);
  },
);

test.each([
  'anna',
  'correct horse battery staple',
  'anna@example.com:swordfish.now',
  'anna:swordfish@example.com',
  'anna@example.com:z~(%}.xyz',
  'p@ss@word.com',
  'anna@example.com\r\nDATA',
])('%j is not · AUT-4', (name) => {
  expect(shownUserName(name)).toBeNull();
});
