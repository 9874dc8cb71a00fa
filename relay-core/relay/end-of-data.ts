/**
 * The fifth moment: the whole message is here. Its content is looked into, size and content are decided on, and it is
 * stored or refused. A client that goes away meanwhile changes nothing: what was found and decided is kept all the same.
 */
import type { ContentVerdict } from '../contract/content.ts';
import { decide } from '../policy/decide.ts';
import { noRemedy, type Remedies } from '../policy/remedies/find-remedies.ts';
import { isSpam } from '../policy/rules/content.ts';
import { storedCopies } from '../policy/rules/mail-storage.ts';
import type { Configuration } from '../policy/types.ts';
import { refused } from './answers.ts';
import { keepEnded, keepMessage, refuseDropped } from './keeping.ts';
import { messageHeaders } from './message-headers.ts';
import { endRejected, type OpenTransaction } from './open-transaction.ts';
import { remediesFor } from './remedies.ts';
import { factsOf, noteFinding, type SessionContext, type SessionState, worded } from './session-state.ts';
import { spamFromClient, spamSeen } from './spam.ts';
import type { Answer, ReceivedMessage } from './types.ts';

/** Resolves once the message is stored, or refused; places held for it are charged or given back by then. */
export async function endOfData(
  state: SessionState,
  context: SessionContext,
  open: OpenTransaction,
  message: ReceivedMessage,
): Promise<Answer> {
  open.message = { size: message.sizeAsSent, ...messageHeaders(message.content) };
  noteBareLineFeeds(state, message);
  // The bench file may be replaced while scanners are asked: one version decides about one message.
  const configuration = context.configuration();
  open.progress = 'keeping';
  open.content = await contentOf(context, configuration, message);
  const answer = await decideAndKeep(state, context, configuration, open, message);
  open.progress = 'open';
  if (state.isGone) keepEnded(state, context);
  return answer;
}

/** A message that did not stay whole is refused without being looked into. */
async function contentOf(
  { inspect }: SessionContext,
  { filtering, messageBytes }: Configuration,
  { content, sizeAsSent, dropped }: ReceivedMessage,
): Promise<ContentVerdict | null> {
  return dropped !== null || sizeAsSent > messageBytes ? null : inspect(content, filtering);
}

async function decideAndKeep(
  state: SessionState,
  context: SessionContext,
  configuration: Configuration,
  open: OpenTransaction,
  message: ReceivedMessage,
): Promise<Answer> {
  const { sizeAsSent: messageBytes } = message;
  const decision = decide(configuration, {
    stage: 'end-of-data',
    session: factsOf(state),
    envelope: { reversePath: open.reversePath, forwardPaths: open.accepted },
    messageBytes,
    content: open.content && {
      verdict: open.content,
      spamFromClient: spamFromClient(context, state.client.address, context.now()),
    },
  });
  if (decision.outcome === 'accepted') {
    if (message.dropped !== null) return refuseDropped(state, context, open, message.dropped);
    open.trace.push(...decision.trace);
    const storage = storedCopies(configuration.organisation, open.reversePath);
    return keepMessage(state, context, open, { content: message.content, storage });
  }
  if (open.content !== null && isSpam(open.content)) {
    spamSeen(context, configuration, {
      reversePath: open.reversePath,
      clientAddress: state.client.address,
      at: context.now(),
    });
  }
  const remedies =
    messageBytes > configuration.messageBytes
      ? remediesFor(state, context, open, { stage: 'end-of-data', messageBytes })
      : noRemedyForContent(decision.rule);
  endRejected(open, decision, worded(state, context, decision.reply), remedies);
  return refused(decision.reply, decision.afterwards);
}

function noRemedyForContent(rule: string): Remedies {
  return noRemedy(
    rule === 'FIL-3'
      ? 'The message passes once its scanner answers; the client is to try again later.'
      : 'What the message holds is refused, however it is sent.',
  );
}

function noteBareLineFeeds(state: SessionState, { bareLineFeeds }: ReceivedMessage): void {
  if (bareLineFeeds === 0) return;
  noteFinding(state, {
    rule: 'RFC-5321',
    severity: 'warning',
    text: `${bareLineFeeds} line feeds in the message had no carriage return before them. They stay content.`,
    fix: 'Let the client end every line with CR LF.',
  });
}
