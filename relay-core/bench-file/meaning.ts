/**
 * What the keys of a bench file must mean together, beyond their types: domains and addresses that exist in the
 * organisation, settings that can be saved (SET-3, SET-4), nothing named twice.
 */

import { readExpression } from '../content/expression.ts';
import { addressKey, addressParts, mailDomain } from '../organisation/mail-domain.ts';
import { owningDomain } from '../organisation/organisation.ts';
import type { MailDomain } from '../organisation/types.ts';
import { rootUnit } from '../organisation/units.ts';
import { readRange } from '../settings/ip-range.ts';
import type { KeyPath, ProblemAt } from './problem.ts';
import { pathText } from './problem.ts';
import type { BenchFile } from './schema.ts';

/** Every contradiction in the file, in the order of the file. */
export function problemsOfMeaning(file: BenchFile): ProblemAt[] {
  return [
    ...domainProblems(file),
    ...superAdminProblems(file),
    ...unitProblems(file),
    ...userProblems(file),
    ...settingProblems(file),
    ...listenerProblems(file),
    ...complianceProblems(file),
  ];
}

function contradiction(at: KeyPath, message: string, hint: string): ProblemAt {
  return { code: 'contradiction', at, message: `${pathText(at)}: ${message}`, hint };
}

function domainProblems({ customer }: BenchFile): ProblemAt[] {
  const named: { readonly at: KeyPath; readonly text: string }[] = [
    { at: ['customer', 'primaryDomain'], text: customer.primaryDomain },
    ...customer.domains.map((text, index) => ({ at: ['customer', 'domains', index], text })),
    ...customer.domainAliases.map((text, index) => ({ at: ['customer', 'domainAliases', index], text })),
  ];
  const seen = new Map<MailDomain, KeyPath>();
  return named.flatMap(({ at, text }) => {
    const domain = mailDomain(text);
    if (domain === null || !domain.includes('.')) {
      return [contradiction(at, `"${text}" is no domain name`, 'write a domain such as example.com')];
    }
    const earlier = seen.get(domain);
    if (earlier !== undefined)
      return [contradiction(at, `${domain} stands at ${pathText(earlier)} already`, 'name each domain once')];
    seen.set(domain, at);
    return [];
  });
}

function ownDomains({ customer }: BenchFile): ReadonlySet<MailDomain> {
  const texts = [customer.primaryDomain, ...customer.domains, ...customer.domainAliases];
  return new Set(texts.map(mailDomain).filter((domain) => domain !== null));
}

function isOwn(domains: ReadonlySet<MailDomain>, address: string): boolean {
  return owningDomain({ domains, domainAliases: new Set() }, addressParts(address).domain) !== null;
}

function superAdminProblems(file: BenchFile): ProblemAt[] {
  const { superAdmin } = file.customer;
  const at = ['customer', 'superAdmin'];
  if (superAdmin === undefined) return [];
  if (addressParts(superAdmin).domain.toLowerCase() === 'gmail.com') {
    return [
      contradiction(
        at,
        'alerts are never sent to gmail.com',
        'use an address in one of the customer’s domains',
      ),
    ];
  }
  return isOwn(ownDomains(file), superAdmin)
    ? []
    : [
        contradiction(
          at,
          `${superAdmin} is in none of the customer's domains`,
          'use an address in one of them',
        ),
      ];
}

function unitProblems({ customer }: BenchFile): ProblemAt[] {
  const seen = new Set<string>();
  return customer.organisationalUnits.flatMap(({ path }, index) => {
    const at = ['customer', 'organisationalUnits', index];
    if (path === rootUnit) {
      return [
        contradiction(
          at,
          'the root is there by itself',
          'set its mail storage by customer.mailStorage, and list the units below it',
        ),
      ];
    }
    if (path.endsWith('/') || path.includes('//')) {
      return [
        contradiction(
          at,
          `"${path}" has a part without a name`,
          'write a path such as /Sales or /Sales/North',
        ),
      ];
    }
    const repeated = seen.has(path);
    seen.add(path);
    return repeated ? [contradiction(at, `${path} is listed already`, 'list each unit once')] : [];
  });
}

