/** One window: used of limit, the bar, where the limit comes from, when a place frees up, what still fits, what is filled in. */
import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { type QuotaWindowState, ruleOfWindow } from '../../relay-core/contract/index.ts';
import { count, figure, share } from '../design/figures.ts';
import { RulePill, Time } from '../design/marks.tsx';
import { windowName, windowUnit } from '../design/quota-words.ts';
import { UseBar } from '../design/use-bar.tsx';
import styles from './quotas.module.css';

const Notes = ({ state, recipients }: { state: QuotaWindowState; recipients: number }): ReactNode => (
  <dl className={styles.notes}>
    <div>
      <dt>Limit</dt>
      <dd>{state.limitSource.text}</dd>
    </div>
    <div>
      <dt>Next place free</dt>
      <dd>{state.nextFreeAt ? <Time at={state.nextFreeAt} /> : 'nothing is used'}</dd>
    </div>
    <div>
      <dt>Still fit</dt>
      <dd>
        {count(state.messagesThatFit, 'message')}
        {recipients > 1 && ` to ${figure(recipients)}`}
      </dd>
    </div>
    {state.reserved > 0 && (
      <div>
        <dt>Reserved</dt>
        <dd>{figure(state.reserved)} by open transactions</dd>
      </div>
    )}
    {state.simulated > 0 && (
      <div>
        <dt>Filled in</dt>
        <dd className={styles.filled}>{figure(state.simulated)} simulated</dd>
      </div>
    )}
  </dl>
);

const inShort = ({ window }: QuotaWindowState): string => {
  const unit = windowUnit[window];
  return `${unit.charAt(0).toUpperCase()}${unit.slice(1)}, 24 hours`;
};

type Props = {
  state: QuotaWindowState;
  /** The size of message that shall fit. */
  recipients: number;
  chosen: boolean;
  onChoose: () => void;
};

export const WindowCard = ({ state, recipients, chosen, onChoose }: Props): ReactNode => (
  <section
    className={styles.card}
    data-chosen={chosen || undefined}
    aria-label={[windowName[state.window], state.user].filter(Boolean).join(': ')}
  >
    <div className={styles.cardTop}>
      <UnstyledButton
        className={styles.cardName ?? ''}
        aria-pressed={chosen}
        title="Show its use over time"
        onClick={onChoose}
      >
        {/* Whose they are stands over a user's windows once. */}
        {state.user === undefined ? windowName[state.window] : inShort(state)}
      </UnstyledButton>
      <RulePill rule={ruleOfWindow[state.window]} place="text" />
    </div>
    <div className={styles.used}>
      <strong>{figure(state.used)}</strong>
      <span>
        of {figure(state.limit)} {windowUnit[state.window]}
      </span>
      <span className={styles.share}>{share(state.used, state.limit)}</span>
    </div>
    <UseBar used={state.used} reserved={state.reserved} limit={state.limit} />
    <Notes state={state} recipients={recipients} />
  </section>
);
