/** Which mailbox and which archive keep a copy of an accepted message, and why or why not (STO-1, STO-2). */
import { IconArchive, IconMailbox } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { StoredCopy } from '../../relay-core/contract/index.ts';
import { RulePill } from '../design/marks.tsx';
import styles from './kept.module.css';

const places = {
  mailbox: { name: 'Mailbox', Icon: IconMailbox },
  vault: { name: 'Vault', Icon: IconArchive },
} as const;

export const Copies = ({ copies }: { copies: readonly StoredCopy[] }): ReactNode =>
  copies.length > 0 && (
    <section className={styles.kept} aria-label="Copies that are kept">
      <h3 className="section">
        Copies that are kept <RulePill rule="STO-2" place="text" />
      </h3>
      <dl>
        {copies.map(({ kind, address, kept, text }) => {
          const { name, Icon } = places[kind];
          return (
            <div key={`${kind} ${address ?? ''}`}>
              <dt>
                <Icon size={14} aria-hidden /> {name}
              </dt>
              <dd data-state={kept ? 'good' : undefined}>
                <strong>{kept ? '✓ kept' : '– not kept'}</strong> <span>{text}</span>
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
