/**
 * Makes the local authority and the server certificate (ECDSA P-256, RFC 5280). The authority may vouch for the relay's
 * names on this machine and for nothing else: its key lies on a disk, and people install it as trusted.
 */
import { webcrypto } from 'node:crypto';
// The x509 library's dependency injection wants it, and first.
import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { PemPair } from './certificate-files.ts';
import { relayNames } from './relay-names.ts';

const dayMs = 24 * 60 * 60 * 1000;
const authorityDays = 3650;
/** Some systems refuse server certificates that run longer than 398 days. */
const serverDays = 397;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A new authority, valid from the day before `now` (epoch ms), for clocks that are behind. */
export async function makeAuthority(now: number): Promise<PemPair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Relay Bench local authority, O=Relay Bench',
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + authorityDays * dayMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      nameConstraints(),
    ],
  });
  return { key: await keyPem(keys.privateKey), certificate: certificate.toString('pem') };
}

/** A new server certificate for `relayNames`, signed by the authority. */
export async function makeServerCertificate(authority: PemPair, now: number): Promise<PemPair> {
  const issuer = new X509Certificate(authority.certificate);
  const signingKey = await webcrypto.subtle.importKey(
    'pkcs8',
    PemConverter.decodeFirst(authority.key),
    algorithm,
    false,
    ['sign'],
  );
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=smtp-relay.gmail.com, O=Relay Bench',
    issuer: issuer.subject,
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + serverDays * dayMs),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        ...relayNames.dns.map((value) => ({ type: 'dns', value }) as const),
        ...relayNames.ip.map((value) => ({ type: 'ip', value }) as const),
      ]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { key: await keyPem(keys.privateKey), certificate: certificate.toString('pem') };
}

/** Positive and of 64 random bits (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(Buffer.alloc(9));
  bytes[0] = 1;
  return bytes.toString('hex');
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

/** Permitted subtrees for the relay's names (RFC 5280 §4.2.1.10); the x509 library has no class for them. */
function nameConstraints(): Extension {
  const subtrees = [
    ...relayNames.dns.map((name) => der(0x82, Buffer.from(name))),
    der(0x87, Buffer.from([127, 0, 0, 1, 255, 255, 255, 255])),
    der(0x87, Buffer.concat([Buffer.alloc(15), Buffer.from([1]), Buffer.alloc(16, 255)])),
  ].map((name) => der(0x30, name));
  return new Extension('2.5.29.30', true, der(0x30, der(0xa0, Buffer.concat(subtrees))));
}

/** A DER value; lengths here stay below 128, where one byte holds them. */
function der(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}
