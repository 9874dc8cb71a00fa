/**
 * Counts the charges of a store again from their text, some hundreds at a time: what they ask of the tables is known first,
 * and brought near together, so that the processor waits for memory once and not for each.
 */
import { createChargeCursor, toNextCharge } from './charge-text.ts';
import { bringPairsNear, findOrAddWanted } from './pairs.ts';
import { bringNear } from './timelines.ts';
import { createUserTexts } from './user-texts.ts';
import { countMessage, type UserNumber, type Users } from './users.ts';
import { createWanted, setWantedTexts, type Wanted } from './wanted.ts';

/** Charges of registered users that are counted together: as many as the processor's nearest memory has room for. */
const mostTogether = 256;

interface Together {
  /** How many of the entries are in use. */
  count: number;
  readonly at: number[];
  readonly user: UserNumber[];
  readonly wanted: Wanted[];
  /** Of no meaning; see `bringPairsNear`. */
  read: number;
}

/**
 * @param countCustomer counts a charge in the customer's windows, and gives the time at which it counts
 * @returns what counts a piece of text, and says how many charges it had
 */
export function createRestorer(
  users: Users,
  countCustomer: (at: number, recipients: number) => number,
): (text: Uint8Array) => number {
  const numberOfText = createUserTexts(users);
  const together: Together = { count: 0, at: [], user: [], wanted: [], read: 0 };
  return (text) => {
    const charge = createChargeCursor(text);
    let charges = 0;
    while (toNextCharge(charge)) {
      charges += 1;
      const at = countCustomer(charge.at, charge.recipients.count);
      if (charge.user.count === 0) continue;
      const user = numberOfText(charge.user);
      setWantedTexts(wantedOfNext(together), user, charge.recipients);
      together.at[together.count] = at;
      together.user[together.count] = user;
      together.count += 1;
      if (together.count === mostTogether) countTogether(users, together);
    }
    countTogether(users, together);
    return charges;
  };
}

function wantedOfNext({ wanted, count }: Together): Wanted {
  const used = wanted[count];
  if (used !== undefined) return used;
  const made = createWanted();
  wanted.push(made);
  return made;
}

function countTogether(users: Users, together: Together): void {
  const { count, wanted, user, at } = together;
  for (let charge = 0; charge < count; charge += 1) {
    together.read ^= bringNear(users.days, user[charge] ?? 0);
  }
  for (let charge = 0; charge < count; charge += 1) {
    const ofCharge = wanted[charge];
    if (ofCharge !== undefined) together.read ^= bringPairsNear(users.pairs, ofCharge);
  }
  for (let charge = 0; charge < count; charge += 1) {
    const ofCharge = wanted[charge];
    if (ofCharge === undefined) continue;
    countMessage(users, user[charge] ?? 0, at[charge] ?? 0, findOrAddWanted(users.pairs, ofCharge));
  }
  together.count = 0;
}
