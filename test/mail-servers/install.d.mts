/** Types of `install.mjs`, which is plain JavaScript since it runs before anything is installed. */

/** A private copy: `root` holds the unpacked package. */
export interface MailServerCopy {
  readonly root: string;
  readonly version: string;
}

export interface MailServers {
  readonly postfix: MailServerCopy | null;
  readonly exim: MailServerCopy | null;
  readonly spamassassin: MailServerCopy | null;
  readonly clamav: MailServerCopy | null;
  /** One line for each that is missing, with the command that installs it. */
  readonly missing: readonly string[];
}

/** An environment in which the programs of an unpacked package find the libraries they bring. */
export function environmentOf(root: string): NodeJS.ProcessEnv;
/** How SpamAssassin's spamd is run from its unpacked packages. */
export function spamdCommand(root: string): [string, ...string[]];
/** What tests can use here. Looks only; installs nothing. */
export function findMailServers(): MailServers;
/** Installs what is missing where that is allowed; gives the lines of what is still missing. */
export function installMailServers(): string[];
