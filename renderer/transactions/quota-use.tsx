/** What the transaction did to the quota windows: before, after, of the limit. */
import type { ReactNode } from 'react';
import type { QuotaChange } from '../../relay-core/contract/index.ts';
import { figure } from '../design/figures.ts';
import { windowName } from '../design/quota-words.ts';
import { UseBar } from '../design/use-bar.tsx';
import styles from './detail.module.css';

export const QuotaUse = ({ changes }: { changes: readonly QuotaChange[] }): ReactNode =>
  changes.length > 0 && (
    <section className={styles.quota} aria-label="Quota windows">
      <h3 className="section">Quota windows at this decision</h3>
      <table>
        <thead>
          <tr>
            <th>Window</th>
            <th data-align="end">Before</th>
            <th data-align="end">After</th>
            <th data-align="end">Limit</th>
            <th aria-label="Share" />
          </tr>
        </thead>
        <tbody>
          {changes.map(({ window, user, before, after, limit }) => (
            <tr key={`${window} ${user ?? ''}`}>
              <td>
                {windowName[window]}
                {user && <div className="quiet">{user}</div>}
              </td>
              <td data-align="end">{figure(before)}</td>
              <td data-align="end">{after === before ? 'unchanged' : figure(after)}</td>
              <td data-align="end">{figure(limit)}</td>
              <td>
                <UseBar used={after} reserved={0} limit={limit} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
