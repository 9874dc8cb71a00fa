/** How much a finding asks for, as a sign and a word, never a colour alone. */
import { IconAlertOctagon, IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Finding } from '../../relay-core/contract/index.ts';
import styles from './marks.module.css';

type Severity = Finding['severity'];

export const severityWord: Record<Severity, string> = {
  info: 'Note',
  warning: 'Warning',
  problem: 'Problem',
};

const severityIcon: Record<Severity, typeof IconInfoCircle> = {
  info: IconInfoCircle,
  warning: IconAlertTriangle,
  problem: IconAlertOctagon,
};

export const SeverityMark = ({ severity }: { severity: Severity }): ReactNode => {
  const Icon = severityIcon[severity];
  return (
    <span className={styles.severity} data-severity={severity}>
      <Icon size={14} stroke={2} aria-hidden />
      {severityWord[severity]}
    </span>
  );
};
