/** The users' windows by share of their limit, with search. A row shows its use over time. */
import { Button, CloseButton, Kbd, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconRefresh, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useRef, useState } from 'react';
import { type QuotaWindowState, quotaWindowSchema } from '../../relay-core/contract/index.ts';
import { type Column, DataTable } from '../design/data-table.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { figure, share } from '../design/figures.ts';
import { Time } from '../design/marks.tsx';
import { UseBar } from '../design/use-bar.tsx';
import { useShortcuts } from '../frame/shortcuts.ts';
import { type Chosen, useUserWindows } from './quota-data.ts';
import styles from './quotas.module.css';

const unit: Partial<Record<QuotaWindowState['window'], string>> = {
  'user-messages-day': 'messages',
  'user-unique-recipients-day': 'unique recipients',
};

const columns: readonly Column<QuotaWindowState>[] = [
  {
    key: 'user',
    header: 'User',
    track: 'minmax(0, 1.4fr)',
    cell: ({ user }) => <span title={user}>{user}</span>,
  },
  { key: 'window', header: 'In 24 hours', track: '118px', cell: ({ window }) => unit[window] },
  {
    key: 'used',
    header: 'Used of limit',
    track: '128px',
    align: 'end',
    cell: ({ used, limit }) => `${figure(used)} of ${figure(limit)}`,
  },
  {
    key: 'bar',
    header: 'Share',
    track: 'minmax(84px, 0.7fr)',
    cell: ({ used, reserved, limit }) => (
      <span className={styles.barCell}>
        <UseBar used={used} reserved={reserved} limit={limit} />
        <span>{share(used, limit)}</span>
      </span>
    ),
  },
  {
    key: 'free',
    header: 'Next place free',
    track: '106px',
    fromWidthPx: 660,
    cell: ({ nextFreeAt }) => nextFreeAt && <Time at={nextFreeAt} />,
  },
];

const idOf = ({ window, user = '' }: Chosen): string => `${window} ${user}`;

const chosenOf = (id: string): Chosen | null => {
  const [window, user] = id.split(' ', 2);
  const known = quotaWindowSchema.safeParse(window);
  return known.success && user ? { window: known.data, user } : null;
};

type Props = {
  search: string;
  onSearch: (value: string) => void;
  chosen: Chosen;
  onChoose: (chosen: Chosen) => void;
};

export const UsersTable = ({ search, onSearch, chosen, onChoose }: Props): ReactNode => {
  const { list, rows, more, refresh, stale } = useUserWindows(search);
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(search);
  const apply = useDebouncedCallback(onSearch, 200);
  const change = (value: string): void => {
    setTyped(value);
    apply(value);
  };
  useShortcuts({ '/': () => field.current?.focus() });
  return (
    <section className={styles.users} aria-label="Users">
      <div className={styles.usersTop}>
        <h3 className="section">Users</h3>
        <TextInput
          ref={field}
          className={styles.search}
          aria-label="Search users"
          placeholder="Search users"
          leftSection={<IconSearch size={14} aria-hidden />}
          rightSection={
            typed ? (
              <CloseButton size="xs" aria-label="Clear the search" onClick={() => change('')} />
            ) : (
              <Kbd size="xs">/</Kbd>
            )
          }
          value={typed}
          onChange={({ currentTarget }) => change(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        {stale && (
          <Button variant="light" leftSection={<IconRefresh size={14} />} onClick={refresh}>
            Read again
          </Button>
        )}
      </div>
      {list.isError && (
        <FailureNotice
          what="The users could not be read"
          error={list.error}
          retry={() => void list.refetch()}
        />
      )}
      {list.isSuccess && rows.length === 0 && (
        <EmptyState title={search ? 'No user fits' : 'No user has sent yet'}>
          {search
            ? 'The search looks through the addresses of users who have sent in the last 24 hours.'
            : 'Registered users who send through the relay stand here, the one nearest to the limit first. Other senders count for the customer only (UQ-4).'}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Users by share of their limit"
          columns={columns}
          rows={rows}
          rowId={idOf}
          current={chosen.user ? idOf(chosen) : null}
          onMove={(id) => {
            const next = chosenOf(id);
            if (next) onChoose(next);
          }}
          onOpen={(id) => {
            const next = chosenOf(id);
            if (next) onChoose(next);
          }}
          onNearEnd={more}
        />
      )}
    </section>
  );
};
