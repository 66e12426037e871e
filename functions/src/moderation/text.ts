import { filterText } from './filter.js';
import { normalizeText, normalizeUpTo, removeInvisible } from './normalized.js';

/** Normalises free text of several lines for storage: see `normalizeText`. */
export const asText = (source: string): string => normalizeText(source).trim();

/** The same for text of at most `maxChars` characters: a longer one may be cut, and stays longer than that. */
export const asTextUpTo = (source: string, maxChars: number): string => normalizeUpTo(source, maxChars);

/** Normalises free text of one line: a name, an address. */
export const asLine = (source: string): string => joinLines(normalizeText(source)).trim();

/** The same for text of at most `maxChars` characters: a longer one may be cut, and stays longer than that. */
export const asLineUpTo = (source: string, maxChars: number): string =>
  normalizeUpTo(joinLines(removeInvisible(source)), maxChars);

const joinLines = (text: string): string => text.replaceAll(/\s+/gu, ' ');

/** Normalises a name or a reason that other users read: contacts and insults are masked. */
export const asShownLine = (source: string): string => filterText(asLine(source)).text;
