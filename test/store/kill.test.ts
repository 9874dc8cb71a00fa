/** kill -9 in the middle of a stream of messages: what was answered is there, its charge included. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openStore } from '../../relay-core/store/store.ts';

const keeper = fileURLToPath(new URL('./keeper.ts', import.meta.url));

test.each([50, 400, 1_500])(
  'after kill -9 at message %i everything answered is there, with its charge, and nothing is charged without its message · CQ-8',
  async (atMessage) => {
    const directory = mkdtempSync(join(tmpdir(), 'relay-bench-kill-'));
    const file = join(directory, 'bench.sqlite');
    const child = spawn(process.execPath, [keeper, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    const answered: string[] = [];
    for await (const id of createInterface({ input: child.stdout })) {
      answered.push(id);
      if (answered.length === atMessage) child.kill('SIGKILL');
    }
    expect(await exited).toEqual([null, 'SIGKILL']);

    const store = openStore(file, { synchronous: 'normal' });
    expect(answered.length).toBeGreaterThanOrEqual(atMessage);
    for (const id of answered) {
      expect(store.transaction(id)?.id).toBe(id);
      expect(store.message(id, 0, 2_000)?.size).toBe(1_024);
    }
    const charged = [...store.chargesBehind(0)].map(({ recipients }) => recipients[0]);
    expect(new Set(charged).size).toBe(charged.length);
    const { items: kept } = store.transactionsOfSession('c31sm1401185itd.5', 100_000);
    expect(charged.toSorted()).toEqual(kept.map(({ envelope }) => envelope.after.to[0]).toSorted());
    expect(charged.length).toBe(store.transactionCount());
    store.close();
    rmSync(directory, { recursive: true, force: true });
  },
);
