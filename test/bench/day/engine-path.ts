/**
 * The day through the engine's own path, without sockets and store: all five questions of each message to the policy, the
 * counts, the reservation at DATA and the charge, on the simulated clock. What is measured is noted for each message.
 */
import { createClock, realTime } from '../../../relay-core/clock.ts';
import { decide } from '../../../relay-core/policy/decide.ts';
import { demandOf } from '../../../relay-core/policy/demand.ts';
import { findRemedies } from '../../../relay-core/policy/remedies/find-remedies.ts';
import type { Configuration, Decision, Envelope, SessionFacts } from '../../../relay-core/policy/types.ts';
import { createQuotaCounts } from '../../../relay-core/quota/counts.ts';
import type { QuotaCounts, Reservation } from '../../../relay-core/quota/types.ts';
import { recipientAddress } from '../addresses.ts';
import { start, traffic, userAddress } from './traffic.ts';
import { checksum, inFlight, refusedBy, type Verdict, type Verdicts } from './verdicts.ts';

const session: SessionFacts = {
  clientAddress: '203.0.113.9',
  heloName: 'mail.example.com',
  portRole: 'relay',
  tls: null,
  authenticatedAs: null,
};
const rates = { connectionsPerMinute: 1, connectionsAtOnce: 1, genericHeloPerMinute: 0 };
const messageBytes = 4_096;

/**
 * The longest call by the wall clock, in which other programs may have had the processor, and by its own time: the lesser
 * of wall time and the thread's processor time, which the system counts in ticks of some milliseconds.
 */
export interface Longest {
  readonly wallMs: number;
  readonly ownMs: number;
  /** Calls whose own time is over five milliseconds. */
  readonly overFiveMs: number;
}

export interface DayFigures extends Verdicts {
  readonly messages: number;
  readonly recipients: number;
  readonly refused: Readonly<Record<Exclude<Verdict, 0>, number>>;
  /** The engine's part alone: making the mail up is left out. */
  readonly processorSeconds: number;
  readonly wallSeconds: number;
  /** The message whose questions and charge took longest, garbage collection included. */
  readonly slowest: Longest;
  /** The refusal whose remedies took longest to find. */
  readonly slowestRemedies: Longest;
}

interface Flying {
  readonly reservation: Reservation;
  readonly abandoned: boolean;
}

/**
 * What lives all day, held outside the stack, as a running engine's servers hold it: V8 marks beside the program what it
 * can reach from elsewhere, and leaves what hangs from the stack alone for the pause at the end.
 */
const living = new Set<Configuration | QuotaCounts>();

export function driveDay(recipients: number, configuration: Configuration): DayFigures {
  const clock = createClock(realTime, 0, () => start);
  const counts = createQuotaCounts();
  living.add(configuration).add(counts);
  const flying: Flying[] = [];
  const verdicts = new Uint8Array(recipients);
  const checksums = new Uint32Array(recipients);
  const refused = { 1: 0, 2: 0, 3: 0, 4: 0 };
  const path = stopwatch();
  const remedies = stopwatch();
  let messages = 0;
  let named = 0;

  function land(): void {
    const landed = flying.shift();
    if (landed === undefined) return;
    if (landed.abandoned) counts.release(landed.reservation);
    else counts.charge(landed.reservation, clock.now());
  }

  /** The path of one message; gives the refusing decision, or null. */
  function relay(envelope: Envelope, abandoned: boolean): Decision | null {
    if (flying.length >= inFlight) land();
    const { reversePath, forwardPaths } = envelope;
    const questions = [
      decide(configuration, { stage: 'helo', session, rates }),
      decide(configuration, { stage: 'mail', session, reversePath, declaredBytes: messageBytes }),
    ];
    const accepted: string[] = [];
    for (const forwardPath of forwardPaths) {
      const soFar = { reversePath, forwardPaths: accepted };
      questions.push(decide(configuration, { stage: 'rcpt', session, envelope: soFar, forwardPath }));
      accepted.push(forwardPath);
    }
    const early = questions.find(({ outcome }) => outcome === 'rejected');
    if (early !== undefined) throw new Error('The day’s mail is refused by nothing but quotas.');
    const demand = demandOf(envelope, configuration);
    const windows = counts.counts(demand, clock.now());
    checksums[messages] = windows.reduce(
      (before, { used, reserved, wanted }) => checksum(before, used, reserved, wanted),
      0,
    );
    const decision = decide(configuration, {
      stage: 'data',
      session,
      envelope,
      counts: windows,
      spamSuspendedUntil: null,
    });
    if (decision.outcome === 'rejected') return decision;
    flying.push({ reservation: counts.reserve(demand, clock.now()), abandoned });
    decide(configuration, { stage: 'end-of-data', session, envelope, messageBytes, content: null });
    return null;
  }

  for (const message of traffic(recipients)) {
    const envelope = {
      reversePath: userAddress(message.user),
      forwardPaths: message.recipients.map(recipientAddress),
    };
    const refusal = path.time(() => {
      clock.simulate(message.at, 1);
      return relay(envelope, message.abandoned);
    });
    if (refusal?.outcome === 'rejected') {
      const verdict = verdictOf(refusal.rule);
      verdicts[messages] = verdict;
      refused[verdict] += 1;
      remedies.time(() => {
        const { forecast, freeAt } = counts;
        const asked = { stage: 'data', forwardPath: '', declaredBytes: null, messageBytes: 0 } as const;
        const situation = { ...asked, configuration, session, envelope, at: clock.now() };
        return findRemedies(situation, { forecast, freeAt, spamSuspendedUntil: () => null });
      });
    }
    messages += 1;
    named += message.recipients.length;
  }
  living.clear();
  return {
    verdicts,
    checksums,
    messages,
    recipients: named,
    refused,
    processorSeconds: path.processorSeconds(),
    wallSeconds: path.wallSeconds(),
    slowest: path.longest(),
    slowestRemedies: remedies.longest(),
  };
}

function verdictOf(rule: string): Exclude<Verdict, 0> {
  for (const verdict of [1, 2, 3, 4] as const) if (refusedBy[verdict].rule === rule) return verdict;
  throw new Error(`The day’s mail is refused by nothing but quotas, and this was ${rule}.`);
}

/** Times calls by the wall clock and by this thread's time on the processor; keeps sums and the longest. */
function stopwatch() {
  const longest = { wallMs: 0, ownMs: 0, overFiveMs: 0 };
  let wallMs = 0;
  let processorMs = 0;
  return {
    time<Result>(call: () => Result): Result {
      const processor = process.threadCpuUsage();
      const began = performance.now();
      const result = call();
      const wall = performance.now() - began;
      const { user, system } = process.threadCpuUsage(processor);
      const onProcessor = (user + system) / 1000;
      wallMs += wall;
      processorMs += onProcessor;
      const own = Math.min(wall, onProcessor);
      longest.wallMs = Math.max(longest.wallMs, wall);
      longest.ownMs = Math.max(longest.ownMs, own);
      if (own > 5) longest.overFiveMs += 1;
      return result;
    },
    wallSeconds: () => wallMs / 1000,
    processorSeconds: () => processorMs / 1000,
    longest: (): Longest => longest,
  };
}
