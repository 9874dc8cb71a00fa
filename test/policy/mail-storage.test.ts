/** Comprehensive mail storage: which mailboxes and which archive keep a copy of an accepted message, and why or why not. */
import { describe, expect, test } from 'vitest';
import type { StoredCopy } from '../../relay-core/contract/index.ts';
import { storedCopies } from '../../relay-core/policy/rules/mail-storage.ts';
import { testRelay } from '../relay/relay-of-tests.ts';
import { configuration, withSetting } from './organisation-of-tests.ts';

type Customer = NonNullable<Parameters<typeof configuration>[0]>['customer'];
type User = NonNullable<NonNullable<Parameters<typeof configuration>[0]>['users']>[number];

const anna: User = { address: 'anna@example.com', aliases: ['a.svensson@example.com'] };

function under(customer: Partial<Customer>, user: Partial<User> = {}) {
  return configuration({
    customer: {
      name: 'Example AB',
      primaryDomain: 'example.com',
      domainAliases: ['example.org'],
      ...customer,
    },
    users: [{ ...anna, ...user }],
  });
}

/** "anna@example.com" where that mailbox keeps a copy, "vault" where Vault does. */
function keepers(from: string, customer: Partial<Customer>, user: Partial<User> = {}): string[] {
  const { copies } = storedCopies(under(customer, user).organisation, from);
  return copies.flatMap(({ kind, address, kept }) => (kept ? [address ?? kind] : []));
}

function sentence(from: string, kind: StoredCopy['kind'], customer: Partial<Customer>): string | undefined {
  return storedCopies(under(customer).organisation, from).copies.find((copy) => copy.kind === kind)?.text;
}

const from = 'anna@example.com';

describe('comprehensive mail storage', () => {
  test('is off by default: neither mailbox nor Vault keeps a copy · STO-1', () => {
    expect(keepers(from, {})).toEqual([]);
    expect(keepers(from, { vault: true })).toEqual([]);
  });
  test('when on, puts a copy into the mailbox of the registered user it was sent for · STO-1', () => {
    expect(keepers(from, { mailStorage: true })).toEqual([from]);
  });
  test('when on, puts a copy into Vault too where Vault is used · STO-1', () => {
    expect(keepers(from, { mailStorage: true, vault: true })).toEqual([from, 'vault']);
  });
  test('finds the user by alias addresses and in domain aliases · STO-1 · ORG-1', () => {
    expect(keepers('A.Svensson@example.com', { mailStorage: true })).toEqual([from]);
    expect(keepers('anna@example.org', { mailStorage: true })).toEqual([from]);
  });
  test.each(['printer@example.com', 'joe@elsewhere.org', ''])(
    'keeps nothing for the sender %j, who has no mailbox · STO-1',
    (sender) => expect(keepers(sender, { mailStorage: true, vault: true })).toEqual([]),
  );
});

describe('the organisational unit', () => {
  const organisationalUnits = [
    { path: '/Sales', mailStorage: true },
    '/Sales/North',
    { path: '/Sales/South', mailStorage: false },
    '/Salesforce',
  ];
  test.each([
    ['/', false, []],
    ['/Sales', false, [from]],
    ['/Sales/North', false, [from]],
    ['/Sales/South', true, []],
    ['/Salesforce', false, []],
    ['/Salesforce', true, [from]],
  ])('%s, the root set to %s: the nearest unit with a value decides · STO-1', (unit, root, expected) => {
    const user = { organisationalUnit: unit };
    expect(keepers(from, { organisationalUnits, mailStorage: root }, user)).toEqual(expected);
  });
});

describe('each copy says why or why not', () => {
  test('the mailbox · STO-2', () => {
    expect(sentence(from, 'mailbox', { mailStorage: true })).toMatch(
      /mailbox of anna@example.com keeps a copy.*is on/,
    );
    expect(sentence(from, 'mailbox', {})).toMatch(/storage is off.*anna@example.com/);
    expect(sentence('', 'mailbox', { mailStorage: true })).toMatch(/: the null sender has none\./);
    expect(sentence('x@example.com', 'mailbox', { mailStorage: true })).toMatch(
      /x@example.com is no registered user/,
    );
  });
  test('Vault · STO-2', () => {
    expect(sentence(from, 'vault', { mailStorage: true })).toMatch(/not used/);
    expect(sentence(from, 'vault', { vault: true })).toMatch(/only where comprehensive mail storage is on/);
    expect(sentence('', 'vault', { vault: true, mailStorage: true })).toMatch(/there is none/);
  });
});

describe('a transaction', () => {
  test('that was accepted is kept with its copies, and its trace ends with them · STO-2', async () => {
    const relay = testRelay(under({ mailStorage: true, vault: true }));
    await relay.connect().send(from, 'someone@elsewhere.org');
    const [record] = relay.kept;
    expect(record?.storage).toMatchObject([
      { kind: 'mailbox', address: from, kept: true },
      { kind: 'vault', kept: true },
    ]);
    expect(record?.decision.trace.slice(-2)).toMatchObject(
      record?.storage?.map(({ text }) => ({ rule: 'STO-1', outcome: 'note', text })) ?? [],
    );
  });
  test('is stored for its own sender, not for the postmaster it was rewritten to · STO-2 · ENV-1', async () => {
    const relay = testRelay(withSetting({ allowedSenders: 'any' }));
    await relay.connect('mx.example.net').send('joe@elsewhere.org', 'someone@elsewhere.org');
    expect(relay.kept[0]?.storage?.[0]?.text).toMatch(/joe@elsewhere.org is no registered user/);
  });
  test('that was refused has no copies · STO-2', async () => {
    const relay = testRelay(under({ mailStorage: true }));
    await relay.connect().send('printer@example.com', 'someone@elsewhere.org');
    expect(relay.kept[0]).not.toHaveProperty('storage');
    expect(relay.kept[0]?.decision.trace.some(({ rule }) => rule.startsWith('STO'))).toBe(false);
  });
  test('that could not be stored has no copies · STO-2', async () => {
    const relay = testRelay(under({ mailStorage: true }));
    relay.answers.push({ outcome: 'full', detail: 'The disk is full.' });
    const client = relay.connect();
    expect(await client.send(from, 'someone@elsewhere.org')).toMatch(/^452 4\.3\.1/);
    client.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(relay.kept[0]?.decision.outcome).toBe('rejected');
    expect(relay.kept[0]).not.toHaveProperty('storage');
  });
});
