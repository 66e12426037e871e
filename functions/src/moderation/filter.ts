/** What people may not say to each other here, as whole words without accents. Short on purpose: a report finds the rest. */
const WORDS = new Set([
  'fuck', 'fucking', 'fucker', 'shit', 'bitch', 'cunt', 'asshole', 'bastard', 'nigger', 'faggot',
  'scheisse', 'arschloch', 'fotze', 'hurensohn', 'wichser', 'missgeburt',
  'puta', 'puto', 'mierda', 'cabron', 'gilipollas', 'pendejo', 'maricon',
  'كلب', 'حمار', 'شرموطة', 'كسمك', 'くそ', 'クソ', 'ばか', 'バカ', '死ね', 'しね',
].map(folded)); // prettier-ignore

const WORD = /[\p{L}\p{M}\p{N}@$]+/gu;
const EMAIL = /[\p{L}\p{N}._%+-]+\s?(?:@|\(at\)|\[at\])\s?[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu;
/** Seven digits or more of any script, with what people put between them. Door codes and amounts are shorter. */
const PHONE = /[+＋(]{0,2}\p{Nd}(?:[\s().\-–/*_]{0,3}\p{Nd}){6,}/gu;

export interface Filtered {
  text: string;
  /** Ways to reach somebody outside, and words. */
  contacts: number;
  words: number;
}

/** Masks telephone numbers, e-mail addresses and insults. What is masked already stays as it is. */
export function filterText(source: string): Filtered {
  let [contacts, words] = [0, 0];
  const masked = (found: string): string => '•'.repeat(Math.min(found.length, 8));
  const contact = (found: string): string => {
    contacts += 1;
    return masked(found);
  };
  const text = source
    .replaceAll(EMAIL, contact)
    .replaceAll(PHONE, contact)
    .replaceAll(WORD, (word) => {
      if (!WORDS.has(folded(word))) return word;
      words += 1;
      return masked(word);
    });
  return { text, contacts, words };
}

const LOOKALIKES: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '@': 'a', '$': 's' }; // prettier-ignore

/** Without case, accents and digits that stand for letters. */
function folded(word: string): string {
  const bare = word.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');
  return bare.replaceAll(/[01345@$]/g, (digit) => LOOKALIKES[digit] ?? digit);
}
