/**
 * A disk that fills up under the engine: 452 4.3.1 instead of 250, all that was answered 250 stays, nothing is charged for
 * what was refused, and it goes on once there is room. The disk is a small tmpfs, which only root can mount.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type RunningEngine, startEngine, testBench } from '../fixtures/engine.ts';
import { type MessageFate, type StreamedMessage, streamMessages } from '../fixtures/pipelining-client.ts';
import { removeFolder, scratchFolder } from '../fixtures/program.ts';

const megabyte = 1024 * 1024;
const diskMegabytes = 48;
/** Left for the engine once it has started. */
const roomMegabytes = 3;

/** Gives the mount point, or null where mounting is not allowed. */
function mountSmallDisk(): string | null {
  const folder = scratchFolder();
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m`, 'tmpfs', folder]);
  if (status === 0) return folder;
  removeFolder(folder);
  return null;
}

function unmount(folder: string): void {
  spawnSync('umount', ['-l', folder]);
  removeFolder(folder);
}

const probe = mountSmallDisk();
if (probe) unmount(probe);

const running: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

const bench = testBench({ limits: { customerRecipientsPerTenMinutes: 1_000_000 } });
const messageOf = (index: number): StreamedMessage => ({
  from: 'anna@example.com',
  to: ['customer@example.org'],
  content: `From: <anna@example.com>\r\nSubject: ${index}\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(400)}`,
});

/** Sends messages from `first` on until `isOver` says so. */
async function stream(engine: RunningEngine, first: number, isOver: (fates: MessageFate[]) => boolean) {
  const fates: MessageFate[] = [];
  await streamMessages({
    port: engine.listeners.relay,
    heloName: 'mail.example.com',
    next: (index) => (isOver(fates) ? null : messageOf(first + index)),
    onFate: (fate) => void fates.push({ ...fate, index: first + fate.index }),
  });
  return fates;
}

async function expectKept(engine: RunningEngine, accepted: readonly MessageFate[]): Promise<void> {
  const kept = new Map((await engine.everyAccepted()).map((each) => [each.message?.subject, each.id]));
  expect([...kept.keys()].map(Number).sort((a, b) => a - b)).toEqual(accepted.map(({ index }) => index));
  for (const { index } of accepted) {
    expect(await engine.message(kept.get(String(index)) ?? '')).toBe(messageOf(index).content);
  }
  expect((await engine.quota('customer-recipients-day'))?.used).toBe(accepted.length);
}

const title = probe ? 'a full disk' : 'a full disk is skipped: it needs root, to mount a small tmpfs';
describe.skipIf(!probe)(title, () => {
  test('is told 452 4.3.1; nothing answered 250 is lost, and it goes on when there is room · CQ-8', async () => {
    const disk = mountSmallDisk();
    if (!disk) throw new Error('A tmpfs could be mounted a moment ago');
    running.push(() => unmount(disk));
    const dataFolder = join(disk, 'data');
    mkdirSync(dataFolder);
    const engine = await startEngine({ bench, dataFolder });
    running.push(engine.stop);
    const ballast = join(disk, 'ballast');
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(ballast, Buffer.alloc(bavail * bsize - roomMegabytes * megabyte));

    const enoughRefused = 5;
    const whileFull = await stream(
      engine,
      0,
      (fates) =>
        fates.filter(({ outcome }) => outcome === 'refused').length >= enoughRefused || fates.length > 5_000,
    );
    const accepted = whileFull.filter(({ outcome }) => outcome === 'accepted');
    const refused = whileFull.filter(({ outcome }) => outcome === 'refused');
    expect(accepted.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThanOrEqual(enoughRefused);
    for (const { reply } of refused) expect(reply).toMatch(/^452 4\.3\.1 /);
    await expectKept(engine, accepted);

    rmSync(ballast);
    const after = await stream(engine, 1_000_000, (fates) => fates.length >= 20);
    expect(after.map(({ outcome }) => outcome)).not.toContain('refused');
    await expectKept(engine, [...accepted, ...after]);

    await engine.stop();
    const again = await startEngine({ bench, dataFolder });
    running.push(again.stop);
    await expectKept(again, [...accepted, ...after]);
  });
});
