/** The local authority and its server certificate: made once, renewed in time, never silently replaced. */
import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CertificateError, loadCertificates } from '../../relay-core/smtp/certificates.ts';

const dayMs = 24 * 60 * 60 * 1000;
let directory = '';

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'relay-bench-')), 'certificates');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const problem = (now = Date.now()) =>
  loadCertificates(directory, now).then(
    () => null,
    (error: unknown) => (error instanceof CertificateError ? error : Promise.reject(error)),
  );

describe('the certificates', () => {
  test('are made on first start and stay', async () => {
    const first = await loadCertificates(directory, Date.now());
    expect(await loadCertificates(directory, Date.now())).toEqual(first);
    expect((await readdir(directory)).sort()).toEqual([
      'authority.key.pem',
      'authority.pem',
      'server.key.pem',
      'server.pem',
    ]);
  });

  test('keys are readable by their owner only', async () => {
    await loadCertificates(directory, Date.now());
    for (const file of ['authority.key.pem', 'server.key.pem']) {
      expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
    }
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  test.each(['smtp-relay.gmail.com', 'localhost', '127.0.0.1', '::1'])('vouch for %s', async (name) => {
    const { authority, server } = await loadCertificates(directory, Date.now());
    const certificate = new X509Certificate(server.certificate);
    expect(
      name.includes(':') || /^\d/.test(name) ? certificate.checkIP(name) : certificate.checkHost(name),
    ).toBe(name);
    const listening = createServer({ key: server.key, cert: server.certificate }, (socket) => socket.end());
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const address = listening.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise<void>((resolve, reject) => {
      connect({ port, host: '127.0.0.1', ca: authority, servername: /^[\d:]/.test(name) ? '' : name })
        .once('secureConnect', resolve)
        .once('error', reject)
        .resume();
    });
    listening.close();
  });

  test('the authority may vouch for nothing else', async () => {
    const { authority } = await loadCertificates(directory, Date.now());
    const certificate = new X509Certificate(authority);
    expect(certificate.ca).toBe(true);
    const nameConstraints = Buffer.from([0x06, 0x03, 0x55, 0x1d, 0x1e, 0x01, 0x01, 0xff]);
    expect(certificate.raw.includes(nameConstraints)).toBe(true);
  });

  test('the server certificate is renewed before it ends, under the same authority', async () => {
    const now = Date.now();
    const first = await loadCertificates(directory, now);
    const stillGood = await loadCertificates(directory, now + 366 * dayMs);
    expect(stillGood).toEqual(first);
    const renewed = await loadCertificates(directory, now + 368 * dayMs);
    expect(renewed.authority).toBe(first.authority);
    expect(renewed.server.certificate).not.toBe(first.server.certificate);
    const certificate = new X509Certificate(renewed.server.certificate);
    expect(certificate.verify(new X509Certificate(first.authority).publicKey)).toBe(true);
  });

  test('a renewal that was cut off half-way is made again', async () => {
    const first = await loadCertificates(directory, Date.now());
    const other = join(directory, 'other');
    await loadCertificates(other, Date.now());
    await writeFile(join(directory, 'server.key.pem'), await readFile(join(other, 'server.key.pem')));
    const renewed = await loadCertificates(directory, Date.now());
    expect(renewed.authority).toBe(first.authority);
    expect(renewed.server.certificate).not.toBe(first.server.certificate);
  });

  test('a server certificate of another authority is replaced', async () => {
    const first = await loadCertificates(directory, Date.now());
    const other = join(directory, 'other');
    await loadCertificates(other, Date.now());
    for (const file of ['server.key.pem', 'server.pem']) {
      await writeFile(join(directory, file), await readFile(join(other, file)));
    }
    const renewed = await loadCertificates(directory, Date.now());
    expect(
      new X509Certificate(renewed.server.certificate).checkIssued(new X509Certificate(first.authority)),
    ).toBe(true);
  });
});

describe('what cannot be read is an error, and the authority stays as it is', () => {
  test.each(['authority.pem', 'authority.key.pem', 'server.pem', 'server.key.pem'])(
    '%s damaged',
    async (file) => {
      await loadCertificates(directory, Date.now());
      const path = join(directory, file);
      await writeFile(path, 'not PEM');
      expect(await problem()).toMatchObject({
        code: 'damaged',
        path,
        hint: expect.stringContaining('Restore the file'),
      });
      expect(await readFile(path, 'utf8')).toBe('not PEM');
    },
  );

  test('authority.key.pem missing', async () => {
    await loadCertificates(directory, Date.now());
    const path = join(directory, 'authority.key.pem');
    await unlink(path);
    expect(await problem()).toMatchObject({ code: 'incomplete', path });
  });

  test("another authority's key", async () => {
    await loadCertificates(directory, Date.now());
    const other = join(directory, 'other');
    await loadCertificates(other, Date.now());
    const path = join(directory, 'authority.key.pem');
    await writeFile(path, await readFile(join(other, 'authority.key.pem')));
    expect(await problem()).toMatchObject({ code: 'damaged', path });
  });

  test('a certificate that is no authority', async () => {
    await loadCertificates(directory, Date.now());
    for (const [from, to] of [
      ['server.pem', 'authority.pem'],
      ['server.key.pem', 'authority.key.pem'],
    ] as const) {
      await writeFile(join(directory, to), await readFile(join(directory, from)));
    }
    expect(await problem()).toMatchObject({ code: 'damaged', path: join(directory, 'authority.pem') });
  });

  test('an authority that has ended', async () => {
    const now = Date.now();
    await loadCertificates(directory, now);
    expect(await problem(now + 3_651 * dayMs)).toMatchObject({ code: 'ended' });
  });

  test('a file that is a directory', async () => {
    await mkdir(join(directory, 'authority.pem'), { recursive: true });
    expect(await problem()).toMatchObject({ code: 'unreadable', path: join(directory, 'authority.pem') });
  });

  test('a directory that cannot be made', async () => {
    await mkdir(join(directory, '..'), { recursive: true });
    await writeFile(directory, '');
    expect(await problem()).toMatchObject({ code: 'unreadable', path: directory });
  });

  test('a place that cannot be written', async () => {
    await mkdir(join(directory, 'authority.key.pem.new'), { recursive: true });
    expect(await problem()).toMatchObject({ code: 'unwritable', path: join(directory, 'authority.key.pem') });
  });
});
