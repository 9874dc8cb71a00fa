/** Use of a limit as a bar: used, reserved behind it, and a colour only when it is nearly or quite full. The figures stand beside it. */
import type { ReactNode } from 'react';
import styles from './use-bar.module.css';

/** From this share on a window is nearly full. */
const nearlyFull = 0.9;

type Props = { used: number; reserved: number; limit: number };

export const UseBar = ({ used, reserved, limit }: Props): ReactNode => {
  const part = (value: number): number => (limit > 0 ? Math.min(1, value / limit) : 1);
  const usedPart = part(used);
  const state = usedPart >= 1 ? 'full' : usedPart >= nearlyFull ? 'nearly' : 'free';
  return (
    <span className={styles.bar} data-state={state} aria-hidden>
      {reserved > 0 && (
        <span className={styles.reserved} style={{ width: `${part(used + reserved) * 100}%` }} />
      )}
      {used > 0 && <span className={styles.used} style={{ width: `${usedPart * 100}%` }} />}
    </span>
  );
};
