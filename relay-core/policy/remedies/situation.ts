/**
 * A refusal as a situation that can be changed and judged again: who asks, what is asked, under which configuration,
 * and when. Judging is `decide` itself, so a remedy never promises what the relay would not do.
 */
import type { QuotaCounts, WindowCount } from '../../quota/types.ts';
import { decide } from '../decide.ts';
import { demandOf } from '../demand.ts';
import type { Configuration, Decision, Envelope, Question, SessionFacts } from '../types.ts';

/**
 * What would be for another sender, for other recipients or at a later time; asking changes nothing. The quotas answer as
 * `QuotaCounts` does, but never by its `counts`, which lets go of what has left the windows by the time asked about.
 */
export interface Outlook extends Pick<QuotaCounts, 'forecast' | 'freeAt'> {
  /** Until when a sender is suspended for its spam (ABU-2), epoch milliseconds; null when it is not at `at`. */
  spamSuspendedUntil(reversePath: string, configuration: Configuration, at: number): number | null;
}

/** The stages at which policy refuses a transaction. */
export type RefusalStage = Exclude<Question['stage'], 'helo'>;

export interface Situation {
  readonly stage: RefusalStage;
  readonly configuration: Configuration;
  readonly session: SessionFacts;
  /** At RCPT, the recipients accepted so far. */
  readonly envelope: Envelope;
  /** The recipient RCPT is asked about. */
  readonly forwardPath: string;
  readonly declaredBytes: number | null;
  /** Bytes as sent, at end of data. */
  readonly messageBytes: number;
  /** Engine time, epoch milliseconds. */
  readonly at: number;
}

/** What the relay says to a situation. */
export function judge(situation: Situation, outlook: Outlook): Decision {
  return decide(situation.configuration, questionOf(situation, outlook));
}

/**
 * An outlook that answers the same question once: candidates that change neither envelope nor time ask it again and
 * again, and a transaction can have a thousand recipients.
 */
export function askedOnce(outlook: Outlook): Outlook {
  const answers = new Map<string, readonly WindowCount[]>();
  return {
    forecast(demand, at) {
      const question = `${at} ${demand.user} ${demand.recipients.length}`;
      const known = answers.get(question);
      if (known !== undefined) return known;
      const counts = outlook.forecast(demand, at);
      answers.set(question, counts);
      return counts;
    },
    freeAt: (window, user, places) => outlook.freeAt(window, user, places),
    spamSuspendedUntil: (reversePath, configuration, at) =>
      outlook.spamSuspendedUntil(reversePath, configuration, at),
  };
}

function questionOf(situation: Situation, outlook: Outlook): Question {
  const { stage, session, envelope, configuration, at } = situation;
  switch (stage) {
    case 'mail':
      return { stage, session, reversePath: envelope.reversePath, declaredBytes: situation.declaredBytes };
    case 'rcpt':
      return { stage, session, envelope, forwardPath: situation.forwardPath };
    case 'data':
      return {
        stage,
        session,
        envelope,
        counts: outlook.forecast(demandOf(envelope, configuration), at),
        spamSuspendedUntil: outlook.spamSuspendedUntil(envelope.reversePath, configuration, at),
      };
    case 'end-of-data':
      // What a message holds is no business of remedies: it is not looked at again.
      return { stage, session, envelope, messageBytes: situation.messageBytes, content: null };
  }
}
