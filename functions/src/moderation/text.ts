import { filterText, maskContacts, maskWords } from './filter.js';
import { normalizeText } from './normalized.js';

/** Normalises free text of several lines for storage: see `normalizeText`. */
export const asText = (source: string): string => normalizeText(source).trim();

/** Normalises free text of one line: a name, an address. */
export const asLine = (source: string): string => normalizeText(source).replaceAll(/\s+/gu, ' ').trim();

/** Normalises a name or a reason that other users read: contacts and insults are masked. */
export const asShownLine = (source: string): string => filterText(asLine(source)).text;

/** Normalises a note that a kitchen has to read in full, allergies above all: only contacts are masked. */
export const asKitchenNote = (source: string): string => maskContacts(asText(source));

/** Normalises a note that a courier has to read in full, door codes above all: only insults are masked. */
export const asDoorNote = (source: string): string => maskWords(asText(source));
