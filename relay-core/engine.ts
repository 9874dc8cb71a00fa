/**
 * Puts the parts together: bench file, quotas, store, relay, listeners. The one place where time, randomness, disk and
 * sockets meet the pure core. Shells start it and speak to it through `router.ts`.
 */
import { randomInt, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { createSpamWatch, type SpamWatch, spamWindow } from './abuse/spam-watch.ts';
import { isExampleDomain } from './bench-file/example.ts';
import { readTextFile, stageTextFile } from './bench-file/on-disk.ts';
import { type Bench, type OnDisk, type Replacement, runBench } from './bench-file/running-bench.ts';
import { createChanges } from './changes.ts';
import { sendTestMessage } from './client/send.ts';
import { type Clock, createClock } from './clock.ts';
import { type ClockControl, createClockControl } from './clock-control.ts';
import { inspect, realScanners } from './content/inspect.ts';
import { createMessageViewer, type ViewMessage } from './content/message-viewer.ts';
import type {
  AuditAuthor,
  DialogueLine,
  SendResult,
  Snapshot,
  Status,
  TestMessage,
} from './contract/index.ts';
import { createSignIn } from './credentials/sign-in.ts';
import { EngineStartError } from './engine-error.ts';
import { type FillRequest, fillWindow, removeFills } from './filling.ts';
import { collectGarbage } from './garbage.ts';
import { createHistories, type Histories } from './histories.ts';
import {
  type Listeners,
  listenAdvice,
  listenerSpecs,
  listenProblem,
  openListeners,
  type PortChoice,
} from './listening.ts';
import type { Configuration } from './policy/types.ts';
import type { QuotaCounts } from './quota/types.ts';
import { createClientHabits } from './relay/client-habits.ts';
import { createRelay, type WatchedRelay } from './relay/relay.ts';
import type { SessionInProgress } from './relay/session-state.ts';
import { recountSpam } from './relay/spam.ts';
import { restoredCounts, type StartProgress } from './restoring.ts';
import { openSettings, pendingVersionView, type SettingsInForce } from './settings/in-force.ts';
import type { SavedVersion } from './settings/propagation.ts';
import type { Certificates } from './smtp/certificates.ts';
import { createContentRoom } from './smtp/content/room.ts';
import type { WireEvent } from './smtp/types.ts';
import {
  certificatesIn,
  loadBench,
  makeDirectory,
  messageOf,
  openStoreIn,
  readingStore,
} from './starting.ts';
import type { SessionRecord, Store } from './store/types.ts';
import { createMessageReader, type ReadMessage } from './stored-messages.ts';
import { engineVersion } from './version.ts';
import { warmUp } from './warm-up.ts';
import { createWhatIf, type WhatIf } from './what-if/what-if.ts';

export { EngineStartError } from './engine-error.ts';

export interface EngineOptions {
  /** The bench file. Where there is none, the example organisation is written there. */
  readonly benchFile: string;
  /** Store and certificates live here. Made when missing. */
  readonly dataDirectory: string;
  /** Ports that win over the bench file's; 0 means any free one. */
  readonly ports?: PortChoice;
  /** Told how far a start has come that takes a while. */
  readonly onProgress?: (progress: StartProgress) => void;
}

export interface BenchSaving {
  /** For the audit log (SET-7). */
  readonly author: AuditAuthor;
  /** When given, the file is replaced only if this is still the running version. */
  readonly expectedVersion?: string | undefined;
}

export interface Engine {
  status(): Status;
  snapshot(): Snapshot;
  /** A snapshot now, and one after changes, at most every 100 ms. */
  watch(signal?: AbortSignal): AsyncGenerator<Snapshot, void, void>;
  readonly clock: Clock;
  readonly clockControl: ClockControl;
  readonly store: Store;
  readonly counts: QuotaCounts;
  fillWindow(request: FillRequest): ReturnType<typeof fillWindow>;
  removeFills(): ReturnType<typeof removeFills>;
  readonly certificateAuthority: {
    readonly pem: string;
    readonly fingerprint256: string;
    readonly notAfter: string;
  };
  bench(): Bench;
  /** What the bench file holds on disk, where that is not what was loaded or saved last. */
  benchOnDisk(): Promise<OnDisk>;
  /** What decides at this moment; while a saved change is on its way, that of the version before it (SET-6). */
  configuration(): Configuration;
  /** Saved versions on their way, the next one first (SET-6). */
  pendingVersions(): readonly SavedVersion<Bench>[];
  replaceBench(yaml: string, saving?: BenchSaving): Promise<Replacement>;
  /** Drafts run over what is stored. */
  readonly whatIf: WhatIf;
  /** Use over time, for charts. */
  readonly histories: Histories;
  /** A piece of a stored message, as it arrived or as it would have been relayed. */
  readonly message: ReadMessage;
  /** Takes a stored message apart. */
  readonly viewMessage: ViewMessage;
  /** An open session as it stands, or a closed one from the store; null where there is none. */
  session(id: string): SessionInProgress | SessionRecord | null;
  /** Sends a test message to the engine's own listener; what became of it is in the store then. */
  send(
    message: TestMessage,
    watch?: { readonly onLines: (lines: DialogueLine[]) => void; readonly signal?: AbortSignal },
  ): Promise<SendResult>;
  /** Finishes what is open, keeps everything, closes. */
  close(): Promise<void>;
}

/** RFC 5321 §4.5.3.2.7 asks servers for five minutes. */
const idleTimeoutMs = 5 * 60 * 1000;
/** What messages on their way may take together: some thirty of the largest at once. [ours] */
const contentRoomBytes = 1024 * 1024 * 1024;
const sendTimeoutMs = 60_000;
const maxProblems = 20;

/**
 * Starts the engine.
 * @throws EngineStartError when the bench file is wrong, a port is taken, or the data directory cannot be used
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const ports = options.ports ?? {};
  await makeDirectory(options.dataDirectory);
  const { bench: firstBench, textOnDisk } = await loadBench(options.benchFile);
  const certificates = await certificatesIn(join(options.dataDirectory, 'certificates'), Date.now());
  const store = openStoreIn(options.dataDirectory, firstBench);
  const { clock, counts, spamWatch } = await readingStore(options.dataDirectory, store, async () => {
    const clock = createClock(store.clockSetting(), store.latestTime());
    const counts = await restoredCounts(store, clock.now(), options.onProgress ?? (() => undefined));
    return { clock, counts, spamWatch: restoredSpamWatch(store, firstBench.configuration, clock.now()) };
  });
  const changes = createChanges();
  const problems = new Set<string>();
  const tellProblem = (text: string) => {
    if (problems.size < maxProblems) problems.add(text);
    changes.mark();
  };

  const settings = await readingStore(options.dataDirectory, store, () =>
    openSettings(firstBench, {
      store,
      now: clock.now,
      onChange: () => changes.mark(),
      onProblem: tellProblem,
    }),
  );
  const relay = createRelay(
    {
      configuration: settings.configuration,
      now: clock.now,
      wallNow: Date.now,
      habits: createClientHabits(),
      spamWatch,
      onAlert(alert) {
        const kept = store.keepAlert(alert);
        if (kept.outcome !== 'kept') tellProblem(`An alert could not be kept: ${kept.detail}`);
        changes.mark();
      },
      counts,
      store,
      signIn: createSignIn(),
      inspect: (content, filtering) => inspect(content, filtering, realScanners),
      onKept: () => changes.mark(),
      onStoreProblem: (detail) => tellProblem(`Something could not be kept: ${detail}`),
    },
    (below) => randomInt(below),
  );
  const clockControl = createClockControl({ clock, store, counts, spamWatch, onMoved: () => changes.mark() });
  warmUp();
  collectGarbage();
  const opening = await openListeners(listenerSpecs(firstBench.file, ports), {
    relay,
    tls: certificates.server,
    idleTimeoutMs,
    room: createContentRoom(contentRoomBytes),
    report: (event) => tellProblem(wireEventText(event)),
  });
  if (opening.outcome === 'failed') {
    clockControl.stop();
    settings.stop();
    store.close();
    const { role, port, code, message } = opening.failure;
    throw new EngineStartError('listener', message, {
      hint: listenAdvice(opening.failure),
      listener: { role, port, systemCode: code },
    });
  }
  const { listeners } = opening;

  const running = runBench(firstBench, textOnDisk, {
    read: () => readTextFile(options.benchFile),
    stage: (text) => stageTextFile(options.benchFile, text),
    async apply(next) {
      const failure = await listeners.move(listenerSpecs(next.file, ports));
      if (failure !== null) return [listenProblem(failure)];
      store.setSynchronous(next.file.store.synchronous);
      return [];
    },
  });

  const status = (): Status => statusOf(running.current(), settings, listeners, clock, [...problems]);
  const snapshot = (): Snapshot => ({
    status: status(),
    latestTransaction: store.latestTransactionId(),
    transactions: store.transactionCount(),
    openSessions: relay.openSessions(),
  });

  const whatIf = createWhatIf(store, () => running.current().configuration);
  const histories = createHistories({ store, counts, clock });

  return {
    status,
    snapshot,
    async *watch(signal) {
      for await (const _ of changes.watch(signal)) yield snapshot();
    },
    clock,
    clockControl,
    store,
    counts,
    fillWindow(request) {
      const { now } = clock;
      const answer = fillWindow(request, { configuration: settings.configuration, now, counts, store });
      changes.mark();
      return answer;
    },
    removeFills() {
      const answer = removeFills({ counts, store });
      changes.mark();
      return answer;
    },
    certificateAuthority: authorityFacts(certificates),
    bench: () => running.current(),
    benchOnDisk: running.onDisk,
    configuration: settings.configuration,
    pendingVersions: settings.pending,
    async replaceBench(yaml, { expectedVersion, author } = { author: 'api' }) {
      const replacement = await running.replace(yaml, expectedVersion);
      if (replacement.outcome === 'replaced') settings.saved(replacement.bench, replacement.previous, author);
      return replacement;
    },
    whatIf,
    histories,
    message: createMessageReader(store),
    viewMessage: createMessageViewer(),
    session: (id) => relay.sessionInProgress(id) ?? store.session(id),
    async send(message, watch) {
      const result = await sendTo(listeners, certificates, clock, message, watch);
      await store.settled();
      return result;
    },
    async close() {
      changes.end();
      whatIf.stop();
      await listeners.close();
      await untilSessionsAreKept(relay);
      clockControl.stop();
      settings.stop();
      store.close();
    },
  };
}

/** Spam of the last day counts again after a restart, and suspensions last on. */
function restoredSpamWatch(store: Store, configuration: Configuration, now: number): SpamWatch {
  const watch = createSpamWatch();
  for (const message of store.spamSince(now - spamWindow.windowMs))
    recountSpam(watch, configuration, message);
  for (const { sender, until } of store.suspensions(now)) watch.restoreSuspension(sender, until);
  return watch;
}

function statusOf(
  bench: Bench,
  settings: SettingsInForce,
  listeners: Listeners,
  clock: Clock,
  problems: readonly string[],
): Status {
  const { customer, profile } = bench.file;
  const { now, mode, speed, offsetMs } = clock.state();
  return {
    organisation: customer.name,
    primaryDomain: customer.primaryDomain,
    example: isExampleDomain(customer.primaryDomain),
    licences: customer.licences,
    profile,
    benchVersion: bench.version,
    listeners: listeners.states(),
    notices: [...bench.notices],
    pendingVersions: settings.pending().map(pendingVersionView),
    clock: { now: new Date(now).toISOString(), mode, speed, offsetMs },
    problems: [...problems],
    version: engineVersion,
  };
}

function authorityFacts({ authority }: Certificates): Engine['certificateAuthority'] {
  const certificate = new X509Certificate(authority);
  return {
    pem: authority,
    fingerprint256: certificate.fingerprint256,
    notAfter: certificate.validToDate.toISOString(),
  };
}

async function sendTo(
  listeners: Listeners,
  certificates: Certificates,
  clock: Clock,
  message: TestMessage,
  watch: Parameters<Engine['send']>[1],
): Promise<SendResult> {
  const address = listeners.addressOf(message.portRole);
  if (address === null) {
    return {
      transactionId: null,
      dialogue: [],
      failure: `The engine has no listener for ${message.portRole}.`,
    };
  }
  const target = { ...address, caPem: certificates.authority, serverName: 'smtp-relay.gmail.com' };
  return sendTestMessage(message, target, { now: clock.now, timeoutMs: sendTimeoutMs, ...watch });
}

/** Closed connections tell the relay a moment later; their sessions are kept before the store closes. */
async function untilSessionsAreKept(relay: WatchedRelay): Promise<void> {
  const attempts = 100;
  for (let attempt = 0; attempt < attempts && relay.openSessions() > 0; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function wireEventText(event: WireEvent): string {
  switch (event.kind) {
    case 'unmapped-text':
      return `smtp-server said something the catalogue does not hold: ${event.code} ${event.text}`;
    case 'relay-failed':
      return `A question to the relay failed: ${messageOf(event.error)}`;
    case 'listener-failed':
      return event.message;
  }
}
