/**
 * What the policy says of a client and a reverse-path whatever the recipients, the size and the quotas: the same for
 * every message of a mail server and a user, so it is asked once and remembered. Pure but for that memory, which is bounded.
 */
import { addressKey } from '../organisation/mail-domain.ts';
import { findUser } from '../organisation/organisation.ts';
import type { AddressKey } from '../organisation/types.ts';
import { decide } from '../policy/decide.ts';
import { demandOf } from '../policy/demand.ts';
import type { Configuration, ConnectionRates, Decision, SessionFacts } from '../policy/types.ts';
import type { CourseClient } from '../store/types.ts';

/** A client, and what it is told. */
export interface Sender {
  readonly session: SessionFacts;
  readonly atHelo: Decision;
  /** Without a declared size. */
  readonly atMail: Decision;
  /** Without quota counts. */
  readonly atData: Decision;
  /** The user its messages count under; null when it is none (UQ-4). */
  readonly countsUnder: AddressKey | null;
}

/** How often clients connected is not in their transactions; so no rate refuses a name. */
const noRates: ConnectionRates = { connectionsPerMinute: 0, connectionsAtOnce: 0, genericHeloPerMinute: 0 };

/** Reverse-paths that are remembered, over all clients. */
const maxRemembered = 20_000;

/** Gives the function that looks a sender up. It knows a client again by its object. */
export function senders(configuration: Configuration): (client: CourseClient, reversePath: string) => Sender {
  const ofClients = new Map<CourseClient, Map<string, Sender>>();
  let remembered = 0;
  return (client, reversePath) => {
    const known = ofClients.get(client)?.get(reversePath);
    if (known !== undefined) return known;
    if (remembered >= maxRemembered) {
      ofClients.clear();
      remembered = 0;
    }
    const sender = senderOf(configuration, client, reversePath);
    const ofClient = ofClients.get(client) ?? new Map<string, Sender>();
    ofClients.set(client, ofClient.set(reversePath, sender));
    remembered += 1;
    return sender;
  };
}

function senderOf(configuration: Configuration, client: CourseClient, reversePath: string): Sender {
  const session = sessionOf(configuration, client);
  const envelope = { reversePath, forwardPaths: [] };
  return {
    session,
    atHelo: decide(configuration, { stage: 'helo', session, rates: noRates }),
    atMail: decide(configuration, { stage: 'mail', session, reversePath, declaredBytes: null }),
    atData: decide(configuration, { stage: 'data', session, envelope, counts: [], spamSuspendedUntil: null }),
    countsUnder: demandOf(envelope, configuration).user,
  };
}

/** The facts of a recorded client, its user as the bench file names it. */
function sessionOf({ organisation }: Configuration, client: CourseClient): SessionFacts {
  const { address: clientAddress, heloName, portRole, tls, authenticatedAs: user } = client;
  const authenticatedAs = user === null ? null : (findUser(organisation, user)?.key ?? addressKey(user));
  return { clientAddress, heloName, portRole, tls, authenticatedAs };
}
