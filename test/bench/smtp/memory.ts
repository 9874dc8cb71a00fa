/**
 * The engine's memory under lasting load: after 50,000 messages on kept connections, and over 200,000 connections, where a
 * leak of anything that belongs to a connection would show.
 */
import type { MailServerCopy } from '../../mail-servers/install.mjs';
import { putLoad } from './load.ts';
import { residentMegabytes } from './process-usage.ts';
import { startMeasuredEngine } from './servers.ts';

export interface MemoryPoint {
  readonly what: string;
  /** MB (10^6 bytes), resident, when the load has just ended. */
  readonly megabytes: number | null;
}

export interface MemoryPlan {
  readonly messages: number;
  readonly connections: number;
  /** A reading after each step of so many connections. */
  readonly step: number;
}

const count = (number: number) => number.toLocaleString('en-GB');

/** Measures two fresh engines, one after the other. */
export async function measureMemory(
  postfix: MailServerCopy,
  plan: MemoryPlan,
  say: (text: string) => void,
): Promise<MemoryPoint[]> {
  const points: MemoryPoint[] = [];
  const load = { sessions: 20, bytes: 1_024 };
  const note = (what: string, processId: number) => {
    const point = { what, megabytes: residentMegabytes(processId) };
    points.push(point);
    say(`${what}: ${point.megabytes?.toFixed(0) ?? '?'} MB`);
  };
  const reusing = await startMeasuredEngine({ synchronous: 'normal' });
  try {
    note('just started', reusing.processId);
    await putLoad(postfix, reusing.port, { ...load, kind: 'reuse', messages: plan.messages });
    note(`after ${count(plan.messages)} messages on kept connections`, reusing.processId);
  } finally {
    await reusing.stop();
  }
  const connecting = await startMeasuredEngine({ synchronous: 'normal' });
  try {
    for (let done = plan.step; done <= plan.connections; done += plan.step) {
      await putLoad(postfix, connecting.port, { ...load, kind: 'connect', messages: plan.step });
      note(`after ${count(done)} connections, one message each`, connecting.processId);
    }
  } finally {
    await connecting.stop();
  }
  return points;
}
