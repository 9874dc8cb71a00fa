/**
 * Tells watchers that something changed, at most once in a span of time: the SMTP path only sets a mark, and never
 * waits for whoever watches. Watchers get the latest state, not a backlog.
 */

/** The shortest time between two tellings, in milliseconds. */
const coalesceMs = 100;

export interface Changes {
  /** Marks that something changed. Cheap; may be called thousands of times a second. */
  mark(): void;
  /** Yields once at the start and then after changes, until the signal aborts or `end` is called. */
  watch(signal?: AbortSignal): AsyncGenerator<void, void, void>;
  /** Ends every watch. */
  end(): void;
}

export function createChanges(): Changes {
  const wakers = new Set<() => void>();
  let version = 0;
  let ended = false;
  let timer: NodeJS.Timeout | null = null;

  const wakeAll = () => {
    for (const wake of [...wakers]) wake();
  };

  const nextWake = (signal: AbortSignal | undefined) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        wakers.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      wakers.add(wake);
      signal?.addEventListener('abort', wake);
    });

  return {
    mark() {
      version++;
      if (timer !== null || wakers.size === 0) return;
      timer = setTimeout(() => {
        timer = null;
        wakeAll();
      }, coalesceMs);
      timer.unref();
    },
    async *watch(signal) {
      let seen = -1;
      while (!ended && signal?.aborted !== true) {
        if (seen !== version) {
          seen = version;
          yield;
          continue;
        }
        await nextWake(signal);
      }
    },
    end() {
      ended = true;
      wakeAll();
    },
  };
}
