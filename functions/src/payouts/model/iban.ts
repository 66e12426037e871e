/** Without blanks, in capital letters. */
export const normalizeIban = (text: string): string => text.replaceAll(/\s/g, '').toUpperCase();

/** Two letters of the country, two check digits, and up to 30 characters. Source: ISO 13616-1. */
const FORM = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/;

/**
 * True for an IBAN with correct check digits: rearranged, with letters as numbers from 10, its remainder by 97 is 1.
 * Source: ISO 13616-1, ISO/IEC 7064 MOD 97-10.
 */
export function isIban(iban: string): boolean {
  if (!FORM.test(iban)) return false;
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4))
    for (const digit of parseInt(character, 36).toString()) remainder = (remainder * 10 + Number(digit)) % 97;
  return remainder === 1;
}
