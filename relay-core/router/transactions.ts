/** Transactions, their messages and their sessions. */
import { maxParsedBytes } from '../content/message-viewer.ts';
import type { TransactionRecord } from '../store/types.ts';
import { relayBench } from './implement.ts';
import { maxSessionTransactions, sessionOf, summaryOf, transactionOf } from './views.ts';

/** Pieces in which a message is handed over; larger ones choke a port. */
const pieceBytes = 1024 * 1024;

/** Stretches of the store that one answer looks at before it is given with what was found: 50,000 transactions. */
const stretchesSearched = 10;

const list = relayBench.transactions.list.handler(async ({ input, context }) => {
  const { limit, cursor, outcome, search = '' } = input;
  const items: TransactionRecord[] = [];
  let next = cursor;
  for (let stretch = 1; ; stretch += 1) {
    const page = context.engine.store.transactions({
      limit: limit - items.length,
      ...(next === undefined ? {} : { cursor: next }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(search.trim() === '' ? {} : { search: search.trim() }),
    });
    items.push(...page.items);
    const isDone = page.nextCursor === null || items.length >= limit || stretch === stretchesSearched;
    if (isDone) return { items: items.map(summaryOf), nextCursor: page.nextCursor };
    next = page.nextCursor ?? undefined;
    // Messages have their turn between two stretches.
    await new Promise(setImmediate);
  }
});

const get = relayBench.transactions.get.handler(({ input, context, errors }) => {
  const { engine } = context;
  const record = engine.store.transaction(input.id);
  if (record === null) {
    throw errors.NOT_FOUND({
      message: `There is no transaction ${input.id}.`,
      data: { hint: 'The list holds what is kept here; it may be of another data folder.' },
    });
  }
  return transactionOf(record, engine.session(record.sessionId));
});

const message = relayBench.transactions.message.handler(async ({ input, context, errors }) => {
  const whole = context.engine.store.message(input.id, 0, maxParsedBytes);
  if (whole === null) {
    throw errors.NOT_FOUND({
      message: `No message was kept for ${input.id}.`,
      data: { hint: 'Messages are kept for accepted transactions.' },
    });
  }
  return context.engine.viewMessage(whole.content, whole.size);
});

const messagePiece = relayBench.transactions.messagePiece.handler(({ input, context, errors }) => {
  const piece = context.engine.message(input.id, input.offset, pieceBytes, input.form);
  if (piece === null) throw errors.NOT_FOUND({ message: `No message was kept for ${input.id}.`, data: {} });
  const end = input.offset + piece.content.byteLength;
  return {
    contentBase64: Buffer.from(piece.content).toString('base64'),
    nextOffset: end < piece.size && piece.content.byteLength > 0 ? end : null,
    size: piece.size,
  };
});

const session = relayBench.sessions.get.handler(({ input, context, errors }) => {
  const { engine } = context;
  const record = engine.session(input.id);
  if (record === null) throw errors.NOT_FOUND({ message: `There is no session ${input.id}.`, data: {} });
  return sessionOf(record, engine.store.transactionsOfSession(input.id, maxSessionTransactions));
});

export const transactions = { list, get, message, messagePiece };
export const sessions = { get: session };
