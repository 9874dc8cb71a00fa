/** Recipients out of text: typed one by one, or a list pasted from a mail program. Pure. */
import { addressParser } from 'postal-mime';

/** The most that one message is sent to from here, as in the contract. */
export const mostRecipients = 2_000;

const addressLike = /^[^\s@<>]+@[^\s@<>]+$/;

/** Whether it could be an address at all. A wrong one goes out where the relay shall refuse it. */
export const looksLikeAddress = (text: string): boolean => addressLike.test(text);

/** Signs by which a list is more than bare addresses: names before angle brackets, quotes, comments, groups. */
const isWritten = /[<"(:]/;

/**
 * The addresses of a text: a bare list is split at spaces, commas, semicolons and line breaks; a written one is read as
 * RFC 5322 has it, `"Lind, Eva" <eva@example.org>` being one. What is no address stays as it is, to be told of.
 */
export const recipientsIn = (text: string): string[] => {
  if (!isWritten.test(text)) return text.split(/[\s,;]+/).filter((part) => part !== '');
  const oneLine = text.replace(/[\r\n]+/g, ',');
  return addressParser(oneLine, { flatten: true })
    .map(({ address, name }) => address || name)
    .filter((part) => part !== '');
};

/**
 * Whether what is being typed ends one recipient: a comma or semicolon outside quotes and angle brackets, or a space
 * behind an address, since one behind a name may lead to its address.
 */
export const separatesRecipients = (typed: string): boolean => {
  if ((typed.split('"').length - 1) % 2 === 1 || typed.lastIndexOf('<') > typed.lastIndexOf('>'))
    return false;
  return /[,;]\s*$/.test(typed) || (/\s$/.test(typed) && looksLikeAddress(typed.trim()));
};

/** Pills that are drawn at most, besides those of wrong addresses. */
export const pillsShown = 50;

export type RecipientsShown = {
  /** By their places in the list. */
  places: number[];
  more: number;
};

/** Which recipients stand as pills: the first, and every wrong one, so that it can be mended. */
export const shownRecipients = (recipients: readonly string[]): RecipientsShown => {
  const places = recipients.flatMap((address, index) =>
    index < pillsShown || !looksLikeAddress(address) ? [index] : [],
  );
  return { places, more: recipients.length - places.length };
};
