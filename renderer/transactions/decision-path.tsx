/**
 * The decision as a path from connection to answer: what passed is folded to a line, what decided stands open
 * with its rule's own text and where that rule comes from.
 */
import { UnstyledButton } from '@mantine/core';
import { IconCheck, IconChevronRight, IconInfoSmall, IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { TraceStep, Transaction } from '../../relay-core/contract/index.ts';
import { Assumed, Copy, RulePill } from '../design/marks.tsx';
import { outcomeKind } from '../design/outcome.ts';
import { Prose } from '../design/prose.tsx';
import { basisText, useRules } from '../frame/rule-drawer.tsx';
import { awaitedBy } from './awaited.ts';
import styles from './decision-path.module.css';
import type { Links, Mark } from './links.ts';
import { neverPasses } from './never-passes.ts';
import { decidingStep, pathOrder, type Stage, stageOfAnswer } from './stages.ts';

const stepIcons = { pass: IconCheck, fail: IconX, note: IconInfoSmall } as const;
const stepWords = { pass: 'passed', fail: 'failed', note: 'note' } as const;

const RuleText = ({ rule }: { rule: string }): ReactNode => {
  const found = useRules().data?.find(({ id }) => id === rule);
  return (
    found && (
      <blockquote className={styles.ruleText}>
        <Prose text={found.text} />
        <footer>{basisText[found.basis]}</footer>
      </blockquote>
    )
  );
};

type StepProps = {
  step: TraceStep;
  stage: Stage | null;
  deciding: boolean;
  marked: boolean;
  onMark: () => void;
};

const Step = ({ step, stage, deciding, marked, onMark }: StepProps): ReactNode => {
  const [open, setOpen] = useState(deciding);
  const Icon = stepIcons[step.outcome];
  return (
    <li
      className={styles.step}
      data-outcome={step.outcome}
      data-deciding={deciding || undefined}
      data-marked={marked || undefined}
    >
      <span className={styles.stage}>{stage}</span>
      <span className={styles.sign}>
        <Icon size={13} stroke={2.4} aria-label={stepWords[step.outcome]} />
      </span>
      <div className={styles.stepBody}>
        <div className={styles.stepLine}>
          <UnstyledButton
            className={styles.stepText ?? ''}
            aria-expanded={open}
            data-open={open || undefined}
            onClick={() => {
              onMark();
              setOpen(!open || !marked);
            }}
          >
            <IconChevronRight size={13} className={styles.chevron} aria-hidden />
            <span>{step.text}</span>
          </UnstyledButton>
          {step.assumed && <Assumed />}
          <RulePill rule={step.rule} place="text" />
        </div>
        {open && <RuleText rule={step.rule} />}
      </div>
    </li>
  );
};

const answerWords = {
  accepted: 'Accepted',
  refused: 'Refused',
  deferred: 'Deferred: the client may try again',
  hopeless: 'Deferred, but as it is it can never pass: fewer recipients a message, or a higher limit',
  abandoned: 'No answer: the client broke off',
};

const Answer = ({ transaction, reply: place }: Pick<Props, 'transaction' | 'reply'>): ReactNode => {
  const { decision, dialogue } = transaction;
  const kind = outcomeKind(decision);
  const stage = stageOfAnswer(decision, dialogue);
  const reply = decision.reply?.lines.join('\n');
  const awaited = decision.outcome === 'abandoned' ? awaitedBy(transaction) : null;
  return (
    <li className={styles.step} data-answer={kind}>
      <span className={styles.stage}>{decision.outcome === 'rejected' ? stage : awaited?.stage}</span>
      <span className={styles.sign} aria-hidden />
      <div className={styles.stepBody}>
        <div className={styles.stepLine}>
          <strong className={styles.stepText}>
            {answerWords[neverPasses(transaction) ? 'hopeless' : kind]}
          </strong>
          {reply && <Copy value={reply} what="reply" />}
        </div>
        {awaited && <p className="quiet">{awaited.text}</p>}
      </div>
      {reply && place === 'here' && (
        <pre className={`mono ${styles.reply}`}>
          {decision.reply?.lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a reply never changes.
            <span key={index}>{`${line}\n`}</span>
          ))}
        </pre>
      )}
    </li>
  );
};

type Props = {
  transaction: Transaction;
  links: Links;
  onMark: (mark: Mark) => void;
  /** Where the reply's lines stand: here, or in the dialogue beside. */
  reply: 'here' | 'beside';
};

export const DecisionPath = ({ transaction, links, onMark, reply }: Props): ReactNode => {
  const { decision, id } = transaction;
  const deciding = decidingStep(decision);
  const order = pathOrder(links.stageOfStep);
  const firstMarked = links.mark?.kind === 'line' ? [...links.steps][0] : undefined;
  useEffect(() => {
    if (firstMarked !== undefined)
      document.querySelector('[data-marked]')?.scrollIntoView({ block: 'nearest' });
  }, [firstMarked]);
  return (
    <ol className={styles.path} aria-label="Steps of the decision" key={id}>
      {order.map((index, place) => {
        const step = decision.trace[index];
        if (step === undefined) return null;
        const stage = links.stageOfStep[index] ?? 'other';
        const previous = order[place - 1];
        const repeats = previous !== undefined && stage === links.stageOfStep[previous];
        return (
          <Step
            key={index}
            step={step}
            stage={repeats || stage === 'other' ? null : stage}
            deciding={index === deciding}
            marked={links.steps.has(index)}
            onMark={() => onMark({ kind: 'step', index })}
          />
        );
      })}
      <Answer transaction={transaction} reply={reply} />
    </ol>
  );
};
