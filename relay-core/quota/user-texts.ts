/** Users by the bytes of their address, where millions of charges name few users: each is looked up as a string once. */
import { keptAddressKey } from '../organisation/mail-domain.ts';
import { momentOfPair, noPair, setMomentOfPair } from './pair-records.ts';
import { createPairs, findOrAddWanted } from './pairs.ts';
import { endOfText, startOfText, type Texts } from './texts.ts';
import { numberFor, type UserNumber, type Users } from './users.ts';
import { createWanted, setWantedTexts } from './wanted.ts';

/** The table of pairs finds texts by their bytes; here all are of one owner, and carry the user's number. */
const owner = 1;
const noSpan = 0;

/** Gives the function that gives the number of the user whose address is the only one of the texts. */
export function createUserTexts(users: Users): (address: Texts) => UserNumber {
  const table = createPairs();
  const wanted = createWanted();
  const decoder = new TextDecoder();
  return (address) => {
    setWantedTexts(wanted, owner, address);
    const [place = noPair] = findOrAddWanted(table, wanted);
    const known = momentOfPair(table.records, place);
    if (known !== 0) return known;
    const bytes = address.bytes.subarray(startOfText(address, 0), endOfText(address, 0));
    const user = numberFor(users, keptAddressKey(decoder.decode(bytes)));
    setMomentOfPair(table.records, place, user, noSpan);
    return user;
  };
}
