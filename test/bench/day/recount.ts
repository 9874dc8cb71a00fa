/**
 * The day counted again, independently of the engine: for each window a queue of what was counted with its exact sum, for
 * each user a map of when a recipient was written to last. Slower and larger than the engine's counts, and plain.
 */
import type { QuotaLimits, QuotaWindow } from '../../../relay-core/quota/types.ts';
import { dayMs, tenMinutesMs } from '../../../relay-core/quota/windows.ts';
import { type Message, traffic } from './traffic.ts';
import { checksum, inFlight, refusedBy, type Verdict, type Verdicts } from './verdicts.ts';

/** Amounts in the order of time, and the sum of those that are inside the window. */
class RollingSum {
  sum = 0;
  readonly #times: number[] = [];
  readonly #amounts: number[] = [];
  #first = 0;
  readonly #lengthMs: number;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  add(at: number, amount: number): void {
    this.#times.push(at);
    this.#amounts.push(amount);
    this.sum += amount;
  }

  at(now: number): number {
    while ((this.#times[this.#first] ?? Number.POSITIVE_INFINITY) <= now - this.#lengthMs) {
      this.sum -= this.#amounts[this.#first] ?? 0;
      this.#first += 1;
    }
    return this.sum;
  }
}

class UserRecount {
  readonly messages = new RollingSum(dayMs);
  /** When each recipient was last written to, the longest ago first. */
  readonly last = new Map<number, number>();
  readonly held = new Map<number, number>();
  open = 0;

  forget(now: number): void {
    for (const [recipient, at] of this.last) {
      if (at > now - dayMs) return;
      this.last.delete(recipient);
    }
  }
}

interface Count {
  readonly used: number;
  readonly reserved: number;
  readonly wanted: number;
}

/** Whether each verdict and each checksum of the engine is what a recount gives; the number of those that are not. */
export function differences(recipients: number, limits: QuotaLimits, given: Verdicts): number {
  const tenMinutes = new RollingSum(tenMinutesMs);
  const day = new RollingSum(dayMs);
  const users = new Map<number, UserRecount>();
  const flying: { readonly message: Message; readonly user: UserRecount }[] = [];
  let held = 0;
  let wrong = 0;

  const land = (now: number) => {
    const landed = flying.shift();
    if (landed === undefined) return;
    const { message, user } = landed;
    held -= message.recipients.length;
    user.open -= 1;
    for (const recipient of new Set(message.recipients)) {
      const holds = (user.held.get(recipient) ?? 0) - 1;
      if (holds === 0) user.held.delete(recipient);
      else user.held.set(recipient, holds);
    }
    if (message.abandoned) return;
    tenMinutes.add(now, message.recipients.length);
    day.add(now, message.recipients.length);
    user.messages.add(now, 1);
    for (const recipient of message.recipients) {
      user.last.delete(recipient);
      user.last.set(recipient, now);
    }
  };

  let index = 0;
  for (const message of traffic(recipients)) {
    const { at } = message;
    let user = users.get(message.user);
    if (user === undefined) {
      user = new UserRecount();
      users.set(message.user, user);
    }
    if (flying.length >= inFlight) land(at);
    user.forget(at);
    const wanted = message.recipients.length;
    let heldOnly = 0;
    for (const recipient of user.held.keys()) if (!user.last.has(recipient)) heldOnly += 1;
    const { last, held: heldOfUser } = user;
    const fresh = new Set(message.recipients.filter((each) => !last.has(each) && !heldOfUser.has(each)));
    const counts: readonly Count[] = [
      { used: tenMinutes.at(at), reserved: held, wanted },
      { used: day.at(at), reserved: held, wanted },
      { used: user.messages.at(at), reserved: user.open, wanted: 1 },
      { used: user.last.size, reserved: heldOnly, wanted: fresh.size },
    ];
    const verdict = verdictOf(counts, limits);
    const sum = counts.reduce(
      (before, count) => checksum(before, count.used, count.reserved, count.wanted),
      0,
    );
    if (given.verdicts[index] !== verdict || given.checksums[index] !== sum) wrong += 1;
    if (verdict === 0) {
      held += wanted;
      user.open += 1;
      for (const recipient of new Set(message.recipients))
        user.held.set(recipient, (user.held.get(recipient) ?? 0) + 1);
      flying.push({ message, user });
    }
    index += 1;
  }
  return wrong;
}

function verdictOf(counts: readonly Count[], limits: QuotaLimits): Verdict {
  for (const verdict of [1, 2, 3, 4] as const) {
    const window: QuotaWindow = refusedBy[verdict].window;
    const count = counts[verdict - 1];
    if (count !== undefined && count.used + count.reserved + count.wanted > limits[window].value)
      return verdict;
  }
  return 0;
}
