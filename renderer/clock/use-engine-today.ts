/** The day of engine time that is today here, which rows judge their own day by: a simulated clock has a today of its own. */
import { useFromSnapshot } from '../api/snapshot.ts';
import { engineTimeAt } from './engine-time.ts';

/** The local midnight before a moment, in epoch milliseconds. */
export const dayBegin = (epochMs: number): number => new Date(epochMs).setHours(0, 0, 0, 0);

/** The midnight at which today began, in epoch milliseconds; wall time's while no engine has told its own. */
export const useEngineToday = (): number =>
  useFromSnapshot((received) =>
    dayBegin(
      received === null
        ? Date.now()
        : engineTimeAt({ clock: received.snapshot.status.clock, readAtMs: received.atMs }, Date.now()),
    ),
  );
