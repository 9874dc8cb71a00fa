/**
 * Takes the plain secrets out of a bench file: each is replaced by its hash, in the content and in the text. Only the
 * key and the value change in the text; comments and layout stay as they were.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, type Pair } from 'yaml';
import { hashSecret } from '../credentials/secret-hash.ts';
import type { BenchFile } from './schema.ts';

export interface HashedBenchFile {
  readonly file: BenchFile;
  /** The file's text without plain secrets. */
  readonly yaml: string;
  /** Whether there was one to replace. */
  readonly replaced: boolean;
}

type User = BenchFile['users'][number];

interface HashedSecret {
  readonly plainKey: 'password' | 'accessToken';
  readonly hashKey: 'passwordHash' | 'accessTokenHash';
  readonly hash: string;
}

/** @param text what was read; given back unchanged when it holds no plain secret */
export async function hashSecrets(
  file: BenchFile,
  document: Document,
  text: string,
): Promise<HashedBenchFile> {
  const users = await Promise.all(file.users.map(hashUser));
  const edits = users.flatMap(({ secrets }, index) =>
    secrets.flatMap((secret) => editsFor(document, index, secret)),
  );
  return edits.length === 0
    ? { file, yaml: text, replaced: false }
    : { file: { ...file, users: users.map(({ user }) => user) }, yaml: applied(text, edits), replaced: true };
}

async function hashUser({
  password,
  accessToken,
  ...others
}: User): Promise<{ user: User; secrets: HashedSecret[] }> {
  const secrets: HashedSecret[] = [];
  if (password !== undefined) {
    secrets.push({ plainKey: 'password', hashKey: 'passwordHash', hash: await hashSecret(password) });
  }
  if (accessToken !== undefined) {
    secrets.push({
      plainKey: 'accessToken',
      hashKey: 'accessTokenHash',
      hash: await hashSecret(accessToken),
    });
  }
  return {
    user: { ...others, ...Object.fromEntries(secrets.map(({ hashKey, hash }) => [hashKey, hash])) },
    secrets,
  };
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The new key and, quoted since a hash has commas, the new value; a block scalar's line end stays. */
function editsFor(document: Document, userIndex: number, { plainKey, hashKey, hash }: HashedSecret): Edit[] {
  const pair = secretPair(document, userIndex, plainKey);
  const { key, value } = pair ?? {};
  if (!isScalar(key) || key.range == null || !(isScalar(value) || isAlias(value)) || value.range == null)
    return [];
  const isBlock = isScalar(value) && (value.type === 'BLOCK_FOLDED' || value.type === 'BLOCK_LITERAL');
  return [
    { from: key.range[0], to: key.range[1], text: hashKey },
    { from: value.range[0], to: value.range[1], text: `"${hash}"${isBlock ? '\n' : ''}` },
  ];
}

function secretPair(document: Document, userIndex: number, key: string): Pair | undefined {
  const users = document.get('users');
  const user = isSeq(users) ? users.get(userIndex) : undefined;
  return isMap(user) ? user.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
}

function applied(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.from - a.from)
    .reduce((each, { from, to, text: fresh }) => each.slice(0, from) + fresh + each.slice(to), text);
}
