import { replaceDomains } from './domains.js';
import { replaceEmails } from './emails.js';
import { toLatin } from './look-alikes.js';
import { cutText, normalizeText } from './normalized.js';
import { replaceNumbers, type Mask } from './numbers.js';
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

/** True for a text with a contact that `filterText` masks. */
export const hasContacts = (source: string): boolean =>
  applyFilter(source, { contacts: true, words: false }).contacts > 0;

function applyFilter(source: string, kinds: Kinds): Filtered {
  const plain = normalizeText(source);
  const found = masked(plain, kinds);
  const compatible = plain.normalize('NFKC');
  if (compatible === plain) return found;
  const more = masked(compatible, kinds);
  const findsMore = more.contacts > found.contacts || more.words > found.words;
  return findsMore ? { ...more, text: cutText(more.text, source.length) } : found;
}

/** What is found in a text: its place, and whether it is a word. */
interface Finding {
  start: number;
  end: number;
  isWord: boolean;
}

function masked(source: string, kinds: Kinds): Filtered {
  const found = find(source, kinds).toSorted((a, b) => a.start - b.start);
  let [text, from] = ['', 0];
  for (const { start, end } of found) {
    text += source.slice(from, start) + '•'.repeat(Math.min(end - start, 8));
    from = end;
  }
  const words = found.filter(({ isWord }) => isWord).length;
  return { text: text + source.slice(from), contacts: found.length - words, words };
}

/** Full stops of other scripts separate the labels of a domain. Source: RFC 3490, 3.1. */
const FULL_STOPS = /[。．｡․﹒]/gu;

/**
 * Finds contacts and insults in a copy of the text whose full stops are plain ones. What is found is replaced there by
 * as many characters, so that nothing is found twice and all places stay those of the source.
 */
function find(source: string, kinds: Kinds): Finding[] {
  const findings: Finding[] = [];
  const note = (found: string, start: number, isWord: boolean): string => {
    findings.push({ start, end: start + found.length, isWord });
    return '•'.repeat(found.length);
  };
  const contact: Mask = (found, start) => note(found, start, false);
  const plain = source.replaceAll(FULL_STOPS, '.');
  const addressed = kinds.contacts ? replaceAddresses(plain, contact) : plain;
  const worded = kinds.words
    ? addressed.replaceAll(WORD, (word: string, start: number) =>
        WORDS.has(foldWord(word)) ? note(word, start, true) : word,
      )
    : addressed;
  if (kinds.contacts) replaceNumbers(worded, contact);
  return findings;
}

const replaceAddresses = (text: string, mask: Mask): string =>
  replaceDomains(
    replaceEmails(text, mask).replaceAll(URL, (found: string, start: number) => mask(found, start)),
    mask,
  );

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
