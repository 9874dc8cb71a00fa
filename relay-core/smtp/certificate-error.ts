/**
 * What can be wrong with the kept certificates, said for people: which file, what, and what to do about it.
 */

export type CertificateProblem = 'unreadable' | 'unwritable' | 'damaged' | 'incomplete' | 'ended';

export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly code: CertificateProblem;
  readonly path: string;
  /** What to do, in one or two sentences. */
  readonly hint: string;

  constructor(code: CertificateProblem, path: string, what: string, options?: ErrorOptions) {
    super(`${path}: ${what}`, options);
    this.code = code;
    this.path = path;
    this.hint = hintFor(code);
  }
}

function hintFor(code: CertificateProblem): string {
  switch (code) {
    case 'unreadable':
    case 'unwritable':
      return 'Let the account that runs Relay Bench read and write this place, or choose another data directory.';
    case 'damaged':
    case 'incomplete':
      return 'Restore the file from a copy. Or remove all files of the certificate directory: a new authority is made then, and mail servers must be told to trust it.';
    case 'ended':
      return 'Remove all files of the certificate directory: a new authority is made then, and mail servers must be told to trust it.';
  }
}
