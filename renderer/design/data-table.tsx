/**
 * The one table of the pages: a grid of fixed rows of which only the visible ones exist, moved through by keyboard.
 * It knows nothing of what a row means, nor of where rows come from: it says when its end is near.
 */
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
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

type Props<Row> = {
  /** Names the table for a screen reader. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** The row the keyboard stands on. */
  current?: string | null;
  /** The keyboard or a click moved to a row. */
  onMove?: (id: string) => void;
  /** Enter or a click: open this row. */
  onOpen?: (id: string) => void;
  /** More rows are wanted. */
  onNearEnd?: () => void;
  /** All rows there are on the server, when known. */
  total?: number;
};

/** How many rows ahead of the end the next page is asked for. */
const rowsAhead = 30;

export const DataTable = <Row,>(props: Props<Row>): ReactNode => {
  const { label, columns, rows, rowId, current = null, onMove, onOpen, onNearEnd, total } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const ref = useMergedRef(scroll, sizeRef);
  const base = useId();
  const shown = columns.filter(({ fromWidthPx = 0 }) => width === 0 || width >= fromWidthPx);
  const template = shown.map(({ track }) => track).join(' ');
  const currentIndex = current === null ? -1 : rows.findIndex((row) => rowId(row) === current);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeightPx,
    overscan: 12,
    scrollPaddingStart: rowHeightPx,
  });
  const items = virtual.getVirtualItems();
  const lastVisible = items.at(-1)?.index ?? -1;

  useEffect(() => {
    if (onNearEnd && rows.length > 0 && lastVisible >= rows.length - rowsAhead) onNearEnd();
  }, [lastVisible, rows.length, onNearEnd]);

  useEffect(() => {
    if (currentIndex >= 0) virtual.scrollToIndex(currentIndex, { align: 'auto' });
  }, [currentIndex, virtual]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || rows.length === 0) return;
    const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 0) / rowHeightPx) - 2);
    const steps: Record<string, number> = {
      ArrowDown: currentIndex + 1,
      ArrowUp: currentIndex < 0 ? 0 : currentIndex - 1,
      PageDown: currentIndex + page,
      PageUp: currentIndex - page,
      Home: 0,
      End: rows.length - 1,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const row = rows[Math.max(0, Math.min(step, rows.length - 1))];
      if (row !== undefined) onMove?.(rowId(row));
    } else if (event.key === 'Enter' && current !== null) {
      event.preventDefault();
      onOpen?.(current);
    }
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid has no table element; its rows are placed by hand.
    <div
      ref={ref}
      className={styles.table}
      role="grid"
      aria-label={label}
      aria-rowcount={(total ?? rows.length) + 1}
      aria-colcount={shown.length}
      tabIndex={0}
      aria-activedescendant={currentIndex >= 0 ? `${base}-${currentIndex}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div className={styles.head} role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        {shown.map(({ key, header, align }) => (
          <span key={key} role="columnheader" data-align={align}>
            {header}
          </span>
        ))}
      </div>
      <div className={styles.body} role="presentation" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const id = rowId(row);
          return (
            <div
              key={id}
              id={`${base}-${index}`}
              className={styles.row}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={onOpen ? index === currentIndex : undefined}
              data-openable={onOpen ? true : undefined}
              style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
              onClick={() => (onOpen ?? onMove)?.(id)}
            >
              {shown.map(({ key, align, cell }) => (
                <span key={key} role="gridcell" className="cut" data-align={align}>
                  {cell(row)}
                </span>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
};
