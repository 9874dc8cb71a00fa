/** Engine time: real, stepped on, run fast, kept over a restart; it goes back by starting over only, and then with empty windows. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type ClockSetting, createClock, lastMoment, mayHaveRunOnMs } from '../../relay-core/clock.ts';
import { createClockControl } from '../../relay-core/clock-control.ts';
import type { Engine } from '../../relay-core/engine.ts';
import { dayMs, tenMinutesMs } from '../../relay-core/quota/windows.ts';
import { lastReply, testBench, toElsewhere } from './engine-of-tests.ts';

const noon = Date.UTC(2026, 10, 24, 12);
const hourMs = 60 * 60 * 1000;

const fast = { mode: 'simulated', speed: 3600, offsetMs: dayMs, setAt: noon } as const;

/** A clock over a wall clock that the test moves. */
function clockAt(wallNow: number, kept?: ClockSetting, notBefore?: number) {
  const wall = { now: wallNow };
  return { wall, clock: createClock(kept, notBefore, () => wall.now) };
}

describe('a clock', () => {
  test('is real at first: wall time, no offset, and it stands still while the machine’s clock is set back', () => {
    const { wall, clock } = clockAt(noon);
    expect(clock.state()).toEqual({ now: noon, mode: 'real', speed: 1, offsetMs: 0 });
    wall.now = noon - hourMs;
    expect(clock.now()).toBe(noon);
    wall.now = noon + 5;
    expect(clock.now()).toBe(noon + 5);
  });
  test('stepped on runs at 1× from there, its offset kept', () => {
    const { wall, clock } = clockAt(noon);
    clock.simulate(noon + dayMs, 1);
    wall.now += 1_000;
    expect(clock.state()).toEqual({
      now: noon + dayMs + 1_000,
      mode: 'simulated',
      speed: 1,
      offsetMs: dayMs,
    });
  });
  test('run at 60× gains 59 seconds a second, and keeps them when it goes on at 1×', () => {
    const { wall, clock } = clockAt(noon);
    clock.simulate(clock.now(), 60);
    wall.now += 10_000;
    expect(clock.state()).toMatchObject({ now: noon + 600_000, speed: 60, offsetMs: 590_000 });
    clock.simulate(clock.now(), 1);
    wall.now += 10_000;
    expect(clock.state()).toMatchObject({ now: noon + 610_000, speed: 1, offsetMs: 590_000 });
  });
  test('starts over at wall time', () => {
    const { clock } = clockAt(noon);
    clock.simulate(noon + dayMs, 3600);
    clock.startOver();
    expect(clock.state()).toEqual({ now: noon, mode: 'real', speed: 1, offsetMs: 0 });
  });
  test('goes on from what was kept: with wall time while it was off, and not before what is in the records', () => {
    const kept = { mode: 'simulated', speed: 1, offsetMs: dayMs, setAt: noon, after: 'ran-on' } as const;
    expect(clockAt(noon + hourMs, kept).clock.state()).toMatchObject({ offsetMs: dayMs, speed: 1 });
    expect(clockAt(noon + hourMs, kept, noon + 3 * dayMs).clock.now()).toBe(noon + 3 * dayMs);
  });
  test('that ran fast when it was killed is never behind where it was, and did not run fast while it was off', () => {
    const { clock } = clockAt(noon + 8 * hourMs, { ...fast, after: 'ran-on' });
    expect(clock.now()).toBe(noon + 8 * hourMs + dayMs + mayHaveRunOnMs * 3599);
    expect(clock.state().speed).toBe(3600);
  });
  test('that ran fast when it was stopped in order has the offset and pace at which it was stopped', () => {
    const { clock } = clockAt(noon + 8 * hourMs, { ...fast, after: 'stopped' });
    expect(clock.state()).toMatchObject({ offsetMs: dayMs, speed: 3600 });
  });
  test('stops at the end of the year 9999, for want of a fifth digit', () => {
    const { wall, clock } = clockAt(noon);
    clock.simulate(lastMoment - 1_000, 3600);
    wall.now += 10_000;
    expect(new Date(clock.now()).toISOString()).toBe('9999-12-31T00:00:00.000Z');
  });
});

/** A control over a ledger that keeps nothing but the clock's setting, on a wall clock that goes when the test says so. */
function controlledClock(kept: ClockSetting) {
  const ledger = { setting: kept };
  const keep = (setting: ClockSetting) => {
    ledger.setting = setting;
    return { outcome: 'kept' } as const;
  };
  const start = () => {
    const clock = createClock(ledger.setting);
    const control = createClockControl({
      clock,
      store: { keepClock: keep, startOver: keep },
      counts: { startOver: () => undefined },
      spamWatch: { startOver: () => undefined },
      onMoved: () => undefined,
    });
    return { clock, control };
  };
  return { start };
}

