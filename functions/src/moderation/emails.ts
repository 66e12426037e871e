import { isCommonSuffix, isUnmistakableSuffix } from './domains.js';
import type { Mask } from './numbers.js';

const OPEN = String.raw`[([{<]\s?`;
const CLOSE = String.raw`\s?[)\]}>]`;
const LABEL = String.raw`[\p{L}\p{N}][\p{L}\p{N}-]{0,62}`;
const NAME = String.raw`[\p{L}\p{N}._%+-]{1,64}`;
const AT = String.raw`\s{0,2}(?:@|${OPEN}(?:at|ät|@)${CLOSE})\s{0,2}`;
const AT_WORD = String.raw`\s{1,2}(?:at|ät)\s{1,2}`;
const DOT = String.raw`(?:\.|\s{0,2}${OPEN}(?:dot|punkt|punto|point|\.)${CLOSE}\s{0,2})`;
/** A full stop with a blank only behind it ends a sentence. */
const SPACED_DOT = String.raw`\s{1,2}\.\s{0,2}`;
const DOT_WORD = String.raw`\s{1,2}(?:dot|punkt|punto|point)\s{1,2}`;
const SUFFIX = String.raw`(\p{L}{2,12})(?![\p{L}\p{N}-])`;
const BEGIN = String.raw`(?<![\p{L}\p{N}-])`;

const pattern = (source: string): RegExp => new RegExp(source, 'giu');
/**
 * An address, also with brackets around its signs: `max (at) mail (dot) example`. Of a longer name before the @, only
 * its end is masked: the search stays linear. Source: RFC 5321, 4.5.3.1.1.
 */
const EMAIL = pattern(`${NAME}${AT}${LABEL}(?:${DOT}${LABEL})+|${NAME}@${LABEL}(?:,${LABEL})+`);
/** With blanks or in words: `max @ mail . com`, `max at mail dot com`. */
const SPELLED = pattern(
  `${NAME}(?:${AT}${LABEL}(?:${DOT}${LABEL})?(?:${DOT_WORD}|${SPACED_DOT})|${AT_WORD}${LABEL}${DOT_WORD})${SUFFIX}`,
);
const BROKEN = pattern(String.raw`${NAME}${AT}${LABEL}\.\s{1,2}${SUFFIX}`);
/** Without any full stop: `max at gmail com`, `www darosa de`. */
const BARE = pattern(`${NAME}${AT_WORD}${LABEL}\\s${SUFFIX}`);
const BARE_SITE = pattern(String.raw`${BEGIN}www\s${LABEL}\s${SUFFIX}`);
/** A domain whose full stop is in brackets, in words or between blanks. */
const SITE = pattern(String.raw`${BEGIN}${LABEL}\s{0,2}${OPEN}(?:dot|punkt|punto|point|\.)${CLOSE}\s{0,2}${SUFFIX}`);
const SPACED_SITE = pattern(`${BEGIN}${LABEL}(?:${DOT_WORD}|${SPACED_DOT})${SUFFIX}`);

/** Replaces e-mail addresses, and domains whose full stop is disguised. */
export function replaceEmails(text: string, mask: Mask): string {
  const where =
    (isSuffix: (suffix: string) => boolean) =>
    (found: string, suffix: string, start: number): string =>
      isSuffix(suffix.toLowerCase()) ? mask(found, start) : found;
  return text
    .replaceAll(EMAIL, (found: string, start: number) => mask(found, start))
    .replaceAll(SPELLED, where(isCommonSuffix))
    .replaceAll(BROKEN, where(isUnmistakableSuffix))
    .replaceAll(BARE, where(isUnmistakableSuffix))
    .replaceAll(BARE_SITE, where(isCommonSuffix))
    .replaceAll(SITE, where(isCommonSuffix))
    .replaceAll(SPACED_SITE, where(isUnmistakableSuffix));
}
