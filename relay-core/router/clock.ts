/** The engine's clock over the contract: read, changed, stepped on. What may be done is said in `clock-control.ts`. */
import type { Done, Refused } from '../clock-control.ts';
import type { ClockChange, ClockStep } from '../contract/index.ts';
import type { Engine } from '../engine.ts';
import { ownerOf, stateOf } from '../filling.ts';
import type { AddressKey } from '../organisation/types.ts';
import { relayBench } from './implement.ts';
import { refusalOf } from './views.ts';

const minuteMs = 60_000;
const done: Done = { outcome: 'done' };

const read = relayBench.clock.read.handler(({ context }) => context.engine.status().clock);

const change = relayBench.clock.change.handler(({ input, context, errors }) => {
  const answer = changed(input, context.engine);
  if (answer.outcome === 'refused') throw errors.UNPROCESSABLE(refusalOf(answer));
  return context.engine.status().clock;
});

const advance = relayBench.clock.advance.handler(({ input, context, errors }) => {
  const answer = advanced(input, context.engine);
  if (answer.outcome === 'refused') throw errors.UNPROCESSABLE(refusalOf(answer));
  return context.engine.status().clock;
});

function changed({ mode, speed, offsetMs, now }: ClockChange, { clock, clockControl }: Engine): Done {
  const before = clock.state();
  if (mode === 'real') {
    if ((speed ?? 1) !== 1 || (offsetMs ?? 0) !== 0) {
      return refused('mode', 'A real clock has speed 1 and no offset.', 'use mode: simulated');
    }
    if (now !== undefined && offsetMs === undefined) {
      return refused(
        'now',
        'A real clock shows wall time, whatever `now` says.',
        'use mode: simulated to move to that time, or leave now out to start over with empty windows',
      );
    }
    return before.mode === 'real' ? done : clockControl.startOver();
  }
  const offset =
    offsetMs ?? (now === undefined ? before.offsetMs : Date.parse(now) - (before.now - before.offsetMs));
  if (offset !== before.offsetMs) {
    const moved = clockControl.moveTo(before.now + offset - before.offsetMs);
    if (moved.outcome === 'refused') return moved;
  }
  const nextSpeed = speed ?? clock.state().speed;
  const alreadySo = nextSpeed === clock.state().speed && (mode ?? clock.state().mode) === clock.state().mode;
  return alreadySo ? done : clockControl.run(nextSpeed);
}

function advanced(step: ClockStep, engine: Engine): Done {
  const { clockControl } = engine;
  if (step.to === undefined) {
    if (step.minutes === undefined) {
      return refused('minutes', 'A step needs its length.', 'give minutes, or to: next-free-place');
    }
    const [meant] = (['window', 'user'] as const).filter((key) => step[key] !== undefined);
    if (meant !== undefined) {
      return refused(
        meant,
        'A step by minutes is one of the clock, and so of every window.',
        `leave ${meant} out, or give to: next-free-place instead of minutes`,
      );
    }
    return clockControl.stepBy(Math.round(step.minutes * minuteMs));
  }
  if (step.minutes !== undefined) {
    return refused('minutes', 'A step goes by minutes or to the next free place, not both.');
  }
  const free = nextFreeAt(step, engine);
  return typeof free === 'number' ? clockControl.moveTo(free) : free;
}

/** When the next place frees up in the windows asked for; all windows there are, when none is named. */
function nextFreeAt({ window, user }: ClockStep, { clock, counts, configuration }: Engine): number | Refused {
  const now = clock.now();
  const { organisation } = configuration();
  if (window !== undefined) {
    const owner = ownerOf({ window, user }, organisation);
    return owner.outcome === 'refused'
      ? owner
      : earliest([stateOf(counts, window, owner.user, now).nextFreeAt]);
  }
  const ofUsers = (users: readonly AddressKey[]) => users.flatMap((each) => counts.user(each, now));
  if (user === undefined) {
    const all = [...counts.customer(now), ...ofUsers(counts.activeUsers(now))];
    return earliest(all.map((each) => each.nextFreeAt));
  }
  const owner = ownerOf({ window: 'user-messages-day', user }, organisation);
  if (owner.outcome === 'refused') return owner;
  return earliest(ofUsers(owner.user === null ? [] : [owner.user]).map((each) => each.nextFreeAt));
}

function earliest(times: readonly (number | null)[]): number | Refused {
  const first = times.reduce<number | null>(
    (best, time) => (time !== null && (best === null || time < best) ? time : best),
    null,
  );
  return (
    first ?? refused('to', 'Nothing is used there, so no place will free up.', 'step by minutes instead')
  );
}

function refused(path: string, message: string, hint?: string): Refused {
  return { outcome: 'refused', path, message, ...(hint === undefined ? {} : { hint }) };
}

export const clock = { read, change, advance };
