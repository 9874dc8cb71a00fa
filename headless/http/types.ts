/** What the HTTP side needs of the engine, and where it answers. It knows no engine parts, so that tests can stand one in. */
import type { Router } from '@orpc/server';
import type { MessageForm, RelayBenchContract } from '../../relay-core/contract/index.ts';

export type ContractRouter = Router<RelayBenchContract, Record<never, never>>;

/** The engine as seen from here: its procedures, and what is served as files. */
export interface Bench {
  readonly router: ContractRouter;
  /** PEM. */
  readonly certificateAuthorityPem: string;
  /** Content from `offset`, at most `length` bytes; null where no message was kept. */
  messagePiece(
    transactionId: string,
    offset: number,
    length: number,
    form: MessageForm,
  ): { readonly content: Uint8Array; readonly size: number } | null;
}

export interface HttpAddress {
  /** A host name or numeric address, without brackets. */
  readonly host: string;
  readonly port: number;
}
