/** How writes gather into commits: which go together, what waits meanwhile, and who is answered when. */
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Committer, createGroupCommit } from '../../relay-core/store/group-commit.ts';
import type { Kept } from '../../relay-core/store/types.ts';
import type { Write } from '../../relay-core/store/write.ts';

const kept: Kept = { outcome: 'kept' };
const full: Kept = { outcome: 'full', detail: 'database or disk is full' };
const closing = (sessionId: string): Write => ({ kind: 'session', sessionId, session: '{}', closed: true });

/** A committer that is answered by hand, as a thread that takes its time. */
function slowCommitter() {
  const batches: string[][] = [];
  let answer: (() => void) | null = null;
  const committer: Committer = {
    begin(batch, answerBatch) {
      if (answer !== null) throw new Error('a batch was begun while another was under way');
      batches.push(batch.map(({ sessionId }) => sessionId));
      answer = () => {
        answer = null;
        answerBatch(batch.map(({ sessionId }) => (sessionId === 'large' ? full : kept)));
      };
    },
    finish: () => answer?.(),
    setSynchronous: () => undefined,
    close: () => undefined,
  };
  return { batches, committer, answer: () => answer?.() };
}

test('what comes in one turn of the event loop is one commit', async () => {
  const { batches, committer, answer } = slowCommitter();
  const commits = createGroupCommit(committer);
  const answers = ['1', '2', '3'].map((id) => commits.add(closing(id)));
  expect(batches).toEqual([]);
  await nextTurn();
  expect(batches).toEqual([['1', '2', '3']]);
  answer();
  expect(await Promise.all(answers)).toEqual([kept, kept, kept]);
});

test('while a commit is under way the next gathers, and begins when it is over', async () => {
  const { batches, committer, answer } = slowCommitter();
  const commits = createGroupCommit(committer);
  const first = commits.add(closing('1'));
  await nextTurn();
  const later = [commits.add(closing('2'))];
  await nextTurn();
  later.push(commits.add(closing('3')));
  await nextTurn();
  expect(batches).toEqual([['1']]);
  answer();
  expect(await first).toEqual(kept);
  await nextTurn();
  expect(batches).toEqual([['1'], ['2', '3']]);
  answer();
  expect(await Promise.all(later)).toEqual([kept, kept]);
});

test('each write gets its own answer', async () => {
  const { committer, answer } = slowCommitter();
  const commits = createGroupCommit(committer);
  const answers = Promise.all(['1', 'large', '3'].map((id) => commits.add(closing(id))));
  await nextTurn();
  answer();
  expect(await answers).toEqual([kept, full, kept]);
});

test('what nobody waits for goes with the next commit, and does not begin one behind another', async () => {
  const { batches, committer, answer } = slowCommitter();
  const commits = createGroupCommit(committer);
  void commits.add(closing('1'));
  await nextTurn();
  void commits.addUnhurried(closing('2'));
  answer();
  await nextTurn();
  expect(batches).toEqual([['1']]);
  void commits.add(closing('3'));
  await nextTurn();
  expect(batches).toEqual([['1'], ['2', '3']]);
});

test('what nobody waits for is committed by itself soon', async () => {
  const { batches, committer } = slowCommitter();
  void createGroupCommit(committer).addUnhurried(closing('1'));
  await nextTurn();
  expect(batches).toEqual([]);
  await expect.poll(() => batches).toEqual([['1']]);
});

test('settling waits for what was given until then, and for nothing that came later', async () => {
  const { batches, committer, answer } = slowCommitter();
  const commits = createGroupCommit(committer);
  await commits.settled();
  void commits.add(closing('1'));
  await nextTurn();
  void commits.addUnhurried(closing('2'));
  let isSettled = false;
  void commits.settled().then(() => {
    isSettled = true;
  });
  void commits.add(closing('3'));
  answer();
  await pause(1);
  expect([isSettled, batches]).toEqual([false, [['1'], ['2', '3']]]);
  void commits.add(closing('4'));
  answer();
  await pause(1);
  expect([isSettled, batches.at(-1)]).toEqual([true, ['4']]);
});

test('flushing returns when all is answered, and closing refuses what comes later', async () => {
  const { batches, committer } = slowCommitter();
  const commits = createGroupCommit(committer);
  const first = commits.add(closing('1'));
  await nextTurn();
  const second = commits.add(closing('2'));
  commits.flush();
  expect(batches).toEqual([['1'], ['2']]);
  expect(await Promise.all([first, second])).toEqual([kept, kept]);
  const third = commits.addUnhurried(closing('3'));
  commits.close();
  expect(await third).toEqual(kept);
  expect(await commits.add(closing('4'))).toMatchObject({ outcome: 'failed' });
});
