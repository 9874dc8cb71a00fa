/**
 * Says for people why a sending did not get as far as a reply. A refusal by the relay is no such failure: the dialogue
 * shows its reply. Reads error codes of Node and nodemailer; knows nothing of how the sending went on.
 */
import type { DialogueLine, TestMessage } from '../contract/index.ts';
import type { SendTarget } from './types.ts';

/** The sender's own reasons to stop. */
export class SendStopped extends Error {
  override readonly name = 'SendStopped';
}

const textOf = (error: object, key: string): string => {
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' ? value : '';
};

/**
 * @returns one or two sentences; null where the relay's reply in the dialogue tells all
 */
export function failureOf(
  error: unknown,
  message: TestMessage,
  target: SendTarget,
  dialogue: readonly DialogueLine[],
): string | null {
  if (error instanceof SendStopped) return error.message;
  if (!(error instanceof Error)) return String(error);
  if (typeof Reflect.get(error, 'responseCode') === 'number') return null;
  const where = `${target.host} port ${target.port}`;
  const code = textOf(error, 'originalCode') || textOf(error, 'code');
  if (code === 'ECONNREFUSED')
    return `Nothing listens on ${where}. Look at the listeners: one may have failed to start.`;
  if (textOf(error, 'timeoutType') === 'GREETING_TIMEOUT') return `No greeting came from ${where} in time.`;
  if (isPlainTextBehindTls(code)) {
    return `The ${message.portRole} listener answered in plain text: TLS from the first byte is for smtps. Choose STARTTLS.`;
  }
  if (isCertificateError(code)) {
    return `The relay’s certificate was not accepted (${error.message}). It should come from this engine’s own authority.`;
  }
  if (code === 'EENVELOPE')
    return `${error.message}: it cannot stand in MAIL FROM or RCPT TO. Nothing was sent.`;
  if (code === 'EAUTH')
    return 'AUTH needs a user and a password, and one of them is empty. Nothing was sent.';
  if (code === 'ECONNECTION' || code === 'ECONNRESET' || code === 'EPIPE') {
    if (endsWithRefusal(dialogue)) return null;
    return `The relay closed the connection to ${where} without a reply.`;
  }
  return `The connection to ${where} failed: ${error.message}.`;
}

/**
 * Whether the relay closed behind a refusal. nodemailer may have gone on by then: with HELO where EHLO was refused, or
 * with QUIT; any other line that is left without its reply is worth telling.
 */
function endsWithRefusal(dialogue: readonly DialogueLine[]): boolean {
  const said = dialogue.filter(({ direction }) => direction === 'client').map(({ text }) => text);
  const replies = dialogue.filter(
    ({ direction, text }) => direction === 'server' && /^\d{3}(?: |$)/.test(text),
  );
  // One reply to each line, in order, and the greeting before them.
  const unanswered = said.slice(Math.max(replies.length - 1, 0));
  return (
    /^[45]/.test(replies.at(-1)?.text ?? '') && unanswered.every((line) => /^(?:HELO|QUIT)\b/.test(line))
  );
}

const isPlainTextBehindTls = (code: string): boolean =>
  code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG' || code === 'EPROTO';

const isCertificateError = (code: string): boolean =>
  code === 'ERR_TLS_CERT_ALTNAME_INVALID' || /^(?:UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|CERT_)/.test(code);
