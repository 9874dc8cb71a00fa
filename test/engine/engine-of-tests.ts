/** A whole engine on free ports of loopback, with a directory of its own that goes with the test. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SendResult, TestMessage } from '../../relay-core/contract/index.ts';
import { type Engine, type EngineOptions, startEngine } from '../../relay-core/engine.ts';

export const freePorts = { relay: 0, smtps: 0, submission: 0 } as const;

/** A directory that is removed when the test is over. */
export async function testDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'relay-bench-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A port of loopback that somebody has, until the test is over. */
export async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export interface TestBench {
  readonly options: EngineOptions;
  readonly start: () => Promise<Engine>;
}

/** @param yaml the bench file; the example organisation when absent */
export async function testBench(yaml?: string): Promise<TestBench> {
  const directory = await testDirectory();
  const benchFile = join(directory, 'bench.yaml');
  if (yaml !== undefined) await writeFile(benchFile, yaml);
  const options = { benchFile, dataDirectory: join(directory, 'data'), ports: freePorts };
  return {
    options,
    async start() {
      const engine = await startEngine(options);
      onTestFinished(() => engine.close());
      return engine;
    },
  };
}

export const toElsewhere: TestMessage = {
  from: 'anna@example.com',
  to: ['someone@elsewhere.org'],
  subject: 'Hello',
  text: 'Hello',
  portRole: 'relay',
  tls: 'none',
};

/** The last reply that is no answer to QUIT, without the session's id. */
export function lastReply({ dialogue }: SendResult): string {
  const replies = dialogue.filter(({ direction, text }) => direction === 'server' && !text.startsWith('221'));
  return (replies.at(-1)?.text ?? '').replace(/ \S+ - gsmtp$/, '');
}
