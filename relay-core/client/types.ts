/** What the test sender is given besides the message: where to connect, whom to trust, and what to keep to. */
import type { DialogueLine } from '../contract/index.ts';

/** The engine's own listener. */
export interface SendTarget {
  /** A numeric address, or localhost. */
  readonly host: string;
  readonly port: number;
  /** The local certificate authority that the relay's certificate must come from. */
  readonly caPem: string;
  /** The name the relay goes by: smtp-relay.gmail.com. */
  readonly serverName: string;
}

export interface SendOptions {
  /** Engine time, epoch milliseconds. */
  readonly now: () => number;
  /** Gets the dialogue's lines as they happen. */
  readonly onLines?: (lines: DialogueLine[]) => void;
  readonly signal?: AbortSignal;
  /** Limit on the whole sending. */
  readonly timeoutMs: number;
}
