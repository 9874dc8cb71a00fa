/** One of the customer's windows: used of limit, the bar, where the limit comes from, when the next place frees up. */
import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { QuotaWindowState } from '../../relay-core/contract/index.ts';
import { figure, share } from '../design/figures.ts';
import { RulePill, Time } from '../design/marks.tsx';
import { windowName, windowRule } from '../design/quota-words.ts';
import { UseBar } from '../design/use-bar.tsx';
import styles from './quotas.module.css';

const Notes = ({ state }: { state: QuotaWindowState }): ReactNode => (
  <dl className={styles.notes}>
    <div>
      <dt>Limit</dt>
      <dd>{state.limitSource.text}</dd>
    </div>
    <div>
      <dt>Next place free</dt>
      <dd>{state.nextFreeAt ? <Time at={state.nextFreeAt} /> : 'nothing is used'}</dd>
    </div>
    {state.reserved > 0 && (
      <div>
        <dt>Reserved</dt>
        <dd>{figure(state.reserved)} by open transactions</dd>
      </div>
    )}
    {state.simulated > 0 && (
      <div>
        <dt>Filled in by hand</dt>
        <dd>{figure(state.simulated)}</dd>
      </div>
    )}
  </dl>
);

type Props = { state: QuotaWindowState; chosen: boolean; onChoose: () => void };

export const WindowCard = ({ state, chosen, onChoose }: Props): ReactNode => (
  <section className={styles.card} data-chosen={chosen || undefined} aria-label={windowName[state.window]}>
    <div className={styles.cardTop}>
      <UnstyledButton
        className={styles.cardName ?? ''}
        aria-pressed={chosen}
        title="Show its use over time"
        onClick={onChoose}
      >
        {windowName[state.window]}
      </UnstyledButton>
      <RulePill rule={windowRule[state.window]} place="text" />
    </div>
    <div className={styles.used}>
      <strong>{figure(state.used)}</strong>
      <span>of {figure(state.limit)} recipients</span>
      <span className={styles.share}>{share(state.used, state.limit)}</span>
    </div>
    <UseBar used={state.used} reserved={state.reserved} limit={state.limit} />
    <Notes state={state} />
  </section>
);
