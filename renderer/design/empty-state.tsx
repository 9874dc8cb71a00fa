/** The one way an empty place shows: what will appear here, how to make it appear, with the command to copy. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Copy } from './marks.tsx';
import styles from './notices.module.css';

export type Command = { what: string; command: string };

type Props = {
  title: string;
  children: ReactNode;
  commands?: Command[];
  /** The next thing to do on these pages. */
  action?: { label: string; to: string };
};

export const EmptyState = ({ title, children, commands = [], action }: Props): ReactNode => (
  <div className={styles.empty}>
    <h2>{title}</h2>
    <div className="quiet">{children}</div>
    {commands.map(({ what, command }) => (
      <div key={what}>
        <div className={styles.commandName}>{what}</div>
        <div className={styles.command}>
          <pre className="mono">{command}</pre>
          <Copy value={command} what={what} />
        </div>
      </div>
    ))}
    {action && (
      <div>
        <Button component={Link} to={action.to}>
          {action.label}
        </Button>
      </div>
    )}
  </div>
);
