/** What counts as what: the same messages counted twice, beside each other (UQ-5, CQ-3, CQ-9). */
import type { ReactNode } from 'react';
import { figure } from '../design/figures.ts';
import { RulePill } from '../design/marks.tsx';
import styles from './explained.module.css';
import type { TwoCounts } from './two-counts.ts';

export const CountsSideBySide = ({ counts }: { counts: TwoCounts }): ReactNode => (
  <section className={styles.counts} aria-label="What counts as what">
    <h3 className="section">What counts as what</h3>
    <div className={styles.pair}>
      <div className={styles.count}>
        <h4>
          Unique, for a user <RulePill rule="UQ-5" place="text" />
        </h4>
        <p>
          <strong>{figure(counts.unique)}</strong> of {figure(counts.uniqueLimit)}
        </p>
        <p className="quiet">
          Addresses that {counts.user} wrote to. Each counts once, until 24 hours after the last message to
          it.
        </p>
      </div>
      <div className={styles.count}>
        <h4>
          Total, for the customer <RulePill rule="CQ-3" place="text" />
        </h4>
        <p>
          <strong>{figure(counts.total)}</strong> of {figure(counts.totalLimit)}
        </p>
        <p className="quiet">
          Recipients of every message of every sender. The same address again counts again, for 24 hours each
          time.
        </p>
      </div>
    </div>
    {counts.sent && <p>{counts.sent}</p>}
    <p>{counts.example}</p>
  </section>
);
