import { filterText, maskContacts, maskWords } from './filter.js';
import { normalized } from './normalized.js';

/** Free text of several lines, as it is stored: see `normalized`. */
export const asText = (source: string): string => normalized(source).trim();

/** Free text of one line: a name, an address. */
export const asLine = (source: string): string => normalized(source).replaceAll(/\s+/gu, ' ').trim();

/** A name or a reason that other people read: without contacts and insults. */
export const asShownLine = (source: string): string => filterText(asLine(source)).text;

/** What a kitchen has to read in full, allergies above all: without contacts. */
export const asKitchenNote = (source: string): string => maskContacts(asText(source));

/** What a courier has to read in full, door codes above all: without insults. */
export const asDoorNote = (source: string): string => maskWords(asText(source));
