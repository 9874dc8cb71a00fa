/**
 * How a saved change reaches everybody (SET-6): versions that were saved wait on the engine's clock, each comes into
 * force in its turn, and until then the one before it decides. Pure; knows neither what a version holds nor the disk.
 */

export interface SavedVersion<Content> {
  /** Counts the versions from 1, in the order they were saved. */
  readonly number: number;
  readonly content: Content;
  /** Engine time, epoch milliseconds, as is the next. */
  readonly savedAt: number;
  readonly inForceAt: number;
}

export interface Propagation<Content> {
  readonly inForce: SavedVersion<Content>;
  /** Saved and on their way, the next one first. */
  readonly pending: readonly SavedVersion<Content>[];
}

/** More versions on their way than this are no rehearsal: the eldest is passed over, and the one behind it follows. [ours] */
export const maxPending = 100;

/** A first version, in force at once. */
export function firstVersion<Content>(content: Content, at: number): Propagation<Content> {
  return { inForce: { number: 1, content, savedAt: at, inForceAt: at }, pending: [] };
}

/** The version that was saved last, in force or not. */
export function lastSaved<Content>({ inForce, pending }: Propagation<Content>): SavedVersion<Content> {
  return pending.at(-1) ?? inForce;
}

/**
 * A version is saved and will be in force after `delayMs`. A delay is the longest a change may take, so a shorter one
 * shortens what is on its way too, and none brings everything into force.
 */
export function withSaved<Content>(
  propagation: Propagation<Content>,
  content: Content,
  at: number,
  delayMs: number,
): Propagation<Content> {
  const earlier = hastened(propagation, at, delayMs);
  const { number } = lastSaved(earlier);
  const saved = { number: number + 1, content, savedAt: at, inForceAt: at + delayMs };
  return settled({ ...earlier, pending: [...earlier.pending, saved].slice(-maxPending) }, at);
}

/** What was saved concerns nobody but the bench: the version saved last takes it in, and none is added. */
export function withLastReplaced<Content>(
  propagation: Propagation<Content>,
  content: Content,
  at: number,
  delayMs: number,
): Propagation<Content> {
  const earlier = hastened(propagation, at, delayMs);
  const last = { ...lastSaved(earlier), content };
  return earlier.pending.length === 0
    ? { ...earlier, inForce: last }
    : { ...earlier, pending: [...earlier.pending.slice(0, -1), last] };
}

/** Nothing on its way takes longer than `delayMs` from now. */
function hastened<Content>(
  propagation: Propagation<Content>,
  at: number,
  delayMs: number,
): Propagation<Content> {
  const pending = propagation.pending.map((each) => ({
    ...each,
    inForceAt: Math.min(each.inForceAt, at + delayMs),
  }));
  return settled({ ...propagation, pending }, at);
}

/**
 * The propagation at a time: versions whose turn has come are in force. A clock that stands before a version was saved
 * has been started over since, and nothing is on its way any more.
 */
export function settled<Content>(propagation: Propagation<Content>, now: number): Propagation<Content> {
  const { pending } = propagation;
  const index = pending.findLastIndex((each) => isDue(each, now));
  const inForce = pending[index];
  return inForce === undefined ? propagation : { inForce, pending: pending.slice(index + 1) };
}

function isDue({ savedAt, inForceAt }: SavedVersion<unknown>, now: number): boolean {
  return now >= inForceAt || now < savedAt;
}
