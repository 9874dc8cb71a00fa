/**
 * The example organisation that a first start opens on, plainly labelled as one. A hundred licences, so that a user's
 * own limit of 10,000 messages can be met before the customer's (CQ-7). It lists loopback addresses, which the real
 * service never sees, so that a mail server on the same machine passes at once.
 */
import { mailDomain } from '../organisation/mail-domain.ts';

/** Domains that nobody can own (RFC 2606, RFC 6761): an organisation built on one is an example. */
const reservedForExamples = /(?:^|\.)(?:example(?:\.com|\.net|\.org)?|test|invalid|localhost)$/;

export function isExampleDomain(primaryDomain: string): boolean {
  return reservedForExamples.test(mailDomain(primaryDomain) ?? '');
}

export const exampleBenchFile = `# An example organisation, to try things with. Replace it by your own.
# Every key is explained in the Settings view and in the JSON Schema that comes with the program.
customer:
  name: Example AB
  primaryDomain: example.com
  domains: [example.net]
  licences: 100
  billing: paid
  superAdmin: admin@example.com

users:
  - address: admin@example.com
  - address: anna@example.com
    aliases: [a.svensson@example.com]
    password: correct horse battery staple # replaced by its hash when this file is loaded
  - address: bo@example.net
  - address: former.colleague@example.com
    suspended: true

settings:
  - description: Mail servers on this machine
    allowedSenders: registered-users
    authentication:
      ipRanges:
        - { description: This machine, range: 127.0.0.1 }
        - { description: "This machine, IPv6", range: "::1" }
        - { description: Head office, range: 203.0.113.0/28 }
  - description: Applications that sign in
    allowedSenders: domain-addresses
    authentication:
      smtpAuth: true
    requireTls: true

listeners:
  host: 127.0.0.1
  relay: 2525 # stands for port 25
  smtps: 4465 # stands for port 465
  submission: 5587 # stands for port 587

profile: g-suite
`;