function userProblems(file: BenchFile): ProblemAt[] {
  const domains = ownDomains(file);
  const units = new Set([rootUnit, ...file.customer.organisationalUnits.map(({ path }) => path)]);
  const owners = new Map<string, KeyPath>();
  return file.users.flatMap((user, index) => {
    const addresses = [
      { at: ['users', index, 'address'], address: user.address },
      ...user.aliases.map((address, alias) => ({ at: ['users', index, 'aliases', alias], address })),
    ];
    const problems = addresses.flatMap(({ at, address }) => addressProblems(at, address, domains, owners));
    if (!units.has(user.organisationalUnit)) {
      problems.push(
        contradiction(
          ['users', index, 'organisationalUnit'],
          `there is no unit "${user.organisationalUnit}"`,
          'add it under customer.organisationalUnits, or take the key away',
        ),
      );
    }
    return [...problems, ...secretProblems(user, index)];
  });
}

function addressProblems(
  at: KeyPath,
  address: string,
  domains: ReadonlySet<MailDomain>,
  owners: Map<string, KeyPath>,
): ProblemAt[] {
  const { localPart, domain } = addressParts(address);
  if (localPart === '' || /[\s<>]/.test(address) || mailDomain(domain) === null) {
    return [contradiction(at, `"${address}" is no mail address`, 'write one such as anna@example.com')];
  }
  if (!isOwn(domains, address)) {
    return [
      contradiction(
        at,
        `${address} is in none of the customer's domains`,
        `add ${domain} under customer.domains, or correct the address`,
      ),
    ];
  }
  const key = addressKey(address);
  const owner = owners.get(key);
  if (owner !== undefined)
    return [
      contradiction(at, `${address} stands at ${pathText(owner)} already`, 'give each address to one user'),
    ];
  owners.set(key, at);
  return [];
}

function secretProblems(user: BenchFile['users'][number], index: number): ProblemAt[] {
  const pairs = [
    { plain: 'password', hash: 'passwordHash' },
    { plain: 'accessToken', hash: 'accessTokenHash' },
  ] as const;
  return pairs.flatMap(({ plain, hash }) =>
    user[plain] !== undefined && user[hash] !== undefined
      ? [
          contradiction(
            ['users', index, plain],
            `stands beside ${hash}`,
            `keep one of the two; the new ${plain} is hashed when it is loaded`,
          ),
        ]
      : [],
  );
}

function settingProblems(file: BenchFile): ProblemAt[] {
  return file.settings.flatMap((setting, index) => {
    const at = ['settings', index, 'authentication'];
    const { ipRanges, smtpAuth } = setting.authentication;
    if (ipRanges === undefined && !smtpAuth) {
      return [
        contradiction(
          at,
          'neither listed addresses nor SMTP authentication is asked for',
          'add ipRanges, or set smtpAuth: true (SET-3)',
        ),
      ];
    }
    if (ipRanges?.length === 0) {
      return [
        contradiction(
          [...at, 'ipRanges'],
          'the list is empty',
          'list an address, or take the key away (SET-4)',
        ),
      ];
    }
    return (ipRanges ?? []).flatMap(({ range }, entry) => {
      const reading = readRange(range);
      return reading.outcome === 'range'
        ? []
        : [contradiction([...at, 'ipRanges', entry, 'range'], reading.problem.message, reading.problem.fix)];
    });
  });
}

function listenerProblems({ listeners }: BenchFile): ProblemAt[] {
  const seen = new Map<number, string>();
  return (['relay', 'smtps', 'submission', 'proxy'] as const).flatMap((role) => {
    const port = listeners[role];
    if (port === null || port === 0) return [];
    const earlier = seen.get(port);
    seen.set(port, role);
    return earlier === undefined
      ? []
      : [
          contradiction(
            ['listeners', role],
            `port ${port} is taken by listeners.${earlier}`,
            'give each listener a port of its own, or 0 for any free one',
          ),
        ];
  });
}

function complianceProblems({ filtering }: BenchFile): ProblemAt[] {
  return filtering.compliance.flatMap((rule, index) => {
    const at = ['filtering', 'compliance', index];
    const reading = readExpression(rule.pattern);
    const pattern =
      reading.outcome === 'expression'
        ? []
        : [
            contradiction(
              [...at, 'pattern'],
              `"${rule.pattern}" is no regular expression in RE2 syntax: ${reading.message}`,
              'close its brackets, or escape them with a backslash; RE2 has no lookahead and no backreferences',
            ),
          ];
    const footer =
      rule.action === 'footer' && rule.footer === undefined
        ? [contradiction([...at, 'action'], 'there is no footer to append', 'add the key footer')]
        : [];
    return [...pattern, ...footer];
  });
}
