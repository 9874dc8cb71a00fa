/** The draft of the bench file: it outlives a change of view, so that a look at a transaction costs nobody their edits. */
import { useSyncExternalStore } from 'react';
import type { LineSpan } from '../../relay-core/contract/index.ts';

/** A change that came from a transaction: where it stands in the text, until somebody edits that. */
export type PutIn = { transactionId: string; lines: readonly LineSpan[] | null };

/**
 * `version` is that of the file the draft began from; `text` is what stands in the editor; `onDisk` is the version of a
 * change on disk that was put into it, and that it goes over.
 */
export type Draft = { version: string; running: string; text: string; putIn?: PutIn; onDisk?: string };

let draft: Draft | null = null;
const watchers = new Set<() => void>();

/** Sets the draft, or forgets it. */
export const setDraft = (next: Draft | null): void => {
  draft = next;
  for (const watcher of watchers) watcher();
};

const watch = (watcher: () => void): (() => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

/** The draft as it stands now. */
export const currentDraft = (): Draft | null => draft;

export const useDraft = (): Draft | null => useSyncExternalStore(watch, currentDraft);

/** Takes over what was typed: from then on nobody knows where a change stands that was put in before. */
export const typeInto = (one: Draft, text: string): void =>
  setDraft({ ...one, text, ...(one.putIn ? { putIn: { ...one.putIn, lines: null } } : {}) });

/** Whether a draft differs from the file that runs. */
export const isEdited = (one: Draft | null): boolean => one !== null && one.text !== one.running;

window.addEventListener('beforeunload', (event) => {
  if (isEdited(draft)) event.preventDefault();
});
