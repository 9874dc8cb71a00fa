/** The users by share of their limit, with search. A row shows the user's windows, and its use over time. */
import { Button } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconDropletHalf2, IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import type { QuotaWindowState } from '../../relay-core/contract/index.ts';
import { type Column, DataTable } from '../design/data-table.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { figure, share } from '../design/figures.ts';
import { SearchBox } from '../design/search-box.tsx';
import { UseBar } from '../design/use-bar.tsx';
import { useRowWalk } from '../frame/row-walk.ts';
import { useShortcuts } from '../frame/shortcuts.ts';
import type { Chosen, useUsers } from './quota-data.ts';
import styles from './quotas.module.css';
import { fullest, type UserRow } from './user-rows.ts';

const Used = ({ state }: { state: QuotaWindowState | null }): ReactNode =>
  state && (
    <span title={`${figure(state.used)} of ${figure(state.limit)}`}>
      {figure(state.used)}
      {state.simulated > 0 && (
        <IconDropletHalf2
          size={12}
          className={styles.filledMark}
          aria-label={`, ${figure(state.simulated)} of them filled in`}
        />
      )}
    </span>
  );

const Share = ({ row }: { row: UserRow }): ReactNode => {
  const state = fullest(row);
  return (
    state && (
      <span className={styles.barCell}>
        <UseBar used={state.used} reserved={state.reserved} limit={state.limit} />
        <span>{share(state.used, state.limit)}</span>
      </span>
    )
  );
};

/** In a narrower table the addresses would be cut to a letter; the share stays. */
const figuresFromPx = 440;

const columns: readonly Column<UserRow>[] = [
  {
    key: 'user',
    header: 'User',
    track: 'minmax(0, 1fr)',
    cell: ({ user }) => <span title={user}>{user}</span>,
  },
  {
    key: 'messages',
    header: 'Messages',
    track: '78px',
    fromWidthPx: figuresFromPx,
    align: 'end',
    cell: ({ messages }) => <Used state={messages} />,
  },
  {
    key: 'unique',
    header: 'Unique rcpts',
    track: '84px',
    fromWidthPx: figuresFromPx,
    align: 'end',
    cell: ({ unique }) => <Used state={unique} />,
  },
  {
    key: 'share',
    header: 'Share of limit',
    track: 'minmax(106px, 0.4fr)',
    cell: (row) => <Share row={row} />,
  },
];

/** The limits are the same for every user. */
const limitsOf = ({ messages, unique }: UserRow): string =>
  [messages && `${figure(messages.limit)} messages`, unique && `${figure(unique.limit)} unique`]
    .filter(Boolean)
    .join(', ');

type Props = {
  users: ReturnType<typeof useUsers>;
  search: string;
  onSearch: (value: string) => void;
  chosen: Chosen;
  /** The user chosen at this moment, drawn or not. */
  userNow: () => string | null;
  onChoose: (chosen: Chosen) => void;
};

export const UsersTable = ({ users, search, onSearch, chosen, userNow, onChoose }: Props): ReactNode => {
  const { list, rows, more, refresh, stale } = users;
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(search);
  const apply = useDebouncedCallback(onSearch, 200);
  const change = (value: string): void => {
    setTyped(value);
    apply(value);
  };
  const [first] = rows;
  const open = (user: string): void => {
    const row = rows.find((one) => one.user === user);
    const state = row && fullest(row);
    if (state) onChoose({ window: state.window, user });
  };
  const ids = useMemo(() => rows.map(({ user }) => user), [rows]);
  const { current, move, keys } = useRowWalk({ ids, shown: chosen.user ?? null, openNow: userNow, open });
  useShortcuts({ '/': () => field.current?.focus(), ...keys });
  return (
    <section className={styles.users} aria-label="Users">
      <div className={styles.usersTop}>
        <h3 className="section">Users</h3>
        <SearchBox
          ref={field}
          className={styles.search}
          name="Search users"
          value={typed}
          onChange={change}
        />
        {stale && (
          <Button
            className={styles.readAgain ?? ''}
            variant="light"
            leftSection={<IconRefresh size={14} />}
            onClick={refresh}
          >
            Read again
          </Button>
        )}
        {first && <span className={`cut quiet ${styles.userLimits}`}>Limits: {limitsOf(first)}</span>}
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
            ? 'The search looks through the addresses of registered users.'
            : 'Registered users who send through the relay stand here, the one nearest to the limit first. Other senders count for the customer only (UQ-4).'}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Users by share of their limit"
          columns={columns}
          rows={rows}
          rowId={({ user }) => user}
          current={current}
          onMove={move}
          onOpen={open}
          onNearEnd={more}
        />
      )}
    </section>
  );
};
