/**
 * The one table of the pages: fixed rows of which only the visible ones exist, moved through by keyboard.
 * It knows nothing of what a row means, nor of where rows come from: it says when its end is near.
 */
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
} from 'react';
import styles from './data-table.module.css';
import { rowHeightPx } from './tokens.ts';

export type Column<Row> = {
  key: string;
  header: string;
  /** A CSS grid track: `80px`, `minmax(0, 1fr)`. */
  track: string;
  align?: 'end';
  /** The column shows only where the table is at least this wide, in pixels. */
  fromWidthPx?: number;
  cell: (row: Row) => ReactNode;
};

type Props<Row extends WeakKey> = {
  /** Names the table for a screen reader. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** The row the keyboard stands on. */
  current?: string | null;
  /** The keyboard moved to a row. */
  onMove?: (id: string) => void;
  /** Enter or a click: open this row. */
  onOpen?: (id: string) => void;
  /** More rows are wanted. */
  onNearEnd?: () => void;
};

/** How many rows ahead of the end the next page is asked for. */
const rowsAhead = 30;

/** Where a key leads from a row; undefined for every other key. */
const destination = (key: string, from: number, page: number, count: number): number | undefined => {
  const steps: Record<string, number> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + page,
    PageUp: from - page,
    Home: 0,
    End: count - 1,
  };
  const to = steps[key];
  return to === undefined ? undefined : Math.max(0, Math.min(to, count - 1));
};

/** Each row's cells, made once: a row that is still the same is not drawn again while the table is scrolled. */
const cellsOfRows = <Row extends WeakKey>(columns: readonly Column<Row>[]): ((row: Row) => ReactNode) => {
  const made = new WeakMap<Row, ReactNode>();
  return (row) => {
    const before = made.get(row);
    if (before !== undefined) return before;
    const cells = columns.map(({ key, align, cell }) => (
      <td key={key} className="cut" data-align={align}>
        {cell(row)}
      </td>
    ));
    made.set(row, cells);
    return cells;
  };
};

type TableRowProps = {
  id: string;
  index: number;
  selected: boolean;
  gridTemplateColumns: string;
  cells: ReactNode;
};

const TableRow = memo(
  ({ id, index, selected, gridTemplateColumns, cells }: TableRowProps): ReactNode => (
    <tr
      id={id}
      className={styles.row}
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={selected}
      style={{ gridTemplateColumns, top: index * rowHeightPx }}
    >
      {cells}
    </tr>
  ),
);

export const DataTable = <Row extends WeakKey>(props: Props<Row>): ReactNode => {
  const { label, columns, rows, rowId, current = null, onMove, onOpen, onNearEnd } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const ref = useMergedRef(scroll, sizeRef);
  const base = useId();
  const shown = useMemo(
    () => columns.filter(({ fromWidthPx = 0 }) => width === 0 || width >= fromWidthPx),
    [columns, width],
  );
  const cellsOf = useMemo(() => cellsOfRows(shown), [shown]);
  const gridTemplateColumns = shown.map(({ track }) => track).join(' ');
  const currentIndex = current === null ? -1 : rows.findIndex((row) => rowId(row) === current);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeightPx,
    overscan: 12,
    // The header lies over the first row's height.
    scrollPaddingStart: rowHeightPx,
    scrollMargin: rowHeightPx,
  });
  const items = virtual.getVirtualItems();
  const lastVisible = items.at(-1)?.index ?? -1;

  useEffect(() => {
    if (onNearEnd && rows.length > 0 && lastVisible >= rows.length - rowsAhead) onNearEnd();
  }, [lastVisible, rows.length, onNearEnd]);

  const firstId = rows[0] === undefined ? null : rowId(rows[0]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another first row is another list, and is read from its top.
  useEffect(() => {
    virtual.scrollToOffset(0);
  }, [firstId]);

  useEffect(() => {
    if (currentIndex >= 0) virtual.scrollToIndex(currentIndex, { align: 'auto' });
  }, [currentIndex, virtual]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 0) / rowHeightPx) - 2);
    const to = destination(event.key, currentIndex, page, rows.length);
    const row = to === undefined ? undefined : rows[to];
    if (row !== undefined) {
      event.preventDefault();
      onMove?.(rowId(row));
    } else if (event.key === 'Enter' && current !== null) {
      event.preventDefault();
      onOpen?.(current);
    }
  };
  const onClick = (event: MouseEvent): void => {
    const index = event.target instanceof Element ? event.target.closest('tr')?.dataset.index : undefined;
    const row = index === undefined ? undefined : rows[Number(index)];
    if (row !== undefined) onOpen?.(rowId(row));
  };

  return (
    <div ref={ref} className={styles.scroll}>
      <table
        className={styles.table}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the grid pattern of WAI-ARIA; the table's own semantics stay for its rows and cells.
        role="grid"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        tabIndex={0}
        aria-activedescendant={currentIndex >= 0 ? `${base}-${currentIndex}` : undefined}
        data-openable={onOpen ? true : undefined}
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        <thead>
          <tr className={styles.row} aria-rowindex={1} style={{ gridTemplateColumns }}>
            {shown.map(({ key, header, align }) => (
              <th key={key} scope="col" data-align={align}>
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <TableRow
                key={rowId(row)}
                id={`${base}-${index}`}
                index={index}
                selected={index === currentIndex}
                gridTemplateColumns={gridTemplateColumns}
                cells={cellsOf(row)}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
};
