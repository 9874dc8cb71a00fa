/**
 * Makes real mail servers and scanners available to tests as private copies: packages are downloaded and unpacked into a folder that
 * git ignores, and only their libraries are installed, so no mail server of the machine is replaced, configured or started.
 * Plain JavaScript on Node's own modules, since it runs before anything else is there. Source: Debian's packages.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mayInstall } from '../../build/launcher/programs.mjs';
import { cacheFolder, readText, say } from '../../build/launcher/project.mjs';

/** Where the unpacked packages lie, one folder each. */
const rootsFolder = join(cacheFolder, 'mail-servers');

/** `probe` is run to see that the loader finds all libraries; `libraries` are used besides those the packages depend on. */
const servers = {
  postfix: {
    title: 'Postfix',
    packages: ['postfix'],
    probe: (root) => [join(root, 'usr/sbin/postconf'), '-d', '-h', 'mail_version'],
    libraries: ['libsasl2-modules'],
  },
  exim: {
    title: 'Exim',
    packages: ['exim4-daemon-light'],
    probe: (root) => [join(root, 'usr/sbin/exim4'), '-bV'],
    libraries: [],
  },
  spamassassin: {
    title: 'SpamAssassin',
    packages: ['spamassassin', 'spamd'],
    probe: (root) => [...spamdCommand(root), '--version'],
    libraries: [],
  },
  clamav: {
    title: 'ClamAV',
    packages: ['clamav-daemon'],
    probe: (root) => [join(root, 'usr/sbin/clamd'), '--version'],
    libraries: [],
  },
};

/**
 * @param {string} root SpamAssassin's unpacked packages
 * @returns {[string, ...string[]]} how its spamd is run from there: taint mode takes no modules from the environment
 */
export const spamdCommand = (root) => [
  'perl',
  '-T',
  `-I${join(root, 'usr/share/perl5')}`,
  join(root, 'usr/sbin/spamd'),
];

const rootOf = (name) => join(rootsFolder, name);

/**
 * @param {string} root an unpacked package
 * @returns {NodeJS.ProcessEnv} an environment in which its programs find the libraries they bring
 */
export const environmentOf = (root) => ({
  ...process.env,
  LD_LIBRARY_PATH: join(root, 'usr', 'lib', 'postfix'),
});

/** Written beside the unpacked files once all of them are there. */
const versionFile = (root) => join(root, 'version');

/** Exim ends with status 1 where its user is missing, which a private namespace mends later; 127 is the loader's. */
function probe(name) {
  const root = rootOf(name);
  const version = readText(versionFile(root))?.trim();
  if (!version) return null;
  const [program, ...args] = servers[name].probe(root);
  const { status } = spawnSync(program, args, { env: environmentOf(root) });
  return status === 0 || status === 1 ? { root, version } : null;
}

const succeeds = (command, ...args) => spawnSync(command, args).status === 0;

/**
 * What keeps a server from running here, or nothing. Mail servers change user and lock their queues, which needs root.
 * Exim's user is compiled in: where the machine has none, a private namespace must be allowed, as some containers do not.
 */
function obstacle(name) {
  if (process.getuid?.() !== 0) return 'needs root on Debian: sudo node test/mail-servers/install.mjs';
  if (name !== 'exim' || succeeds('getent', 'passwd', 'Debian-exim')) return '';
  return succeeds('unshare', '-m', '-u', 'true')
    ? ''
    : 'needs the right to open namespaces, or a user Debian-exim';
}

const missingText = (name) =>
  `${servers[name].title} is missing: its tests are skipped (${obstacle(name) || 'sudo node test/mail-servers/install.mjs'})`;

/**
 * What tests can use here. Looks only; installs nothing.
 * @returns {import('./install.d.mts').MailServers}
 */
export function findMailServers() {
  const found = { postfix: null, exim: null, spamassassin: null, clamav: null };
  const missing = [];
  for (const name of Object.keys(servers)) {
    found[name] = obstacle(name) ? null : probe(name);
    if (!found[name]) missing.push(missingText(name));
  }
  return { ...found, missing };
}

function run(command, args, options = {}) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const result = spawnSync(command, args, { encoding: 'utf8', env, ...options });
  return { ok: result.status === 0, output: `${result.stdout ?? ''}${result.stderr ?? result.error ?? ''}` };
}

/** Asks apt again after refreshing its lists, which a fresh image lacks or has too old. */
function apt(args, options) {
  const first = run('apt-get', args, options);
  if (first.ok) return first;
  run('apt-get', ['update']);
  return run('apt-get', args, options);
}

const isInstalled = (library) => /^Status: install ok installed$/m.test(run('dpkg', ['-s', library]).output);

/**
 * The libraries among a package's dependencies; its other dependencies serve configuration and services.
 * Of several that would do, none is wanted where one is there.
 */
function librariesOf(deb) {
  const depends = run('dpkg-deb', ['-f', deb, 'Depends']).output;
  return depends
    .split(',')
    .map((entry) => entry.split('|').map((each) => each.trim().split(/[\s(:]/)[0]))
    .filter((alternatives) => !alternatives.some(isInstalled))
    .map(([first]) => first)
    .filter((name) => name.startsWith('lib'));
}

/**
 * Downloads, unpacks and checks one server. Unpacks beside the final place and renames, so that a broken run leaves none.
 * @param {keyof typeof servers} name
 * @returns {string} what failed, or nothing
 */
function install(name) {
  const server = servers[name];
  const folder = join(rootsFolder, `${name}.new`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'root'), { recursive: true });
  try {
    const download = apt(['download', ...server.packages], { cwd: folder });
    const debs = readdirSync(folder)
      .filter((file) => file.endsWith('.deb'))
      .map((file) => join(folder, file));
    if (debs.length < server.packages.length) return download.output;
    for (const deb of debs) {
      const unpacked = run('dpkg-deb', ['-x', deb, join(folder, 'root')]);
      if (!unpacked.ok) return unpacked.output;
    }
    const wanted = [
      ...debs.flatMap(librariesOf),
      ...server.libraries.filter((library) => !isInstalled(library)),
    ];
    if (wanted.length > 0) {
      const installed = apt(['install', '-y', '--no-install-recommends', '--no-upgrade', ...wanted]);
      if (!installed.ok) return installed.output;
    }
    const [first] = debs;
    writeFileSync(versionFile(join(folder, 'root')), run('dpkg-deb', ['-f', first, 'Version']).output);
    rmSync(rootOf(name), { recursive: true, force: true });
    renameSync(join(folder, 'root'), rootOf(name));
    return probe(name) ? '' : `${server.title} was unpacked but does not run.`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Installs what is missing where that is allowed. Nothing to do takes a few milliseconds.
 * @returns {string[]} one line for each server that is still missing, with the command that installs it
 */
export function installMailServers() {
  for (const name of Object.keys(servers)) {
    if (!mayInstall() || probe(name)) continue;
    say(`Unpacking ${servers[name].title} for the tests …`);
    const failure = install(name);
    if (failure) say(failure.trim());
  }
  return findMailServers().missing;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = installMailServers();
  for (const line of missing) say(line);
  process.exitCode = missing.length > 0 ? 1 : 0;
}
