/**
 * The settings in force: which saved version of the bench file decides now, and which are on their way (SET-6). Keeps
 * both, and the audit log (SET-7), over a restart. What the propagation itself does is in `propagation.ts`.
 */
import { configurationOf } from '../bench-file/configuration.ts';
import { consolePartsDiffer, withConsolePartOf } from '../bench-file/console-part.ts';
import { type Bench, readBench } from '../bench-file/running-bench.ts';
import type { AuditAuthor } from '../contract/audit-log.ts';
import type { PendingVersion } from '../contract/pending-version.ts';
import type { Configuration } from '../policy/types.ts';
import type { KeptVersion } from '../store/bench-history.ts';
import type { Store } from '../store/types.ts';
import { type AuditRecord, auditRecords } from './audit-log.ts';
import {
  firstVersion,
  lastSaved,
  type Propagation,
  type SavedVersion,
  settled,
  withLastReplaced,
  withSaved,
} from './propagation.ts';

export interface SettingsInForce {
  /** What decides at this moment. Asked for at every command, so it is worked out once a version. */
  configuration(): Configuration;
  /** Versions that are saved and on their way, the next one first. */
  pending(): readonly SavedVersion<Bench>[];
  /** A bench file was saved in place of another. */
  saved(next: Bench, previous: Bench, who: AuditAuthor): void;
  /** Stops looking at the clock. */
  stop(): void;
}

export interface SettingsParts {
  readonly store: Pick<Store, 'benchVersions' | 'keepBench'>;
  /** Engine time, epoch milliseconds. */
  readonly now: () => number;
  /** A version came into force, or is on its way. */
  readonly onChange: () => void;
  /** Something could not be kept or read; for people. */
  readonly onProblem: (text: string) => void;
}

const minuteMs = 60_000;
/** How often whoever watches may learn that a version came into force; decisions look at the clock each time. */
const lookEveryMs = 500;

/** @param loaded the bench file as it stood on disk when the engine started */
export async function openSettings(loaded: Bench, parts: SettingsParts): Promise<SettingsInForce> {
  const { store, now, onChange, onProblem } = parts;
  const kept = await keptVersions(parts);
  /** The last one saved: what is not the console's part holds from it at once. */
  let bench = loaded;
  let propagation = kept ?? firstVersion(loaded, now());
  let configuration = configurationIn(propagation, bench);

  function keep(entries: readonly AuditRecord[]): void {
    const { inForce, pending } = propagation;
    const answer = store.keepBench([inForce, ...pending].map(keptVersionOf), entries);
    if (answer.outcome !== 'kept') onProblem(`A change of settings could not be logged: ${answer.detail}`);
  }

  function take(next: Propagation<Bench>, entries: readonly AuditRecord[]): void {
    propagation = next;
    configuration = configurationIn(next, bench);
    keep(entries);
    onChange();
  }

  function settle(): void {
    if (propagation.pending.length === 0) return;
    const next = settled(propagation, now());
    if (next !== propagation) take(next, []);
  }

  function saved(next: Bench, previous: Bench, who: AuditAuthor): void {
    const at = now();
    bench = next;
    const delayMs = next.file.propagationMinutes * minuteMs;
    const propagate = consolePartsDiffer(previous.file, next.file) ? withSaved : withLastReplaced;
    take(
      propagate(propagation, next, at, delayMs),
      auditRecords(previous.file, next.file, { at, who, version: next.version }),
    );
  }

  const found = lastSaved(propagation).content;
  if (found.yaml === loaded.yaml) keep([]);
  else saved(loaded, found, 'file');
  const looking = setInterval(settle, lookEveryMs);
  looking.unref();

  return {
    configuration() {
      settle();
      return configuration;
    },
    pending() {
      settle();
      return propagation.pending;
    },
    saved,
    stop: () => clearInterval(looking),
  };
}

/** A version on its way as the contract shows it. */
export function pendingVersionView({ content, savedAt, inForceAt }: SavedVersion<Bench>): PendingVersion {
  return {
    version: content.version,
    savedAt: new Date(savedAt).toISOString(),
    inForceAt: new Date(inForceAt).toISOString(),
  };
}

/** The console's part of the version in force, all else of the one saved last, and the news of those on their way. */
function configurationIn({ inForce, pending }: Propagation<Bench>, bench: Bench): Configuration {
  const [next, ...others] = pending;
  if (next === undefined) return bench.configuration;
  return {
    ...configurationOf(withConsolePartOf(bench.file, inForce.content.file)),
    newerVersion: {
      savedAt: next.savedAt,
      inForceAt: next.inForceAt,
      behindIt: others.length,
      configuration: configurationOf(withConsolePartOf(bench.file, next.content.file)),
    },
  };
}

/** The versions that were kept, as far as they can still be read; null when there are none. */
async function keptVersions({ store, onProblem }: SettingsParts): Promise<Propagation<Bench> | null> {
  const versions: SavedVersion<Bench>[] = [];
  for (const { yaml, ...version } of store.benchVersions()) {
    const reading = await readBench(yaml);
    if (reading.outcome === 'bench') versions.push({ ...version, content: reading.bench });
    else onProblem(`A kept version of the bench file cannot be read: ${reading.problems[0].message}`);
  }
  const [inForce, ...pending] = versions;
  return inForce === undefined ? null : { inForce, pending };
}

function keptVersionOf({ content, ...version }: SavedVersion<Bench>): KeptVersion {
  return { ...version, yaml: content.yaml };
}
