/** Quotas replayed in order, authentication as recorded, and what a record cannot tell. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Configuration } from '../../relay-core/policy/types.ts';
import { dayMs, tenMinutesMs } from '../../relay-core/quota/windows.ts';
import { reply } from '../../relay-core/replies/catalogue.ts';
import type { TransactionRecord } from '../../relay-core/store/types.ts';
import {
  atMail,
  authenticatedAs,
  configuration,
  offices,
  tls13,
  unlisted,
  withSetting,
} from '../policy/organisation-of-tests.ts';
import { type TestRelay, testRelay } from '../relay/relay-of-tests.ts';
import { whatIf } from './courses-of-tests.ts';

const elsewhere = 'someone@elsewhere.org';
let relay: TestRelay;
beforeEach(() => {
  relay = testRelay();
});

const send = (from: string, ...to: readonly string[]) =>
  relay.connect().send(from, ...(to.length === 0 ? [elsewhere] : to));
const numbers = async (draft: Configuration, running = configuration()) =>
  (await whatIf(relay.kept, draft, { running })).differences
    .map(({ number, kind }) => `${number} ${kind}`)
    .reverse();

const nothing = { same: 0, newlyRejected: 0, newlyAccepted: 0, envelopeChanged: 0, undetermined: 0 };

describe('quotas are replayed in order', () => {
  const perDay = (customerRecipientsPerDay: number, more: Parameters<typeof configuration>[0] = {}) =>
    configuration({ ...more, limits: { customerRecipientsPerDay } });

  test('a lower limit refuses from where it is reached on, until places leave the window · CQ-1', async () => {
    for (let sent = 0; sent < 4; sent++) await send('anna@example.com');
    relay.clock.now += dayMs;
    await send('anna@example.com');
    expect(await numbers(perDay(2))).toEqual(['3 newly-rejected', '4 newly-rejected']);
    expect((await whatIf(relay.kept, perDay(2))).byRule).toEqual({ 'CQ-1': 2 });
  });

  test('a refusal that no longer happens takes places from what follows', async () => {
    relay = testRelay(perDay(2));
    await send('printer@example.com');
    await send('anna@example.com');
    await send('bo@example.net');
    const draft = perDay(2, { settings: [{ ...offices, allowedSenders: 'domain-addresses' }] });
    expect(await numbers(draft, perDay(2))).toEqual(['1 newly-accepted', '3 newly-rejected']);
  });

  test('what is newly refused frees places for what follows', async () => {
    relay = testRelay(perDay(2));
    await send('anna@example.com');
    await send('bo@example.net');
    await send('anna@example.com');
    const draft = perDay(2, { users: [{ address: 'anna@example.com' }] });
    expect(await numbers(draft, perDay(2))).toEqual(['2 newly-rejected', '3 newly-accepted']);
  });

  test('the peak, the messages of a user and the unique recipients are each counted · CQ-2 UQ-1 UQ-2', async () => {
    await send('anna@example.com', 'a@x.org', 'b@x.org');
    await send('a.svensson@example.com', 'a@x.org');
    await send('anna@example.com', 'c@x.org');
    relay.clock.now += tenMinutesMs;
    await send('bo@example.net', 'c@x.org', 'd@x.org');
    const under = (limits: NonNullable<Parameters<typeof configuration>[0]>['limits']) =>
      numbers(configuration({ limits }));
    expect(await under({ customerRecipientsPerTenMinutes: 3 })).toEqual(['3 newly-rejected']);
    expect(await under({ userMessagesPerDay: 2 })).toEqual(['3 newly-rejected']);
    expect(await under({ userUniqueRecipientsPerDay: 2 })).toEqual(['3 newly-rejected']);
  });

  test('windows are empty again behind a new ledger, and where engine time goes back', async () => {
    await send('anna@example.com');
    await send('anna@example.com');
    expect(await numbers(perDay(1))).toEqual(['2 newly-rejected']);
    expect((await whatIf(relay.kept, perDay(1), { lastOfEarlierLedger: 1 })).same).toBe(2);
    relay.clock.now -= 1;
    await send('anna@example.com');
    expect(await numbers(perDay(1))).toEqual(['2 newly-rejected']);
  });
});

describe('what the draft has no part in', () => {
  test('a refusal by a window that was filled in by hand: the running file alone would accept it · CQ-1', async () => {
    const { now } = relay.clock;
    relay.counts.fill({ at: now, window: 'customer-recipients-day', user: null, amount: 13_000 });
    expect(await send('anna@example.com')).toContain('550 5.7.1');
    await send('nobody@example.com');
    const lax = withSetting({ allowedSenders: 'domain-addresses' });
    expect(await whatIf(relay.kept, configuration())).toMatchObject({
      ...nothing,
      total: 2,
      same: 1,
      undetermined: 1,
      undeterminedBecause: { countsOtherwise: 1 },
      differences: [],
    });
    expect(await whatIf(relay.kept, lax)).toMatchObject({ ...nothing, newlyAccepted: 1, undetermined: 1 });
    expect(await numbers(lax)).toEqual(['2 newly-accepted']);
  });

  test('what an earlier file refused or rewrote, and the running one does not', async () => {
    const earlier = withSetting({ allowedSenders: 'any' });
    relay = testRelay(earlier);
    await relay.connect('mail.example.com').send('somebody@foreign.org', elsewhere);
    const strict = configuration();
    expect(await whatIf(relay.kept, strict, { running: earlier })).toMatchObject({ newlyRejected: 1 });
    expect(await whatIf(relay.kept, strict, { running: strict })).toMatchObject({
      ...nothing,
      undetermined: 1,
      undeterminedBecause: { fileOtherwise: 1 },
    });
  });

  test('but what the running file lets pass and the draft does not is the draft’s, whatever was recorded', async () => {
    relay = testRelay(configuration());
    await send('printer@example.com');
    const running = withSetting({ allowedSenders: 'domain-addresses' });
    expect(await whatIf(relay.kept, configuration(), { running })).toMatchObject({
      ...nothing,
      newlyRejected: 1,
      byRule: { 'SND-1': 1 },
      differences: [
        {
          number: 1,
          kind: 'newly-rejected',
          before: { outcome: 'accepted', reversePath: null, recipients: 1 },
          after: { outcome: 'rejected', rule: 'SND-1' },
        },
      ],
    });
  });
});

describe('what the record cannot tell', () => {
  test('a transaction that was broken off', async () => {
    const conversation = relay.connect();
    conversation.mail('anna@example.com');
    conversation.rcpt(elsewhere);
    conversation.leave();
    expect(await whatIf(relay.kept, configuration())).toMatchObject({ total: 1, undetermined: 1, same: 0 });
    expect(await whatIf(relay.kept, withSetting({ requireTls: true }))).toMatchObject({ undetermined: 1 });
  });

  test('the recipients behind a refused MAIL, once MAIL passes; while it does not, nothing changes', async () => {
    const running = withSetting({ requireTls: true });
    relay = testRelay(running);
    relay.connect().mail('anna@example.com');
    expect(await whatIf(relay.kept, configuration(), { running })).toMatchObject({
      undeterminedBecause: { recipientsUnknown: 1, fileOtherwise: 0 },
      undetermined: 1,
      same: 0,
    });
    expect(await whatIf(relay.kept, running, { running })).toMatchObject({ same: 1 });
    const legacy = configuration({
      customer: { name: 'Example AB', primaryDomain: 'example.com', edition: 'legacy' },
    });
    expect(await whatIf(relay.kept, legacy, { running })).toMatchObject({ undetermined: 1 });
  });

  test('but a MAIL that was refused for its syntax is so under every bench file', async () => {
    const { session } = relay.connect();
    session.mailRefused({ reversePath: 'bad', wrongParameter: null }, reply('syntax'));
    session.replied();
    await expect
      .poll(() => relay.kept.map(({ decision }) => decision))
      .toMatchObject([{ outcome: 'rejected', rule: 'RFC-5321' }]);
    for (const draft of [configuration(), withSetting({ requireTls: true })])
      expect(await whatIf(relay.kept, draft)).toMatchObject({ total: 1, same: 1 });
  });

  test('what a client would have gone on with after a refused recipient · ENV-4', async () => {
    const limited = (recipientsPerTransaction: number) =>
      configuration({ limits: { recipientsPerTransaction } });
    relay = testRelay(limited(1));
    const conversation = relay.connect();
    conversation.mail('anna@example.com');
    conversation.rcpt('a@x.org');
    conversation.rcpt('b@x.org');
    conversation.leave();
    const running = limited(1);
    expect(await whatIf(relay.kept, limited(1), { running })).toMatchObject({ same: 1 });
    expect(relay.kept[0]?.decision.rule).toBe('ENV-4');
    expect(await whatIf(relay.kept, limited(2), { running })).toMatchObject({ undetermined: 1 });
  });
});

describe('taken as recorded', () => {
  const signedIn = { authenticatedAs: 'anna@example.com', tls: tls13 } as const;

  /** As if the client had signed in before. */
  async function sendSignedIn(from: string): Promise<TransactionRecord[]> {
    await send(from);
    return relay.kept.map((record) => ({ ...record, client: { ...record.client, ...signedIn } }));
  }

  test('who signed in, without a password in the draft', async () => {
    const draft = withSetting({ authentication: { smtpAuth: true } });
    const kept = await sendSignedIn('anna@example.com');
    expect(await whatIf(kept, draft)).toMatchObject({ same: 1 });
    expect(await whatIf(relay.kept, draft)).toMatchObject({ newlyRejected: 1, byRule: { 'AUT-2': 1 } });
  });

  test('but not as somebody the draft does not know, or has suspended · AUT-6', async () => {
    const kept = await sendSignedIn('bo@example.net');
    const bo = { address: 'bo@example.net' };
    const without = configuration({ users: [bo] });
    const suspended = configuration({ users: [bo, { address: 'anna@example.com', suspended: true }] });
    const alias = configuration({ users: [bo, { address: 'a@example.com', aliases: ['anna@example.com'] }] });
    expect(await whatIf(kept, without)).toMatchObject({ newlyRejected: 1, byRule: { 'AUT-6': 1 } });
    expect(await whatIf(kept, suspended)).toMatchObject({ newlyRejected: 1, byRule: { 'AUT-6': 1 } });
    expect(await whatIf(kept, alias)).toMatchObject({ same: 1 });
  });

  test('and the relay refuses it so on a connection that outlives its user · AUT-6', async () => {
    const kept = await sendSignedIn('bo@example.net');
    const running = configuration({ users: [{ address: 'bo@example.net' }] });
    const session = authenticatedAs('anna@example.com');
    expect(atMail({ from: 'bo@example.net', session }, running)).toMatchObject({ rule: 'AUT-6' });
    expect(await whatIf(kept, running, { running })).toMatchObject({
      newlyRejected: 0,
      undeterminedBecause: { fileOtherwise: 1 },
    });
  });

  test('what was said of the content, where it still gets as far', async () => {
    await send('anna@example.com');
    const refusedFor = (rule: string) =>
      relay.kept.map(
        (record): TransactionRecord => ({
          ...record,
          decision: { ...record.decision, outcome: 'rejected', rule },
        }),
      );
    expect(await whatIf(refusedFor('FIL-1'), configuration())).toMatchObject({ same: 1 });
    expect(await whatIf(refusedFor('RFC-3463'), configuration())).toMatchObject({ same: 1 });
    const running = configuration({ limits: { messageBytes: 1_024 } });
    const large = refusedFor('RFC-1870').map(
      (record): TransactionRecord => ({
        ...record,
        message: { size: 1_025, subject: '', messageId: '' },
      }),
    );
    expect(await whatIf(large, configuration(), { running })).toMatchObject({ newlyAccepted: 1 });
  });

  test('what refuses a message for its content frees its places', async () => {
    await send('anna@example.com');
    await send('anna@example.com');
    const [first, second] = relay.kept;
    if (first === undefined || second === undefined) throw new Error('two were kept');
    const spam = { ...first, decision: { ...first.decision, outcome: 'rejected' as const, rule: 'FIL-1' } };
    const one = configuration({ limits: { customerRecipientsPerDay: 1 } });
    expect(await whatIf([spam, second], one)).toMatchObject({ same: 2 });
  });

  test('the client’s address, which another list may hold', async () => {
    await relay.connect('mail.example.com', unlisted).send('anna@example.com', elsewhere);
    const draft = withSetting({
      authentication: { ipRanges: [{ description: 'Other', range: unlisted }] },
    });
    expect(await whatIf(relay.kept, draft)).toMatchObject({ newlyAccepted: 1 });
  });
});
