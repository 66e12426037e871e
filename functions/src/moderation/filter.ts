import { replaceDomains } from './domains.js';
import { toLatin } from './look-alikes.js';
import { cutText, normalizeText } from './normalized.js';
import { lookUp } from '../core/look-up.js';

/** Insults, as whole words without accents. A short list on purpose: reports cover the rest. */
const WORDS = new Set(
  [
    'fuck',
    'fucking',
    'fucker',
    'shit',
    'bitch',
    'cunt',
    'asshole',
    'bastard',
    'nigger',
    'faggot',
    'scheisse',
    'arschloch',
    'fotze',
    'hurensohn',
    'wichser',
    'missgeburt',
    'puta',
    'puto',
    'mierda',
    'cabron',
    'gilipollas',
    'pendejo',
    'maricon',
    'كلب',
    'حمار',
    'شرموطة',
    'كسمك',
    'くそ',
    'クソ',
    'ばか',
    'バカ',
    '死ね',
    'しね',
  ].map(foldWord),
);

const WORD = /[\p{L}\p{M}\p{N}@$]+/gu;
/** Of a longer name before the @, only its end is masked: the search stays linear. Source: RFC 5321, 4.5.3.1.1. */
const EMAIL = /[\p{L}\p{N}._%+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu;
/**
 * Seven digits or more of any script, with the usual separators between or over them. Door codes and amounts are
 * shorter.
 */
const PHONE = /[+＋(]{0,2}\p{Nd}(?:[\s().\p{Pd}−·/*_\p{M}]{0,3}\p{Nd}){6,}/gu;

/**
 * The same with the separators of lists, times and prices: only text that begins as a dialled number does, and is
 * neither a time (09:00) nor a price (0,50).
 */
const DIALLED =
  /(?<!\p{Nd}[,:.|]?)(?!\p{Nd}{1,2}:\p{Nd}{2}(?![\p{Nd}:])|0[,.]\p{Nd}{1,2}(?!\p{Nd}))[+＋0](?:[\s().\p{Pd}−·/*_,:;|~'"’+=]{0,3}\p{Nd}){6,}/gu;
/** With a scheme, or a host with a path, as messengers write them. */
const URL =
  /(?:https?:\/\/|www\.)\S+|(?<![\p{L}\p{N}.-])[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,4}\.\p{L}{2,24}\/[\p{L}\p{N}@+]\S*/giu;

export interface Filtered {
  text: string;
  /** The number of masked contacts. */
  contacts: number;
  words: number;
}

type Kinds = { contacts: boolean; words: boolean };

/**
 * Masks telephone numbers, e-mail addresses, web addresses and insults in text that is normalised first, so that
 * invisible characters hide nothing. Other forms of the same characters (circled digits, full width) are found as well.
 * Text that is already masked stays as it is.
 */
export const filterText = (source: string): Filtered => applyFilter(source, { contacts: true, words: true });

/** Masks contacts as `filterText` does, without insults. */
export const maskContacts = (source: string): string => applyFilter(source, { contacts: true, words: false }).text;

/** Masks insults as `filterText` does, without contacts. */
export const maskWords = (source: string): string => applyFilter(source, { contacts: false, words: true }).text;

function applyFilter(source: string, kinds: Kinds): Filtered {
  const plain = normalizeText(source);
  const found = masked(plain, kinds);
  const compatible = plain.normalize('NFKC');
  if (compatible === plain) return found;
  const more = masked(compatible, kinds);
  const findsMore = more.contacts > found.contacts || more.words > found.words;
  return findsMore ? { ...more, text: cutText(more.text, source.length) } : found;
}

function masked(source: string, kinds: Kinds): Filtered {
  let [contacts, words] = [0, 0];
  const mask = (found: string): string => '•'.repeat(Math.min(found.length, 8));
  const contact = (found: string): string => {
    if (!kinds.contacts) return found;
    contacts += 1;
    return mask(found);
  };
  const addressed = source.replaceAll(EMAIL, contact).replaceAll(URL, contact);
  const text = replaceDomains(addressed, contact)
    .replaceAll(PHONE, contact)
    .replaceAll(DIALLED, contact)
    .replaceAll(WORD, (word) => {
      if (!kinds.words || !WORDS.has(foldWord(word))) return word;
      words += 1;
      return mask(word);
    });
  return { text, contacts, words };
}

const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '@': 'a',
  $: 's',
};

/**
 * Converts a word for comparison: without case and accents, digits that stand for letters replaced, and letters of
 * other scripts that look like Latin ones replaced.
 */
function foldWord(word: string): string {
  const bare = word.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');
  return toLatin(bare).replaceAll(/[01345@$]/g, (digit) => lookUp(LOOKALIKES, digit) ?? digit);
}
