/**
 * The certificates the listeners present: a local certificate authority, made on first start and kept, and a server
 * certificate of it that is renewed before it ends. What cannot be read is an error, never a reason to make a new
 * authority: mail servers already trust the old one.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { makeFolder } from '../folders.ts';
import { CertificateError } from './certificate-error.ts';
import { type PemPair, readPair, writePair } from './certificate-files.ts';
import { relayNames } from './relay-names.ts';
import type { ServerCertificate } from './types.ts';

export { CertificateError } from './certificate-error.ts';

/** A server certificate with less time left than this is made anew. */
const renewalMarginMs = 30 * 24 * 60 * 60 * 1000;

export interface Certificates {
  /** The authority's certificate, PEM, for mail servers to trust. */
  readonly authority: string;
  readonly server: ServerCertificate;
}

/**
 * Reads the certificates kept in a directory, and makes what is not there yet.
 * @param directory made when missing, readable by its owner only
 * @param now epoch ms
 * @throws CertificateError when files are unreadable, damaged, do not belong together, or the authority has ended
 */
export async function loadCertificates(directory: string, now: number): Promise<Certificates> {
  await makeFolder(directory, 0o700).catch((cause: unknown) => {
    throw new CertificateError('unreadable', directory, 'The directory for certificates cannot be made.', {
      cause,
    });
  });
  const authority = await loadAuthority(directory, now);
  const server = await loadServer(directory, authority, now);
  return {
    authority: authority.certificate,
    server: { key: server.key, certificate: `${server.certificate}\n${authority.certificate}` },
  };
}

async function loadAuthority(directory: string, now: number): Promise<PemPair> {
  const files = { key: join(directory, 'authority.key.pem'), certificate: join(directory, 'authority.pem') };
  const kept = await readPair(files);
  if (kept === null) {
    const { makeAuthority } = await making();
    const made = await makeAuthority(now);
    await writePair(files, made);
    return made;
  }
  const { certificate, belongTogether } = parsePair(files, kept);
  if (!belongTogether) {
    throw new CertificateError('damaged', files.key, 'The key does not belong to the certificate beside it.');
  }
  if (!certificate.ca) {
    throw new CertificateError('damaged', files.certificate, 'The certificate is not that of an authority.');
  }
  if (certificate.validToDate.getTime() <= now) {
    throw new CertificateError('ended', files.certificate, `The authority ended on ${certificate.validTo}.`);
  }
  return kept;
}

async function loadServer(directory: string, authority: PemPair, now: number): Promise<PemPair> {
  const files = { key: join(directory, 'server.key.pem'), certificate: join(directory, 'server.pem') };
  const kept = await readPair(files);
  if (kept !== null) {
    const { certificate, belongTogether } = parsePair(files, kept);
    // A key of its own beside the old certificate is what a renewal leaves that was cut off half-way.
    if (belongTogether && isCurrent(certificate, new X509Certificate(authority.certificate), now))
      return kept;
  }
  const { makeServerCertificate } = await making();
  const made = await makeServerCertificate(authority, now);
  await writePair(files, made);
  return made;
}

/** Loaded when something is to be made only: the x509 library takes a tenth of a second, and memory for good. */
const making = () => import('./certificate-authority.ts');

function isCurrent(certificate: X509Certificate, authority: X509Certificate, now: number): boolean {
  const names = certificate.subjectAltName ?? '';
  return (
    certificate.validFromDate.getTime() <= now &&
    certificate.validToDate.getTime() - renewalMarginMs > now &&
    certificate.checkIssued(authority) &&
    certificate.verify(authority.publicKey) &&
    relayNames.dns.every((name) => names.includes(`DNS:${name}`)) &&
    relayNames.ip.every((address) => certificate.checkIP(address) !== undefined)
  );
}

function parsePair(files: PemPair, pair: PemPair) {
  const certificate = parsed(files.certificate, () => new X509Certificate(pair.certificate));
  const key = parsed(files.key, () => createPrivateKey(pair.key));
  return { certificate, belongTogether: certificate.checkPrivateKey(key) };
}

function parsed<Value>(path: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (cause) {
    throw new CertificateError('damaged', path, 'The file holds no PEM that can be read.', { cause });
  }
}
