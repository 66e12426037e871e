/**
 * Normalises text and removes invisible characters: composed (NFC), with LF at the end of lines, without control and
 * format characters (zero-width, direction overrides, soft hyphens, tags, NUL), other characters without a visible
 * form, and halves of surrogate pairs. Tabs become blanks; variation selectors stay, since they choose how a character
 * is drawn. Source: Unicode Standard, 4.5 (general categories), DerivedCoreProperties.txt
 * (Default_Ignorable_Code_Point).
 */
export const normalizeText = (source: string): string => removeInvisible(source).normalize('NFC');

/**
 * Normalises as `normalizeText` does, without blanks at the ends. A text that has more than `maxChars` characters also
 * when it is composed may be cut, to no fewer than that: composing thousands of accents takes seconds.
 */
export const normalizeUpTo = (source: string, maxChars: number): string =>
  removeInvisible(source)
    .trim()
    .slice(0, MOST_COMPOSED * maxChars + MOST_COMPOSED)
    .normalize('NFC')
    .trim();

/** Removes what `normalizeText` removes, without composing. */
export function removeInvisible(source: string): string {
  return source
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(INVISIBLE, (found) => (KEPT.test(found) ? found : ''));
}

/** Returns the beginning of a text, at most `maxUnits` UTF-16 units, without half a surrogate pair at its end. */
export const cutText = (text: string, maxUnits: number): string =>
  text.slice(0, maxUnits).replace(/[\uD800-\uDBFF]$/, '');

/**
 * The most UTF-16 units that NFC composes to one: four by canonical decomposition, each of which may have been written
 * as a compatibility ideograph of two. Source: Unicode Standard Annex 15, "Maximum Expansion Factors".
 */
const MOST_COMPOSED = 8;

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const KEPT = /^[\n\uFE00-\uFE0F]$/;
