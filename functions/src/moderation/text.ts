import { filterText } from './filter.js';
import { cutText, normalizeUpTo, removeInvisible } from './normalized.js';

/**
 * Normalises free text of several lines for storage, of at most `maxChars` characters: a longer one may be cut, and
 * stays longer than that, so that its schema refuses it. See `normalizeUpTo`.
 */
export const asTextUpTo = (source: string, maxChars: number): string => normalizeUpTo(source, maxChars);

/** Normalises free text of one line as `asTextUpTo` does: a name, an address. */
export const asLineUpTo = (source: string, maxChars: number): string =>
  normalizeUpTo(joinLines(removeInvisible(source)), maxChars);

const joinLines = (text: string): string => text.replaceAll(/\s+/gu, ' ');

/** Normalises a name that other users read, cut to `maxChars` characters: contacts and insults are masked. */
export const asShownLineUpTo = (source: string, maxChars: number): string =>
  cutText(filterText(asLineUpTo(source, maxChars)).text, maxChars).trim();
