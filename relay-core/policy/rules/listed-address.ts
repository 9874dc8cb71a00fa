/** The listed addresses of a setting (AUT-1, SET-4). */
import { addressParts } from '../../organisation/mail-domain.ts';
import { type CatalogueReply, reply } from '../../replies/catalogue.ts';
import { addressBytes, rangeHolds } from '../../settings/ip-range.ts';
import { failing, passing, type SettingCheck, type View } from '../check.ts';
import { assumedIf, fail, pass } from '../trace.ts';

export const listedAddress: SettingCheck = (view, setting) => {
  const { ipRanges } = setting.authentication;
  const { clientAddress } = view.session;
  if (ipRanges === null) return passing(pass('AUT-1', 'The setting does not list addresses.'));
  const bytes = addressBytes(clientAddress);
  const holding = ipRanges.filter((range) => rangeHolds(range, bytes));
  const enabled = holding.find((range) => range.enabled);
  if (enabled !== undefined) {
    return passing(pass('AUT-1', `${clientAddress} lies in ${named(enabled)}.`));
  }
  const switchedOff = holding[0];
  const unlisted =
    switchedOff === undefined
      ? `${clientAddress} is in none of the setting's listed addresses (${ipRanges.map((range) => range.range).join(', ')})`
      : `${clientAddress} lies in ${named(switchedOff)}, which is switched off`;
  const { authenticatedAs } = view.session;
  const instead =
    authenticatedAs === null ? '' : `; SMTP AUTH as ${authenticatedAs} does not replace a listed address`;
  return failing(
    relayDenied(view),
    assumedIf(authenticatedAs !== null, fail('AUT-1', `${unlisted}${instead}.`)),
  );
};

function named({ description, range }: { readonly description: string; readonly range: string }): string {
  return description === '' ? range : `${range} (${description})`;
}

/** The reply for an address the customer has not listed, with the names it was judged by. */
export function relayDenied({ session, reversePath }: View): CatalogueReply {
  return reply('relay-denied', {
    ip: session.clientAddress,
    domains: namesJudgedBy(session.heloName, reversePath),
  });
}

/**
 * The HELO name, its suffixes, the MAIL domain, its suffixes, without repeats; only suffixes that still hold a dot
 * (reply-texts.md, relay-denied: the pieces of an address literal included).
 */
export function namesJudgedBy(heloName: string, reversePath: string): string[] {
  const { domain } = addressParts(reversePath);
  return [
    ...new Set([heloName, domain].filter((name) => name !== '').flatMap((name) => [name, ...suffixes(name)])),
  ];
}

function suffixes(name: string): string[] {
  const labels = name.split('.');
  return labels.slice(1, -1).map((_, index) => labels.slice(index + 1).join('.'));
}
