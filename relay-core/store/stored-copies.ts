/** Stored copies as they are packed into a transaction's row: their sentences stand in its trace already. */
import { z } from 'zod';
import type { StoredCopy, TraceStep } from '../contract/index.ts';

const keptFlag = 1;
const vaultFlag = 2;

/** Flags, the mailbox's address or null, the place of the sentence in the trace (STO-1). */
export const packedCopySchema = z.tuple([z.number(), z.string().nullable(), z.number()]);
type PackedCopy = z.infer<typeof packedCopySchema>;

export function packCopies(copies: readonly StoredCopy[], trace: readonly TraceStep[]): PackedCopy[] {
  return copies.map(({ kind, address, kept, text }) => [
    (kept ? keptFlag : 0) + (kind === 'vault' ? vaultFlag : 0),
    address ?? null,
    trace.findLastIndex((step) => step.text === text),
  ]);
}

export function unpackCopies(copies: readonly PackedCopy[], trace: readonly TraceStep[]): StoredCopy[] {
  return copies.map(([flags, address, index]) => ({
    kind: (flags & vaultFlag) === 0 ? 'mailbox' : 'vault',
    ...(address === null ? {} : { address }),
    kept: (flags & keptFlag) !== 0,
    text: trace[index]?.text ?? '',
  }));
}
