/**
 * Passwords and access tokens as scrypt hashes (RFC 7914), written `$scrypt$ln=14,r=8,p=1$salt$hash` with base64
 * without padding. The secret itself is never kept.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { SecretHash } from '../organisation/types.ts';

/** 2^14 rounds of 8 blocks take some 50 ms and 16 MiB on a desktop machine. */
const cost = { log2Rounds: 14, blockSize: 8, parallel: 1 };
const hashBytes = 32;
const saltBytes = 16;
/** Hashes from elsewhere may ask for more, but not for so much that one sign-in stops the engine. */
const maxMemoryBytes = 256 * 1024 * 1024;

/**
 * Hashes to be worked out at once, where there are several. Node has four threads for them and for whatever reads files;
 * and all of them together take a core beside the engine's own.
 */
export const hashesAtOnce = Math.max(1, Math.min(2, availableParallelism() - 1));

/** The hash of a secret, with a salt of its own. */
export async function hashSecret(secret: string): Promise<SecretHash> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(secret, salt, cost);
  const { log2Rounds, blockSize, parallel } = cost;
  return `$scrypt$ln=${log2Rounds},r=${blockSize},p=${parallel}$${base64(salt)}$${base64(hash)}` as SecretHash;
}

/** Whether a secret is the hashed one; false as well for a hash that asks for more memory than is allowed. */
export async function matchesHash(hash: SecretHash, secret: string): Promise<boolean> {
  const parts = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(hash);
  if (parts === null) return false;
  const [, log2Rounds, blockSize, parallel, salt, expected] = parts;
  const wanted = Buffer.from(expected ?? '', 'base64');
  const asked = { log2Rounds: Number(log2Rounds), blockSize: Number(blockSize), parallel: Number(parallel) };
  if (2 ** asked.log2Rounds * asked.blockSize * 128 > maxMemoryBytes || asked.parallel > 16) return false;
  const derived = await derive(secret, Buffer.from(salt ?? '', 'base64'), asked);
  return derived.length === wanted.length && timingSafeEqual(derived, wanted);
}

function derive(secret: string, salt: Buffer, asked: typeof cost): Promise<Buffer> {
  const options: ScryptOptions = {
    N: 2 ** asked.log2Rounds,
    r: asked.blockSize,
    p: asked.parallel,
    maxmem: maxMemoryBytes * 2,
  };
  return new Promise((resolve, reject) => {
    scrypt(secret.normalize('NFC'), salt, hashBytes, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
