/** The engine's snapshots, as they come: organisation, listeners, clock, and what is newest. One stream for the whole page. */
import { useSyncExternalStore } from 'react';
import type { Snapshot } from '../../relay-core/contract/index.ts';
import { client } from './client.ts';
import { connectionReady } from './connection.ts';

/** After a stream that broke, so that an engine which refuses it is not asked in a tight loop. */
const pauseMs = 500;

/** A snapshot, with the wall time (epoch ms) at which it came. */
export type Received = { snapshot: Snapshot; atMs: number };

let latest: Received | null = null;
const watchers = new Set<() => void>();

const follow = async (): Promise<never> => {
  for (;;) {
    try {
      await connectionReady();
      for await (const snapshot of await client.status.watch()) {
        latest = { snapshot, atMs: Date.now() };
        for (const watcher of watchers) watcher();
      }
    } catch {
      // The connection bar tells the person; here there is only the next try.
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
};

void follow();

const watch = (watcher: () => void): (() => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

/** The newest snapshot and when it came; null until the first one did. It stays while the connection is lost. */
export const useReceivedSnapshot = (): Received | null => useSyncExternalStore(watch, () => latest);

/** A number from the newest snapshot: who asks is drawn again when it changes, not with every snapshot. */
export const useFromSnapshot = (select: (received: Received | null) => number): number =>
  useSyncExternalStore(watch, () => select(latest));

/** The newest snapshot; null until the first one came. It stays while the connection is lost. */
export const useSnapshot = (): Snapshot | null => useReceivedSnapshot()?.snapshot ?? null;

/** The organisation's status from the newest snapshot. */
export const useStatus = () => useSnapshot()?.status ?? null;
