/**
 * The end of a turn of the event loop: when all sockets that had something were read, and before anything else that waits
 * for the same moment, such as the store's commit. Replies go out then, one write for each connection: written one by one
 * in between they would wake the client each time, and what it costs to wake it is most of what a write costs.
 */
type Piece = () => void;

const waiting = new Set<Piece>();

/** Runs a piece once at the end of this turn, in the order in which they were first asked for. */
export function atEndOfTurn(piece: Piece): void {
  if (waiting.size === 0) setImmediate(endTurn);
  waiting.add(piece);
}

function endTurn(): void {
  const pieces = [...waiting];
  waiting.clear();
  for (const piece of pieces) piece();
}