describe('a fast clock that goes on from an orderly stop', () => {
  test('and is killed before its next setting is kept, is never behind where it was', () => {
    vi.useFakeTimers({ now: noon, toFake: ['Date', 'setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { start } = controlledClock({ ...fast, after: 'stopped' });
    vi.advanceTimersByTime(hourMs);
    const killed = start().clock;
    vi.advanceTimersByTime(mayHaveRunOnMs / 2 - 1);
    const reached = killed.state();
    expect(reached.offsetMs).toBe(dayMs + (mayHaveRunOnMs / 2 - 1) * 3599);
    expect(start().clock.now()).toBeGreaterThanOrEqual(reached.now);
  });
  test('and is stopped again, gained on wall time for no longer than it ran', () => {
    vi.useFakeTimers({ now: noon, toFake: ['Date', 'setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { start } = controlledClock({ ...fast, after: 'stopped' });
    const first = start();
    vi.advanceTimersByTime(10_500);
    first.control.stop();
    vi.advanceTimersByTime(hourMs);
    expect(start().clock.state()).toMatchObject({ speed: 3600, offsetMs: dayMs + 10_500 * 3599 });
  });
});

const used = (engine: Engine) =>
  engine.counts.customer(engine.clock.now()).map(({ window, used }) => [window, used]);
const day = 'customer-recipients-day';
const tenMinutes = 'customer-recipients-ten-minutes';

describe('the engine’s clock', () => {
  test('moves everything that goes by time: windows, and the times of records · CQ-9', async () => {
    const engine = await (await testBench()).start();
    await engine.send(toElsewhere);
    const before = engine.clock.now();
    expect(engine.clockControl.moveTo(before + tenMinutesMs)).toEqual({ outcome: 'done' });
    expect(used(engine)).toEqual([
      [tenMinutes, 0],
      [day, 1],
    ]);
    const sent = await engine.send(toElsewhere);
    const record = engine.store.transaction(sent.transactionId ?? '');
    expect(record?.finishedAt).toBeGreaterThanOrEqual(before + tenMinutesMs);
    expect(engine.status().clock).toMatchObject({ mode: 'simulated', speed: 1 });
    const unixSeconds = Number(/\d+$/.exec(lastReply(sent))?.[0]);
    expect(unixSeconds).toBe(Math.floor((record?.finishedAt ?? 0) / 1000));
  });
  test('cannot be moved back, and says why and what can be done', async () => {
    const engine = await (await testBench()).start();
    const now = engine.clock.now();
    expect(engine.clockControl.moveTo(now - hourMs)).toMatchObject({
      outcome: 'refused',
      message: expect.stringMatching(/cannot go back to .*, since what was counted/),
      hint: expect.stringMatching(/Start over/),
    });
    expect(engine.clock.state()).toMatchObject({ mode: 'real', offsetMs: 0 });
  });
  test('is kept with the ledger: offset and pace are the same after a restart, and so are the counts · CQ-8', async () => {
    // Wall time stands while an engine runs, so that a fast clock gains nothing meanwhile.
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const bench = await testBench();
    const first = await bench.start();
    await first.send(toElsewhere);
    first.clockControl.moveTo(first.clock.now() + dayMs - hourMs);
    first.clockControl.run(60);
    await first.send(toElsewhere);
    const before = { clock: first.clock.state(), used: used(first) };
    await first.close();
    const offMs = 3 * mayHaveRunOnMs;
    vi.setSystemTime(Date.now() + offMs);
    const second = await bench.start();
    expect(second.clock.state()).toEqual({ ...before.clock, now: before.clock.now + offMs });
    expect(before.clock).toMatchObject({ mode: 'simulated', speed: 60, offsetMs: dayMs - hourMs });
    expect(used(second)).toEqual(before.used);
  });
  test('starts over at wall time with empty windows, for good; what was sent can still be read', async () => {
    const bench = await testBench();
    const first = await bench.start();
    first.clockControl.moveTo(first.clock.now() + 10 * dayMs);
    const { transactionId } = await first.send(toElsewhere);
    first.fillWindow({ window: day, used: 100 });
    expect(first.clockControl.startOver()).toEqual({ outcome: 'done' });
    const empty = [
      [tenMinutes, 0],
      [day, 0],
    ];
    expect(first.clock.state()).toMatchObject({ mode: 'real', speed: 1, offsetMs: 0 });
    expect(used(first)).toEqual(empty);
    await first.close();
    const second = await bench.start();
    expect(second.clock.state()).toMatchObject({ mode: 'real', offsetMs: 0 });
    expect(used(second)).toEqual(empty);
    expect(second.store.transaction(transactionId ?? '')?.decision.outcome).toBe('accepted');
    await second.send(toElsewhere);
    expect(used(second)).toEqual([
      [tenMinutes, 1],
      [day, 1],
    ]);
  });
  test('that runs shows in the snapshots, though nothing else happens', async () => {
    const engine = await (await testBench()).start();
    engine.clockControl.run(3600);
    const stopped = new AbortController();
    const times: number[] = [];
    for await (const { status } of engine.watch(stopped.signal)) {
      times.push(Date.parse(status.clock.now));
      if (times.length === 3) stopped.abort();
    }
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });
});
