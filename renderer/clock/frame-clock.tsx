/** The engine's clock in the frame, while it is simulated: amber, ticking, with the way back. Wall time everybody has. */
import { IconClockBolt } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { utcTime } from '../design/figures.ts';
import styles from './clock.module.css';
import { engineTimeInWords, type Reading } from './engine-time.ts';
import { StartOver } from './start-over.tsx';
import { useClockReading, useEngineTime } from './use-engine-time.ts';

const Ticking = ({ reading }: { reading: Reading }): ReactNode => {
  const now = useEngineTime(reading);
  const { speed } = reading.clock;
  const iso = new Date(now).toISOString();
  return (
    <section className={styles.frameClock} aria-label="Engine clock">
      <IconClockBolt size={14} aria-hidden />
      <span>Simulated time</span>
      <time dateTime={iso} title={utcTime(iso)} className={styles.now}>
        {engineTimeInWords(now)}
      </time>
      {speed !== 1 && <span>{speed}×</span>}
      <StartOver size="compact-xs" />
    </section>
  );
};

export const FrameClock = (): ReactNode => {
  const reading = useClockReading();
  return reading?.clock.mode === 'simulated' && <Ticking reading={reading} />;
};
