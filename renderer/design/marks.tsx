/** Small marks that mean the same on every page: the outcome, a rule's pill, a time, a value that can be copied. */
import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import {
  IconCheck,
  IconCircleCheck,
  IconCircleMinus,
  IconCircleX,
  IconClockPause,
  IconCopy,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import type { DecisionView } from '../../relay-core/contract/index.ts';
import { useEngineToday } from '../clock/use-engine-today.ts';
import { bothTimes, localTime, shortTime, utcTime } from './figures.ts';
import styles from './marks.module.css';
import { type OutcomeKind, outcomeCode, outcomeKind, outcomeWord } from './outcome.ts';

const outcomeIcon: Record<OutcomeKind, typeof IconCircleX> = {
  accepted: IconCircleCheck,
  refused: IconCircleX,
  deferred: IconClockPause,
  abandoned: IconCircleMinus,
};

/** Sign and code of an outcome, as it stands in a row: `✕ 550 5.4.5`, `✓ 250 2.0.0`. */
export const OutcomeCode = ({ decision }: { decision: DecisionView }): ReactNode => {
  const kind = outcomeKind(decision);
  const Icon = outcomeIcon[kind];
  return (
    <span className={styles.outcome} data-kind={kind}>
      <Icon size={14} stroke={2} aria-label={outcomeWord[kind]} />
      <span className="mono">{outcomeCode(decision) ?? outcomeWord[kind].toLowerCase()}</span>
    </span>
  );
};

/** Word and code of an outcome, for a heading. */
export const OutcomeBadge = ({ decision }: { decision: DecisionView }): ReactNode => {
  const kind = outcomeKind(decision);
  const Icon = outcomeIcon[kind];
  const code = outcomeCode(decision);
  return (
    <span className={styles.badge} data-kind={kind}>
      <Icon size={15} stroke={2} aria-hidden />
      {outcomeWord[kind]}
      {code && <span className="mono">{code}</span>}
    </span>
  );
};

/** A rule's id; opens the rule. `place` keeps the many pills of a table out of the order of the Tab key. */
export const RulePill = ({ rule, place }: { rule: string; place: 'list' | 'text' }): ReactNode => {
  const [, setParams] = useSearchParams();
  return (
    <button
      type="button"
      className={styles.rule}
      tabIndex={place === 'list' ? -1 : 0}
      aria-label={`Rule ${rule}`}
      onClick={(event) => {
        event.stopPropagation();
        setParams((params) => {
          params.set('rule', rule);
          return params;
        });
      }}
    >
      {rule}
    </button>
  );
};

/** "assumed": the service's own page does not settle this step. */
export const Assumed = (): ReactNode => (
  <Tooltip label="Neither the service’s help page nor its logs settle this. The answer here is an assumption of Relay Bench.">
    <span className={styles.assumed}>assumed</span>
  </Tooltip>
);

const timeIn = { text: localTime, column: shortTime, heading: bothTimes } as const;

/** A moment in local time; UTC to the millisecond on hover, and to the second beside it in a heading. */
export const Time = ({ at, place = 'text' }: { at: string; place?: keyof typeof timeIn }): ReactNode => {
  const today = useEngineToday();
  return (
    <time dateTime={at} title={utcTime(at)}>
      {timeIn[place](at, new Date(today))}
    </time>
  );
};

/** A button that copies `value`; `what` names it for people: "Copy relay address". */
export const Copy = ({ value, what }: { value: string; what: string }): ReactNode => (
  <CopyButton value={value} timeout={1_500}>
    {({ copied, copy }) => (
      <ActionIcon
        size="xs"
        aria-label={copied ? `${what}: copied` : `Copy ${what}`}
        title={copied ? 'Copied' : `Copy ${what}`}
        color={copied ? 'green' : 'gray'}
        onClick={(event) => {
          event.stopPropagation();
          copy();
        }}
      >
        {copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
      </ActionIcon>
    )}
  </CopyButton>
);
