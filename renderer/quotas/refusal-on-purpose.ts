/**
 * 550 5.4.5 on purpose: a user's messages window is filled, one message is sent as that user, and the relay refuses it.
 * Who a user is, by whichever of the addresses, the engine says. A fill that showed no refusal is taken out again.
 */
import type { QuotaWindowState, Transaction } from '../../relay-core/contract/index.ts';
import { client } from '../api/client.ts';
import { windowName } from '../design/quota-words.ts';
import { type RehearsalOffers, rehearsalOffers } from './rehearsal-offers.ts';

/** What became of the fill where no refusal came of it; `none` where the window was full before. */
export type FillLeft = 'none' | 'taken-out' | 'stays';

/** How it went: the transaction to open, or why the refusal is not to be seen. */
export type Provoked =
  | { outcome: 'refused'; id: string }
  | { outcome: 'otherwise'; id: string; answer: string; fill: FillLeft }
  | { outcome: 'not-sent'; error: unknown; fill: FillLeft }
  | { outcome: 'no-transaction'; message: string; fill: FillLeft }
  | { outcome: 'not-tried'; message: string };

type Sent =
  | { outcome: 'refused' | 'otherwise'; transaction: Transaction }
  | { outcome: 'none'; message: string };

const window = 'user-messages-day';
const wantedCode = '5.4.5';
const recipient = 'someone@example.org';
/** As many as one question gives. Users with any use beyond them are not looked through for fills. */
const usersLookedAt = 500;

const isFull = ({ used, reserved, limit }: QuotaWindowState): boolean => used + reserved >= limit;

const notTried = (message: string): Provoked => ({ outcome: 'not-tried', message });

const answerOf = ({ decision }: Transaction): string => {
  const { rule, reply } = decision;
  const words = reply?.lines[0] ?? decision.outcome;
  return rule ? `${words} (${rule})` : words;
};

type Windows = Awaited<ReturnType<typeof client.quotas.list>>;

/** Whether something may be filled in already: it is, or there are users in use who were not looked at. */
const mayHoldFills = ({ windows, nextCursor }: Windows): boolean =>
  windows.some(({ simulated }) => simulated > 0) ||
  // The users come by share: where the last one has used nothing, so have all behind.
  (nextCursor !== null && windows.slice(-2).some(({ used }) => used > 0));

/** Brings the user's window to its limit; gives how to take that back. */
const fillUp = async (user: string, limit: number, before: Windows): Promise<() => Promise<FillLeft>> => {
  const state = before.windows.find((one) => one.window === window && one.user === user);
  if (state && state.used >= limit) return async () => 'none';
  await client.quotas.fill({ window, user, used: limit });
  // The engine takes out all fills or none.
  if (mayHoldFills(before)) return async () => 'stays';
  return async () => {
    try {
      await client.quotas.removeFills();
      return 'taken-out';
    } catch {
      return 'stays';
    }
  };
};

const sendOneMore = async (user: string, { addresses, heloName }: RehearsalOffers): Promise<Sent> => {
  const { transactionId, failure } = await client.messages.send({
    from: user,
    to: [recipient],
    subject: 'One more than the limit',
    text: 'Sent from Relay Bench to see 550 5.4.5.\n',
    portRole: 'relay',
    // TLS harms no setting, and some require it.
    tls: 'starttls',
    heloName,
    ...(addresses.includes('127.0.0.1') ? {} : { claimedAddress: addresses[0] }),
  });
  if (transactionId === null)
    return {
      outcome: 'none',
      message: failure ?? 'The relay closed the connection before the message began.',
    };
  const transaction = await client.transactions.get({ id: transactionId });
  const isRefused = transaction.decision.reply?.enhancedCode === wantedCode;
  return { outcome: isRefused ? 'refused' : 'otherwise', transaction };
};

/**
 * Looks whether it can be shown, fills, sends, and looks at what came of it.
 * @param wanted an address of the user to do it with; without one, the first of the bench file that may send
 * @throws what the engine's calls throw before anything is filled
 */
export const provokeRefusal = async (wanted: string | undefined): Promise<Provoked> => {
  const offers = rehearsalOffers((await client.bench.read()).yaml);
  const address = wanted ?? offers.firstSender;
  if (address === undefined)
    return notTried(
      'A user’s limit applies to registered users only (UQ-4), and the bench file has none that may send. Add one under users.',
    );
  if (offers.addresses.length === 0)
    return notTried(
      'It is sent from a listed address without SMTP authentication, and no enabled relay setting takes such mail. Nothing was filled. Add a setting that lists an address and does not require SMTP authentication; or fill the window here, and send with the user’s password under Send.',
    );
  const { user = address, limit } = await client.quotas.history({ window, user: address });
  if (offers.suspended.has(user))
    return notTried(
      `${user} is suspended, and nothing is accepted from a suspended user’s address (SND-5). Nothing was filled. Choose another user, or lift the suspension under users.`,
    );
  const before = await client.quotas.list({ limit: usersLookedAt });
  const full = before.windows.find((state) => state.user === undefined && isFull(state));
  if (full)
    return notTried(
      `The window “${windowName[full.window]}” is full, so every sender gets the customer’s reply (CQ-6). Step the clock on, undo the fills, or start over.`,
    );
  const takeBack = await fillUp(user, limit, before);
  try {
    const sent = await sendOneMore(user, offers);
    if (sent.outcome === 'none')
      return { outcome: 'no-transaction', message: sent.message, fill: await takeBack() };
    const { id } = sent.transaction;
    return sent.outcome === 'refused'
      ? { outcome: 'refused', id }
      : { outcome: 'otherwise', id, answer: answerOf(sent.transaction), fill: await takeBack() };
  } catch (error) {
    return { outcome: 'not-sent', error, fill: await takeBack() };
  }
};
