/**
 * The customer as the relay knows it: domains, users, licences, billing (ORG-1 to ORG-6).
 * Data only; what can be asked of it is in `organisation.ts`.
 */

/** A mail domain in the form it is compared in: IDNA ASCII, lower case, no trailing dot. Made by `mailDomain`. */
export type MailDomain = string & { readonly __brand: 'MailDomain' };

/** A mail address in the form it is compared and counted in: lower-case local part, `MailDomain`. Made by `addressKey`. */
export type AddressKey = string & { readonly __brand: 'AddressKey' };

/** A hash of a password or token as kept in the bench file: `$scrypt$ln=14,r=8,p=1$salt$hash`. */
export type SecretHash = string & { readonly __brand: 'SecretHash' };

/** A registered user (ORG-2). */
export interface User {
  /** The address as the bench file writes it. */
  readonly address: string;
  readonly key: AddressKey;
  readonly aliases: readonly AddressKey[];
  readonly suspended: boolean;
  readonly passwordHash: SecretHash | null;
  readonly accessTokenHash: SecretHash | null;
  /** Path such as `/Sales`; `/` is the root. */
  readonly organisationalUnit: string;
}

export interface OrganisationalUnit {
  readonly path: string;
  /** Null inherits from the unit above. */
  readonly mailStorage: boolean | null;
}

export type Billing = 'trial' | 'unpaid' | 'paid';

export interface Organisation {
  readonly name: string;
  readonly primaryDomain: MailDomain;
  /** Primary and secondary domains; subdomains belong by themselves (ORG-1). */
  readonly domains: ReadonlySet<MailDomain>;
  /** Each user of the primary domain has the same local part in these (ORG-1). */
  readonly domainAliases: ReadonlySet<MailDomain>;
  readonly licences: number;
  readonly edition: 'basic' | 'legacy';
  readonly billing: Billing;
  readonly superAdmin: string | null;
  readonly mailStorage: boolean;
  readonly vault: boolean;
  /** The listed organisational units by path. */
  readonly unitsByPath: ReadonlyMap<string, OrganisationalUnit>;
  readonly users: readonly User[];
  /** Users by every address that counts as theirs. */
  readonly usersByAddress: Pick<ReadonlyMap<AddressKey, User>, 'get'>;
}
