/** Transactions: the list left, the chosen one right; narrow windows stack them. */
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useMemo, useRef } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { DataTable } from '../design/data-table.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { stackBelowPx } from '../design/tokens.ts';
import { useRowWalk } from '../frame/row-walk.ts';
import { useShortcuts } from '../frame/shortcuts.ts';
import { detailTabs, useTransactionsAddress } from './address.ts';
import { columns } from './columns.tsx';
import { Detail } from './detail.tsx';
import { NoTransactions, NothingFits } from './empty-list.tsx';
import { EndedBeforeMail } from './ended-before-mail.tsx';
import { useTransactionList } from './list-data.ts';
import { Toolbar } from './toolbar.tsx';
import styles from './transactions.module.css';

/** Up to this width of the window, in pixels, the list takes half of it, so that sender and recipient can be told. */
const halvesUpToPx = 1_500;

const useIsUpTo = (widthPx: number): boolean =>
  useMediaQuery(`(max-width: ${widthPx}px)`, false, { getInitialValueInEffect: false });

const useSplit = (open: boolean) => {
  const orientation = useIsUpTo(stackBelowPx) ? 'vertical' : 'horizontal';
  const besideShare = useIsUpTo(halvesUpToPx) ? '50%' : '44%';
  const listShare = orientation === 'vertical' ? '36%' : besideShare;
  const layout = useDefaultLayout({
    id: `transactions-${orientation}`,
    panelIds: open ? ['list', 'detail'] : ['list'],
    storage: localStorage,
  });
  return { orientation, listShare, ...layout } as const;
};

export const TransactionsView = (): ReactNode => {
  const { id, tab, filter, set, open, close, openNow } = useTransactionsAddress();
  const { list, rows, newer, bringIn, more, kept } = useTransactionList(filter);
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  const { current, move, keys } = useRowWalk({ ids, shown: id, openNow, open });
  const search = useRef<HTMLInputElement>(null);
  const { orientation, listShare, defaultLayout, onLayoutChanged } = useSplit(id !== null);

  const showTab = (index: number) => () => {
    if (openNow() !== null) set({ tab: detailTabs[index] ?? null });
  };
  useShortcuts({
    '/': () => search.current?.focus(),
    ...keys,
    n: bringIn,
    Escape: close,
    '1': showTab(0),
    '2': showTab(1),
    '3': showTab(2),
    '4': showTab(3),
  });

  const filtered = filter.outcome !== undefined || filter.search !== undefined;
  const clear = (): void => {
    set({ outcome: null, search: null });
  };

  const listPane = (
    <div className={styles.listPane}>
      <Toolbar
        filter={filter}
        set={set}
        searchRef={search}
        newer={newer}
        bringIn={bringIn}
        kept={kept}
        fitting={filtered && list.isSuccess ? { rows: rows.length, more: list.hasNextPage } : null}
      />
      {list.isError && (
        <FailureNotice
          what="The transactions could not be read"
          error={list.error}
          retry={() => void list.refetch()}
        />
      )}
      {list.isSuccess &&
        rows.length === 0 &&
        (filtered ? <NothingFits onClear={clear} /> : <NoTransactions />)}
      {rows.length > 0 && <EndedBeforeMail place="full-list" />}
      {rows.length > 0 && (
        <DataTable
          label="Transactions, newest first"
          columns={columns}
          rows={rows}
          rowId={(row) => row.id}
          current={current}
          onMove={move}
          onOpen={open}
          onNearEnd={more}
        />
      )}
    </div>
  );

  return (
    <Group
      key={orientation}
      className={styles.split ?? ''}
      orientation={orientation}
      defaultLayout={defaultLayout}
      onLayoutChanged={onLayoutChanged}
    >
      <Panel id="list" defaultSize={listShare} minSize="160px">
        {listPane}
      </Panel>
      {id !== null && (
        <>
          <Separator
            className={styles.divider ?? ''}
            data-orientation={orientation}
            aria-label="Size of list and detail"
          />
          <Panel id="detail" minSize="260px">
            <Detail id={id} tab={tab} onTab={(next) => set({ tab: next })} onClose={close} />
          </Panel>
        </>
      )}
    </Group>
  );
};
