import { lookUp } from '../core/look-up.js';

/** Cyrillic and Greek letters that look like Latin ones. Source: Unicode Technical Standard 39, confusables.txt. */
const LATIN: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  һ: 'h',
  н: 'h',
  і: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  о: 'o',
  р: 'p',
  ѕ: 's',
  т: 't',
  у: 'y',
  х: 'x',
  α: 'a',
  β: 'b',
  ε: 'e',
  η: 'n',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
};
const FOREIGN = new RegExp(`[${Object.keys(LATIN).join('')}]`, 'gu');

/** Replaces small letters of other scripts that look like Latin ones. */
export const toLatin = (word: string): string => word.replaceAll(FOREIGN, (letter) => lookUp(LATIN, letter) ?? letter);
