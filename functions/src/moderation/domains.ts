import { toLatin } from './look-alikes.js';
import type { Mask } from './numbers.js';

/** Not words of any supported language: matched in any case, since phones capitalise them. */
const ALWAYS = new Set(['com', 'net', 'org', 'biz', 'xyz', 'рф']);

/** A full stop followed by one of these in small letters does not begin a sentence. */
const USUAL = new Set([
  'de',
  'ch',
  'fr',
  'pl',
  'nl',
  'uk',
  'ru',
  'ua',
  'cz',
  'dk',
  'fi',
  'pt',
  'gr',
  'tr',
  'hu',
  'ro',
  'bg',
  'hr',
  'sk',
  'rs',
  'lt',
  'lv',
  'jp',
  'cn',
  'tw',
  'hk',
  'br',
  'mx',
  'ae',
  'eg',
  'info',
  'shop',
  'store',
  'online',
  'site',
  'website',
  'link',
  'club',
  'app',
  'dev',
  'blog',
  'tech',
  'tn',
  'pizza',
  'restaurant',
  'cafe',
  'bar',
  'menu',
  'food',
  'kitchen',
  'delivery',
  'wien',
  'berlin',
  'hamburg',
  'paris',
  'london',
  'nyc',
]);

/** Words of some language as well: `i rang.no answer`, `nous sommes là.si vous`. */
const WORDS = new Set([
  'at',
  'it',
  'in',
  'is',
  'to',
  'be',
  'me',
  'so',
  'no',
  'my',
  'us',
  'am',
  'by',
  'do',
  'as',
  'es',
  'eu',
  'io',
  'se',
  'si',
  'la',
  'ai',
  'co',
  'tv',
  'gg',
  'ly',
  'cc',
  'li',
  'ie',
  'lu',
  'il',
  'al',
  'sa',
  'ma',
  'ca',
  'kr',
  'sh',
  'fm',
]);

/** True for a top-level domain that is common, whether or not it is a word as well. */
export const isCommonSuffix = (suffix: string): boolean => ALWAYS.has(suffix) || USUAL.has(suffix) || WORDS.has(suffix);

/** True for a top-level domain that is no word of any supported language. */
export const isUnmistakableSuffix = (suffix: string): boolean => ALWAYS.has(suffix);

/** Not the name of an e-mail address. */
const HOST = /(?<![\p{L}\p{M}\p{N}.@-])[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)+(?![\p{L}\p{M}\p{N}-]|\s?[@＠])/gu;
/** Shorter ones are abbreviations and days: `z.B.`, `mo.di.mi`. */
const NAME = /\p{L}[\p{L}\p{M}\p{N}-]{2}/u;
/** The end of a message, or a punctuation mark after an address. */
const ENDS = /^(?:$|[.,;:!?)\]"'»”…\n]|\s*$)/u;
/** Words that precede an address. */
const CUE =
  /(?:^|[\s(])(?:auf|unter|bei|über|siehe|visit|see|on|via|site|website|webseite|seite|web|page|página|link|sur|su|sul|op):?\s$/iu;

/**
 * Replaces domains that are written without a scheme and a path (`my-shop.de`). A full stop without a blank after it
 * does not make a domain: it must be followed by a common top-level domain, in small letters, and one that is also a
 * word must be at a typical position of an address, at the end or after a cue, or after a name with a hyphen.
 */
export function replaceDomains(text: string, mask: Mask): string {
  return text.replaceAll(HOST, (host: string, offset: number) => {
    const labels = host.split('.');
    const end = labels.findLastIndex(
      (label, at) => at > 0 && isDomain(labels, at, label, () => readContext(text, offset, labels, at)),
    );
    if (end < 0) return host;
    const domain = labels.slice(0, end + 1).join('.');
    return mask(domain, offset) + host.slice(domain.length);
  });
}

interface AddressContext {
  before: string;
  after: string;
}

function readContext(text: string, offset: number, labels: readonly string[], at: number): AddressContext {
  const end = offset + labels.slice(0, at + 1).join('.').length;
  return { before: text.slice(Math.max(0, offset - 12), offset), after: text.slice(end, end + 3) };
}

function isDomain(labels: readonly string[], at: number, label: string, around: () => AddressContext): boolean {
  const shown = /[a-z]/i.test(labels[at - 1] ?? '') ? toLatin(label) : label;
  const suffix = shown.toLowerCase();
  if (ALWAYS.has(suffix)) return true;
  const isWord = WORDS.has(suffix);
  if (!isWord && !USUAL.has(suffix)) return false;
  const names = labels.slice(0, at);
  const isSmall = shown === suffix;
  const isShouted = !isWord && names.every((name) => name === name.toUpperCase());
  if (!(isSmall || isShouted) || !names.some((name) => NAME.test(name))) return false;
  if (!isWord || names.at(-1)?.includes('-')) return true;
  const { before, after } = around();
  return ENDS.test(after) || CUE.test(before);
}
