/** 550 5.4.5 on purpose: a user's messages window is filled, one message is sent as that user, and the relay refuses it. */
import type { QuotaWindowState, Transaction } from '../../relay-core/contract/index.ts';
import { client } from '../api/client.ts';
import { windowName } from '../design/quota-words.ts';
import { suggestionsFrom } from '../send/suggestions.ts';

/** How it went: the transaction to open, or why it is not to be seen. */
export type Provoked =
  | { outcome: 'refused'; id: string }
  | { outcome: 'otherwise'; id: string; answer: string }
  | { outcome: 'not-tried'; message: string };

const wantedCode = '5.4.5';
const recipient = 'someone@example.org';

const isFull = ({ used, reserved, limit }: QuotaWindowState): boolean => used + reserved >= limit;

const answerOf = ({ decision }: Transaction): string => {
  const { rule, reply } = decision;
  const words = reply?.lines[0] ?? decision.outcome;
  return rule ? `${words} (${rule})` : words;
};

/**
 * Fills, sends, and looks at what came of it.
 * @param wanted the user to do it with; without one, the first of the bench file that may send
 * @throws what the engine's calls throw
 */
export const provokeRefusal = async (wanted: string | undefined): Promise<Provoked> => {
  const { senders, addresses, heloName } = suggestionsFrom((await client.bench.read()).yaml);
  const user = wanted ?? senders[0];
  if (user === undefined)
    return {
      outcome: 'not-tried',
      message:
        'A user’s limit applies to registered users only (UQ-4), and the bench file has none that may send. Add one under users.',
    };
  const { windows } = await client.quotas.list({ search: user, limit: 100 });
  const full = windows.find((state) => state.user === undefined && isFull(state));
  if (full)
    return {
      outcome: 'not-tried',
      message: `The window “${windowName[full.window]}” is full, so every sender gets the customer’s reply (CQ-6). Step the clock on, undo the fills, or start over.`,
    };
  const messages = windows.find((state) => state.user === user && state.window === 'user-messages-day');
  if (!messages) return { outcome: 'not-tried', message: `${user} is no registered user (UQ-4).` };
  if (messages.used < messages.limit)
    await client.quotas.fill({ window: messages.window, user, used: messages.limit });

  const listedHere = addresses.includes('127.0.0.1') || addresses[0] === undefined;
  const { transactionId, failure } = await client.messages.send({
    from: user,
    to: [recipient],
    subject: 'One more than the limit',
    text: 'Sent from Relay Bench to see 550 5.4.5.\n',
    portRole: 'relay',
    // TLS harms no setting, and some require it.
    tls: 'starttls',
    ...(heloName === null ? {} : { heloName }),
    ...(listedHere ? {} : { claimedAddress: addresses[0] }),
  });
  if (transactionId === null)
    return {
      outcome: 'not-tried',
      message: failure ?? 'The relay closed the connection before the message began.',
    };
  const transaction = await client.transactions.get({ id: transactionId });
  return transaction.decision.reply?.enhancedCode === wantedCode
    ? { outcome: 'refused', id: transactionId }
    : { outcome: 'otherwise', id: transactionId, answer: answerOf(transaction) };
};
