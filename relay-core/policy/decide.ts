/**
 * The decision: a pure function from settings, session, envelope and quota counts to accept or reject, with its trace.
 * It walks the checks in the order of "The order of checks" in reply-texts.md; what each does is in `rules/`.
 */
import type { CatalogueReply } from '../replies/catalogue.ts';
import type { Finding, View } from './check.ts';
import { notSuspendedForSpam, unsolicitedRate } from './rules/abuse.ts';
import { stillSignedIn, submissionPortsNeedAuthentication } from './rules/authentication.ts';
import { contentAllows } from './rules/content.ts';
import { relayServiceIncluded } from './rules/edition.ts';
import { heloGate } from './rules/helo-gate.ts';
import { relayDenied } from './rules/listed-address.ts';
import { messageSize } from './rules/message-size.ts';
import { newerVersionSteps } from './rules/newer-version.ts';
import { quotasAllow } from './rules/quotas.ts';
import { oneMoreRecipient } from './rules/recipients.ts';
import { rewrittenReversePath } from './rules/rewriting.ts';
import { askSettingsAtData, askSettingsAtMail } from './setting-checks.ts';
import { standingOf } from './standing.ts';
import type { Step } from './trace.ts';
import type { Configuration, Decision, Question, Rejected, SessionFacts } from './types.ts';

/** Answers one question of a session. Equal inputs give equal decisions; it never throws. */
export function decide(configuration: Configuration, question: Question): Decision {
  switch (question.stage) {
    case 'helo':
      return fromFinding(heloGate(configuration, question.session, question.rates), '', 'close');
    case 'mail':
      return withNewerVersion(configuration, decideAtMail(configuration, question));
    case 'rcpt':
      return fromFinding(
        oneMoreRecipient(configuration, question.envelope),
        question.envelope.reversePath,
        'continue',
      );
    case 'data':
      return decideAtData(configuration, question);
    case 'end-of-data':
      return decideAtEndOfData(configuration, question);
  }
}

/** The transaction's trace begins with a newer version that is on its way. */
function withNewerVersion(configuration: Configuration, decision: Decision): Decision {
  const news = newerVersionSteps(configuration);
  return news.length === 0 ? decision : { ...decision, trace: [...news, ...decision.trace] };
}

function decideAtMail(
  configuration: Configuration,
  question: Extract<Question, { stage: 'mail' }>,
): Decision {
  const { session, reversePath, declaredBytes } = question;
  const view = viewOf(configuration, session, reversePath);
  const signedIn = stillSignedIn(view);
  if (signedIn.outcome === 'fail') return rejected(signedIn.reply, signedIn.steps, null);
  const ports = submissionPortsNeedAuthentication(view);
  if (ports.outcome === 'fail') return rejected(ports.reply, ports.steps, null);
  const settings = askSettingsAtMail(view);
  if (settings.outcome === 'rejected') {
    return rejected(settings.reply, [...ports.steps, ...settings.steps], settings.setting);
  }
  if (declaredBytes === null) return accepted(reversePath, ports.steps, null);
  const size = messageSize(configuration, declaredBytes, 'declared');
  const steps = [...ports.steps, ...size.steps];
  return size.outcome === 'fail' ? rejected(size.reply, steps, null) : accepted(reversePath, steps, null);
}

function decideAtData(
  configuration: Configuration,
  question: Extract<Question, { stage: 'data' }>,
): Decision {
  const { session, envelope, counts } = question;
  const view = viewOf(configuration, session, envelope.reversePath);
  const signedIn = stillSignedIn(view);
  if (signedIn.outcome === 'fail') return rejected(signedIn.reply, signedIn.steps, null);
  const edition = relayServiceIncluded(view);
  if (edition.outcome === 'fail') return rejected(edition.reply, edition.steps, null);
  const settings = askSettingsAtData(view);
  switch (settings.outcome) {
    case 'none-enabled':
      return rejected(relayDenied(view), [settings.step], null);
    case 'rejected':
      return rejected(settings.reply, settings.steps, settings.setting);
    case 'accepted': {
      const suspension = notSuspendedForSpam(envelope.reversePath, question.spamSuspendedUntil);
      if (suspension.outcome === 'fail') {
        return rejected(suspension.reply, [...settings.steps, ...suspension.steps], settings.setting);
      }
      const rewriting = rewrittenReversePath(view);
      const quotas = quotasAllow(view, envelope.forwardPaths, counts);
      const steps = [...settings.steps, ...rewriting.steps, ...quotas.steps];
      return quotas.outcome === 'fail'
        ? rejected(quotas.reply, steps, settings.setting)
        : accepted(rewriting.reversePath, steps, settings.setting);
    }
  }
}

/** Size, then content, if it was looked into: of a message that was too large it was not. */
function decideAtEndOfData(
  configuration: Configuration,
  { session, envelope, messageBytes, content }: Extract<Question, { stage: 'end-of-data' }>,
): Decision {
  const size = messageSize(configuration, messageBytes, 'sent');
  if (size.outcome === 'fail' || content === null) {
    return fromFinding(size, envelope.reversePath, 'continue');
  }
  const { verdict, spamFromClient } = content;
  const allowed = contentAllows(verdict, configuration.filtering, session.clientAddress);
  const steps = [...size.steps, ...allowed.steps];
  if (allowed.outcome === 'fail' && allowed.reply.id === 'spam') {
    const rate = unsolicitedRate(session.clientAddress, spamFromClient);
    if (rate.outcome === 'fail') {
      return fromFinding({ ...rate, steps: [...steps, ...rate.steps] }, envelope.reversePath, 'close');
    }
  }
  return fromFinding({ ...allowed, steps }, envelope.reversePath, 'continue');
}

function viewOf(configuration: Configuration, session: SessionFacts, reversePath: string): View {
  return {
    configuration,
    session,
    reversePath,
    standing: standingOf(configuration.organisation, session, reversePath),
  };
}

function fromFinding(finding: Finding, reversePath: string, afterwards: Rejected['afterwards']): Decision {
  return finding.outcome === 'fail'
    ? { ...rejected(finding.reply, finding.steps, null), afterwards }
    : accepted(reversePath, finding.steps, null);
}

function accepted(reversePath: string, trace: readonly Step[], setting: string | null): Decision {
  return { outcome: 'accepted', setting, reversePath, trace };
}

/** The rule of a refusal is that of its last failing step. */
function rejected(reply: CatalogueReply, trace: readonly Step[], setting: string | null): Rejected {
  const reason = trace.findLast((step) => step.outcome === 'fail');
  if (reason === undefined) throw new Error(`refused with "${reply.id}" without a failing step`);
  return { outcome: 'rejected', reply, rule: reason.rule, setting, afterwards: 'continue', trace };
}
