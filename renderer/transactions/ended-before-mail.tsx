/** Connections that ended before MAIL, over a problem: no transaction tells of them, so this line leads to what does. */
import { IconPlugConnectedX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { count } from '../design/figures.ts';
import { problemsPlace } from '../findings/address.ts';
import { useRecentProblems } from '../findings/unread.ts';
import styles from './transactions.module.css';

/** @param place over a full list it is a quiet line; an empty one is mostly empty for this reason */
export const EndedBeforeMail = ({ place }: { place: 'full-list' | 'empty-list' }): ReactNode => {
  const recent = useRecentProblems();
  if (!recent || recent.endedBeforeMail === 0) return null;
  return (
    <p className={styles.ended} data-place={place}>
      <IconPlugConnectedX size={14} aria-hidden />
      {count(recent.endedBeforeMail, 'connection')} ended before MAIL in the last 24 hours:{' '}
      <Link to={problemsPlace}>see why</Link>
    </p>
  );
};
