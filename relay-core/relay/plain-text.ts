/**
 * Clients that stay in plain text, where AUTH is neither offered nor taken (AUT-3). One that sends it all the same has been
 * refused; one that looks for it in vain mostly leaves without a word. Both are told once the connection is gone.
 */
import { heard, wasRefused } from './dialogue.ts';
import { noteFinding, type SessionContext, type SessionState } from './session-state.ts';

/**
 * So often within an hour a client is told that it left: a person who tries again finds it each time, and a monitor that
 * greets every minute does not fill the list of findings. [ours]
 */
const toldInAnHour = 3;

/** The connection is gone. */
export function notePlainText(state: SessionState, { habits, wallNow }: SessionContext): void {
  if (heard(state.dialogue, 'AUTH', 'plain')) {
    noteFinding(state, {
      rule: 'AUT-3',
      severity: 'problem',
      text: 'AUTH was sent in plain text and refused: it is taken inside TLS only.',
      fix: 'Let the client start TLS before AUTH: STARTTLS on ports 25 and 587, TLS from the first byte on 465.',
    });
    return;
  }
  if (!leftAfterGreeting(state)) return;
  const { address, heloName } = state.client;
  const times = habits.leftInPlainText(address, heloName, wallNow());
  if (times > toldInAnHour) return;
  const isLast = times === toldInAnHour;
  noteFinding(state, {
    rule: 'AUT-3',
    severity: 'info',
    text: `Left without a transaction after EHLO ${heloName} in plain text, where AUTH is not offered.${
      isLast
        ? ` This client did so ${times} times within an hour; until that is over it is not told again.`
        : ''
    }`,
    fix: 'If it was to sign in, let it use STARTTLS (in Postfix: smtp_tls_security_level = encrypt) or port 465; if it only checked the port, nothing is to be changed.',
  });
}

/** Greeted with EHLO, refused nothing, and gone without TLS and without MAIL: for want of AUTH, or only to look. */
function leftAfterGreeting({ client, dialogue, transactionsOpened }: SessionState): boolean {
  return (
    client.tls === null &&
    transactionsOpened === 0 &&
    heard(dialogue, 'EHLO') &&
    !heard(dialogue, 'STARTTLS') &&
    !wasRefused(dialogue)
  );
}
