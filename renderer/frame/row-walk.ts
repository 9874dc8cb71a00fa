/** Going through a list by keys and pointer: which row is the current one, and when what it stands for is shown. */
import { useEffect, useState } from 'react';

type Walk = {
  /** The rows in the order they stand in. */
  ids: readonly string[];
  /** The row whose detail is drawn; null when none is. */
  shown: string | null;
  /** The row whose detail was asked for last: keys may come before React has drawn the place that the one before led to. */
  openNow: () => string | null;
  open: (id: string) => void;
};

type Walking = {
  current: string | null;
  /** Makes a row the current one. With a detail open, going through the list is reading: the detail follows. */
  move: (id: string) => void;
  /** For `useShortcuts`. */
  keys: { j: () => void; k: () => void; Enter: () => void };
};

export const useRowWalk = ({ ids, shown, openNow, open }: Walk): Walking => {
  const [current, setCurrent] = useState(shown);
  useEffect(() => {
    if (shown !== null) setCurrent(shown);
  }, [shown]);
  const move = (id: string): void => {
    setCurrent(id);
    if (openNow() !== null) open(id);
  };
  const step = (by: 1 | -1) => () => {
    const index = ids.indexOf(openNow() ?? current ?? '');
    const next = ids[index < 0 ? 0 : Math.max(0, Math.min(index + by, ids.length - 1))];
    if (next !== undefined) move(next);
  };
  const openCurrent = (): void => {
    if (current !== null) open(current);
  };
  return { current, move, keys: { j: step(1), k: step(-1), Enter: openCurrent } };
};
