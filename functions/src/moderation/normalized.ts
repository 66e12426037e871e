/**
 * Normalises text and removes invisible characters: composed (NFC), with LF at the end of lines, without control and
 * format characters (zero-width, direction overrides, soft hyphens, tags, NUL), other characters without a visible
 * form, and halves of surrogate pairs. Tabs become blanks; variation selectors stay, since they choose how a character
 * is drawn. Source: Unicode Standard, 4.5 (general categories), DerivedCoreProperties.txt
 * (Default_Ignorable_Code_Point).
 */
export function normalizeText(source: string): string {
  return source
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(INVISIBLE, (found) => (KEPT.test(found) ? found : ''))
    .normalize('NFC');
}

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const KEPT = /^[\n\uFE00-\uFE0F]$/;
