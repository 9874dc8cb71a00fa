/**
 * Takes the plain secrets out of a bench file: each is replaced by its hash, in the content and in the text. Only the
 * key and the value change in the text; comments and layout stay as they were. A secret that is still the user's own
 * keeps the hash it has: saved again, it is no change.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, type Pair } from 'yaml';
import { hashesAtOnce, hashSecret, matchesHash } from '../credentials/secret-hash.ts';
import type { SecretHash } from '../organisation/types.ts';
import type { BenchFile } from './schema.ts';

export interface HashedBenchFile {
  readonly file: BenchFile;
  /** The file's text without plain secrets. */
  readonly yaml: string;
  /** Whether there was one to replace. */
  readonly replaced: boolean;
}

type User = BenchFile['users'][number];

interface KnownOfKind {
  readonly addresses: readonly string[];
  /** Of the user with the address in the same place. */
  readonly hashes: readonly string[];
}

/** Hashes that users have already, in plain lists: to a thread they cost a fifth of what a map does. */
export type KnownHashes = Readonly<Record<HashKey, KnownOfKind>>;

export const nothingKnown: KnownHashes = {
  passwordHash: { addresses: [], hashes: [] },
  accessTokenHash: { addresses: [], hashes: [] },
};

export function knownHashes(users: readonly User[]): KnownHashes {
  return {
    passwordHash: knownOfKind(users, 'passwordHash'),
    accessTokenHash: knownOfKind(users, 'accessTokenHash'),
  };
}

function knownOfKind(users: readonly User[], hashKey: HashKey): KnownOfKind {
  const addresses: string[] = [];
  const hashes: string[] = [];
  for (const { address, [hashKey]: hash } of users) {
    if (hash === undefined) continue;
    addresses.push(address);
    hashes.push(hash);
  }
  return { addresses, hashes };
}

/** By address, as users are told apart in a file: without regard to case. */
function byAddress({ addresses, hashes }: KnownOfKind): ReadonlyMap<string, string> {
  return new Map(addresses.map((address, index) => [address.toLowerCase(), hashes[index] ?? '']));
}

/** How many plain secrets a bench file may hold, from a look at its text alone. */
export function plainSecretsAtMost(text: string): number {
  return text.match(/\b(?:password|accessToken)\b/g)?.length ?? 0;
}

const hashKeys = { password: 'passwordHash', accessToken: 'accessTokenHash' } as const;
const plainKeys = ['password', 'accessToken'] as const;
type PlainKey = keyof typeof hashKeys;
type HashKey = (typeof hashKeys)[PlainKey];

interface PlainSecret {
  readonly userIndex: number;
  readonly plainKey: PlainKey;
  readonly secret: string;
  /** The hash it may be the secret of. */
  readonly known: string | undefined;
}

interface HashedSecret extends PlainSecret {
  readonly hash: string;
}

/**
 * @param text what was read; given back unchanged when it holds no plain secret
 * @param known hashes of the bench file that this one replaces
 */
export async function hashSecrets(
  file: BenchFile,
  document: Document,
  text: string,
  known: KnownHashes,
): Promise<HashedBenchFile> {
  const plain = plainSecretsIn(file, known);
  if (plain.length === 0) return { file, yaml: text, replaced: false };
  const hashed = await hashedInTurn(plain);
  const users = [...file.users];
  for (const { userIndex, plainKey, hash } of hashed) {
    const user = users[userIndex];
    if (user === undefined) continue;
    const { [plainKey]: _, ...others } = user;
    users[userIndex] = { ...others, [hashKeys[plainKey]]: hash };
  }
  const edits = hashed.flatMap((each) => editsFor(document, each));
  return { file: { ...file, users }, yaml: applied(text, edits), replaced: true };
}

function plainSecretsIn({ users }: BenchFile, known: KnownHashes): PlainSecret[] {
  return plainKeys.flatMap((plainKey) => {
    const hashes = byAddress(known[hashKeys[plainKey]]);
    return users.flatMap(({ address, [plainKey]: secret }, userIndex) =>
      secret === undefined ? [] : [{ userIndex, plainKey, secret, known: hashes.get(address.toLowerCase()) }],
    );
  });
}

/** A few at a time; in the order they came in. */
async function hashedInTurn(plain: readonly PlainSecret[]): Promise<HashedSecret[]> {
  const hashed: HashedSecret[] = [];
  const waiting = plain.entries();
  const work = async () => {
    for (const [index, each] of waiting) hashed[index] = { ...each, hash: await hashOf(each) };
  };
  await Promise.all(Array.from({ length: hashesAtOnce }, work));
  return hashed;
}

async function hashOf({ secret, known }: PlainSecret): Promise<string> {
  // The schema has checked the hash's form.
  const isKnown = known !== undefined && (await matchesHash(known as SecretHash, secret));
  return isKnown ? known : hashSecret(secret);
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The new key and, quoted since a hash has commas, the new value; a block scalar's line end stays. */
function editsFor(document: Document, { userIndex, plainKey, hash }: HashedSecret): Edit[] {
  const pair = secretPair(document, userIndex, plainKey);
  const { key, value } = pair ?? {};
  if (!isScalar(key) || key.range == null || !(isScalar(value) || isAlias(value)) || value.range == null)
    return [];
  const isBlock = isScalar(value) && (value.type === 'BLOCK_FOLDED' || value.type === 'BLOCK_LITERAL');
  return [
    { from: key.range[0], to: key.range[1], text: hashKeys[plainKey] },
    { from: value.range[0], to: value.range[1], text: `"${hash}"${isBlock ? '\n' : ''}` },
  ];
}

function secretPair(document: Document, userIndex: number, key: string): Pair | undefined {
  const users = document.get('users');
  const user = isSeq(users) ? users.get(userIndex) : undefined;
  return isMap(user) ? user.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
}

/** In one go over the text: a piece for each edit and each stretch between them. */
function applied(text: string, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let done = 0;
  for (const { from, to, text: fresh } of [...edits].sort((a, b) => a.from - b.from)) {
    pieces.push(text.slice(done, from), fresh);
    done = to;
  }
  return [...pieces, text.slice(done)].join('');
}
