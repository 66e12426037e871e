import type { MenuTexts } from '../../contract/menu-texts.js';
import type { Menu, Restaurant } from '../../contract/restaurants.js';

/** One index entry each: enough for a hundred dishes, far below Firestore's limit of 40,000 per document. */
const MAX_TOKENS = 2000;
const MIN_CHARS = 2;
const MAX_CHARS = 12;
/** In shorter words one letter is too large a part of the word to be a typo. */
const MIN_TYPO_CHARS = 4;
/** Marks a token that is a word with one letter left out. */
const SLIP = '~';

/** Splits a text into words without case and accents: "Crème brûlée" is "creme", "brulee". */
export function splitWords(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l');
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map((word) => Array.from(word).slice(0, MAX_CHARS).join(''));
}

/**
 * Computes the tokens by which a restaurant is found, the most significant first, since there is a limit: its name,
 * cuisines, categories, dishes, then those of other languages. Each word with its prefixes, and with each letter left out once.
 */
export function computeSearchTokens(
  { name, cuisines }: Pick<Restaurant, 'name' | 'cuisines'>,
  { items }: Menu,
  texts: readonly MenuTexts[] = [],
): string[] {
  const others = texts.flatMap((one) => Object.values(one.items)).flatMap((item) => [item.category, item.name]);
  const words = [name, ...cuisines, ...items.map(({ category }) => category), ...items.map((item) => item.name)];
  const named = [...words, ...others.filter((one) => one !== undefined)];
  const tokens = new Set<string>();
  for (const word of new Set(named.flatMap(splitWords))) {
    const own = [...beginnings(word), ...listTypos(word)];
    if (tokens.size + own.length > MAX_TOKENS) break;
    for (const token of own) tokens.add(token);
  }
  return [...tokens];
}

function beginnings(word: string): string[] {
  const letters = Array.from(word);
  const first = Math.min(MIN_CHARS, letters.length);
  return Array.from({ length: letters.length - first + 1 }, (_, more) => letters.slice(0, first + more).join(''));
}

/**
 * Computes the variants of a word with one letter left out. Two words one edit apart have one of these in common, for a
 * missing, additional, different or transposed letter. Some words two edits apart do as well: see `matchesWord`.
 * Source: symmetric deletion (SymSpell).
 */
export function listTypos(word: string): string[] {
  const letters = Array.from(word);
  if (letters.length < MIN_TYPO_CHARS) return [];
  const without = letters.map((_, left) => letters.toSpliced(left, 1).join(''));
  return [...new Set([word, ...without])].map((one) => SLIP + one);
}

/** True where a document with these tokens contains the word, a word that begins with it, or a word one edit away. */
export function matchesWord(tokens: readonly string[], word: string): boolean {
  if (tokens.includes(word)) return true;
  if (Array.from(word).length < MIN_TYPO_CHARS) return false;
  return tokens.some((token) => !token.startsWith(SLIP) && isOneEdit(token, word));
}

/** True where one letter is missing, additional or different, or two neighbours are transposed. */
export function isOneEdit(one: string, other: string): boolean {
  const [a, b] = [Array.from(one), Array.from(other)];
  if (Math.abs(a.length - b.length) > 1) return false;
  const at = a.findIndex((letter, index) => letter !== b[index]);
  if (at < 0) return b.length - a.length <= 1;
  const rest = (letters: readonly string[], from: number) => letters.slice(from).join('');
  return (
    rest(a, at + 1) === rest(b, at + 1) ||
    rest(a, at + 1) === rest(b, at) ||
    rest(a, at) === rest(b, at + 1) ||
    (a[at] === b[at + 1] && a[at + 1] === b[at] && rest(a, at + 2) === rest(b, at + 2))
  );
}
