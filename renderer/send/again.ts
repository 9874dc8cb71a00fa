/** The form for a transaction that is sent again: the same envelope, client and content, as far as they are known. */
import type { Transaction } from '../../relay-core/contract/index.ts';
import { bytes } from '../design/figures.ts';
import { emptyForm, type FormValues } from './form-values.ts';

/** What is known of the content: the message as it arrived, or why it is not here. */
export type Content =
  | { kind: 'message'; raw: string }
  | { kind: 'none-kept' }
  | { kind: 'too-large'; size: number }
  | { kind: 'no-text' };

/** Larger messages, in bytes, are not put into a form. */
export const mostFormBytes = 256 * 1024;

/** What a form was filled in from, and what a person has to know of it. */
export type FilledFrom = { transactionId: string; notes: readonly string[] };

/** A message as text; a form could not give other bytes back as they were. */
export const contentFrom = (message: Uint8Array): Content => {
  try {
    return { kind: 'message', raw: new TextDecoder('utf-8', { fatal: true }).decode(message) };
  } catch {
    return { kind: 'no-text' };
  }
};

const another = 'another one with its subject stands in its place.';

const contentNote = (content: Content): string[] => {
  switch (content.kind) {
    case 'message':
      return [];
    case 'none-kept':
      return [`Messages that were not accepted are not kept: ${another}`];
    case 'too-large':
      return [`The message is too large for the form (${bytes(content.size)}): ${another}`];
    case 'no-text':
      return [`The message has bytes that are no text: ${another}`];
  }
};

/** An address of this machine is seen as it is; any other has to be claimed. */
const isOfThisMachine = (address: string): boolean => address === '::1' || address.startsWith('127.');

export const formAgain = (
  { client, envelope, message, id }: Transaction,
  content: Content,
): { values: FormValues; from: FilledFrom } => {
  const { address, addressClaimed, authenticatedAs, heloName, portRole, tls } = client;
  const values: FormValues = {
    ...emptyForm,
    from: envelope.before.from,
    to: [...envelope.before.to],
    subject: message?.subject ?? emptyForm.subject,
    ...(content.kind === 'message' ? { content: 'raw', raw: content.raw } : {}),
    portRole,
    tls: portRole === 'smtps' ? 'implicit' : tls === null ? 'none' : 'starttls',
    authenticate: authenticatedAs !== null,
    user: authenticatedAs ?? '',
    heloName,
    claimedAddress: addressClaimed || !isOfThisMachine(address) ? address : '',
  };
  const password =
    authenticatedAs === null ? [] : [`${authenticatedAs} signed in; its password is not kept.`];
  return { values, from: { transactionId: id, notes: [...password, ...contentNote(content)] } };
};
