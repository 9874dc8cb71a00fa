/** Engine time, ticking by itself between snapshots. It stands while there is no engine: nobody knows its time then. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { connectionState, watchConnection } from '../api/connection.ts';
import { useReceivedSnapshot } from '../api/snapshot.ts';
import { engineTimeAt, neverBackByATrifle, type Reading, tickMsOf } from './engine-time.ts';

/** The newest reading of the engine's clock; null until the first snapshot. */
export const useClockReading = (): Reading | null => {
  const received = useReceivedSnapshot();
  return received && { clock: received.snapshot.status.clock, readAtMs: received.atMs };
};

/** Engine time of a reading, in epoch milliseconds, drawn again with every tick. */
export const useEngineTime = (reading: Reading): number => {
  const { state } = useSyncExternalStore(watchConnection, connectionState);
  const { speed } = reading.clock;
  const [shown, setShown] = useState(() => engineTimeAt(reading, Date.now()));
  useEffect(() => {
    if (state !== 'open') return;
    const tick = (): void =>
      setShown((before) => neverBackByATrifle(before, engineTimeAt(reading, Date.now()), speed));
    tick();
    const timer = setInterval(tick, tickMsOf(speed));
    return () => clearInterval(timer);
  }, [reading, speed, state]);
  return shown;
};
