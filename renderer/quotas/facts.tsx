/** What the figures do not say by themselves: which limits run out first, and what is counted elsewhere (ORG-5, CQ-6, CQ-7). */
import type { ReactNode } from 'react';
import type { QuotaWindowState, Status } from '../../relay-core/contract/index.ts';
import { RulePill } from '../design/marks.tsx';
import styles from './explained.module.css';
import { quotaFacts } from './quota-facts.ts';

export const Facts = ({
  status,
  windows,
}: {
  status: Status;
  windows: readonly QuotaWindowState[];
}): ReactNode => (
  <ul className={styles.facts}>
    {quotaFacts(status, windows).map(({ rule, text }) => (
      <li key={rule}>
        <RulePill rule={rule} place="text" /> {text}
      </li>
    ))}
  </ul>
);
