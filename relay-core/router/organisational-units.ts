/** Organisational units: what each inherits, and relay settings, which are edited at the root only (ORG-4). */
import { z } from 'zod';
import { draftWith } from '../bench-file/draft.ts';
import type { Organisation } from '../organisation/types.ts';
import { mailStorageOf, rootUnit } from '../organisation/units.ts';
import { refusalOfBench, refusalOfReplacement, replacedView } from './bench.ts';
import { relayBench } from './implement.ts';

const settingsSchema = z.array(z.json());

const list = relayBench.organisationalUnits.list.handler(({ input, context }) => {
  const { organisation } = context.engine.bench().configuration;
  const paths = [rootUnit, ...organisation.unitsByPath.keys()].sort();
  const from = Number(input.cursor ?? '0');
  const users = usersByUnit(organisation);
  return {
    items: paths.slice(from, from + input.limit).map((path) => ({
      path,
      users: users.get(path) ?? 0,
      mailStorage: mailStorageOf(organisation, path),
      settingsInheritedFrom: inheritedFrom(path),
    })),
    nextCursor: from + input.limit < paths.length ? String(from + input.limit) : null,
  };
});

function usersByUnit({ users }: Organisation): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { organisationalUnit: path } of users) counts.set(path, (counts.get(path) ?? 0) + 1);
  return counts;
}

function inheritedFrom(path: string): string | null {
  return path === rootUnit ? null : rootUnit;
}

function noSuchUnit(path: string) {
  return {
    message: `There is no organisational unit ${path}.`,
    data: { path: 'path', hint: 'GET /api/organisational-units lists them; write %2FSales for /Sales' },
  };
}

const settings = relayBench.organisationalUnits.settings.handler(({ input: { path }, context, errors }) => {
  const { configuration, file } = context.engine.bench();
  if (!isUnit(configuration.organisation, path)) throw errors.NOT_FOUND(noSuchUnit(path));
  return {
    path,
    readOnly: path !== rootUnit,
    inheritedFrom: inheritedFrom(path),
    settings: settingsSchema.parse(file.settings),
  };
});

const replaceSettings = relayBench.organisationalUnits.replaceSettings.handler(
  async ({ input, context, errors }) => {
    const { engine, author } = context;
    const { path, version } = input;
    const { configuration, yaml } = engine.bench();
    if (!isUnit(configuration.organisation, path)) throw errors.NOT_FOUND(noSuchUnit(path));
    if (path !== rootUnit) {
      throw errors.UNPROCESSABLE({
        message: `Relay settings are edited at the root organisational unit only; ${path} inherits them, read-only (ORG-4).`,
        data: { path: 'path', hint: 'put them at the root: PUT /api/organisational-units/%2F/settings' },
      });
    }
    const change = [{ op: 'add', path: '/settings', value: input.settings }] as const;
    const drafted = await draftWith({ running: yaml, draft: yaml, change });
    // A file that runs is a group, and has a place for its settings.
    if (drafted.outcome !== 'drafted') throw new Error(`a change of settings: ${drafted.outcome}`);
    const replacement = await engine.replaceBench(drafted.text, { author, expectedVersion: version });
    switch (replacement.outcome) {
      case 'replaced':
        return replacedView(replacement, engine);
      case 'problems':
        throw errors.UNPROCESSABLE(refusalOfBench(replacement.problems));
      case 'conflict':
      case 'not-written':
        throw errors.CONFLICT(refusalOfReplacement(replacement));
    }
  },
);

function isUnit({ unitsByPath }: Organisation, path: string): boolean {
  return path === rootUnit || unitsByPath.has(path);
}

export const organisationalUnits = { list, settings, replaceSettings };
