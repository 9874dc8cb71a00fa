/** Search, outcome, news. What is typed goes to the address, and from there to the list. */
import { Button, SegmentedControl } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconArrowUp } from '@tabler/icons-react';
import { type ReactNode, type RefObject, useEffect, useState } from 'react';
import { figure } from '../design/figures.ts';
import { SearchBox } from '../design/search-box.tsx';
import type { ListFilter } from './list-data.ts';
import { newsLabel } from './news.ts';
import styles from './transactions.module.css';

const outcomes = [
  { value: '', label: 'All' },
  { value: 'accepted', label: 'Accepted' },
  { value: 'rejected', label: 'Refused' },
  { value: 'abandoned', label: 'Abandoned' },
];

type Props = {
  filter: ListFilter;
  set: (values: Record<string, string | null>) => void;
  searchRef: RefObject<HTMLInputElement | null>;
  newer: number;
  bringIn: () => void;
  kept: number | null;
  /** How many of them fit, read so far; null where nothing is left out. */
  fitting: { rows: number; more: boolean } | null;
};

/** `301 kept`, `12 fit, of 301 kept`, `100 fit so far, of 301 kept`. */
const keptWords = (kept: number, fitting: Props['fitting']): string =>
  `${fitting ? `${figure(fitting.rows)} fit${fitting.more ? ' so far' : ''}, of ` : ''}${figure(kept)} kept`;

export const Toolbar = ({ filter, set, searchRef, newer, bringIn, kept, fitting }: Props): ReactNode => {
  const [typed, setTyped] = useState(filter.search ?? '');
  const apply = useDebouncedCallback((value: string) => set({ search: value }), 200);
  useEffect(() => {
    // Whoever is typing leads: the address is behind by then, and would take letters back.
    if (document.activeElement !== searchRef.current) setTyped(filter.search ?? '');
  }, [filter.search, searchRef]);
  const change = (value: string): void => {
    setTyped(value);
    apply(value);
  };
  return (
    <div className={styles.toolbar} role="toolbar" aria-label="Which transactions">
      <SearchBox
        ref={searchRef}
        className={styles.search}
        name="Search transactions"
        placeholder="Search sender, recipient, subject, client"
        value={typed}
        onChange={change}
      />
      <SegmentedControl
        aria-label="Outcome"
        data={outcomes}
        value={filter.outcome ?? ''}
        onChange={(value) => set({ outcome: value })}
        transitionDuration={0}
      />
      {newer > 0 && (
        <Button
          leftSection={<IconArrowUp size={14} />}
          onClick={bringIn}
          title="Bring them in (n)"
          aria-live="polite"
        >
          {newsLabel(newer)}
        </Button>
      )}
      {kept !== null && <span className={styles.kept}>{keptWords(kept, fitting)}</span>}
    </div>
  );
};
