/** Replaces what was found at a place of a text with as many other characters. */
export type Mask = (found: string, start: number) => string;

/** Seven digits or more of any script, with separators between or over them. Door codes and amounts are shorter. */
const PHONE = String.raw`[+＋(]{0,2}\p{Nd}(?:[\s().\p{Pd}−·•‧∙/\\*_#~[\]{}<>\p{M}]{0,5}\p{Nd}){6,}`;

/**
 * The same with any separators, also those of lists, times and prices: only text that begins as a dialled number does,
 * and is neither a time (09:00) nor a price (0,50).
 */
const DIALLED = String.raw`(?<!\p{Nd}[,:.|]?)(?!\p{Nd}{1,2}:\p{Nd}{2}(?![\p{Nd}:])|0[,.]\p{Nd}{1,2}(?!\p{Nd}))[+＋0](?:[^\p{L}\p{N}]{0,5}\p{Nd}){6,}`;

/** Together, so that no number begins within a date. */
const NUMBER = new RegExp(`${DIALLED}|${PHONE}`, 'gu');

const DASH = String.raw`\s?[-‐-―−]\s?`;
const LIST = String.raw`\s?[,;|/&·•+]\s?`;
const DAY = String.raw`(?:0?[1-9]|[12]\d|3[01])`;
const MONTH = '(?:0?[1-9]|1[0-2])';
const YEAR = String.raw`(?:19|20)\d\d`;
/** 2026-11-30, 30.11.2026, 30. 11. 26, 11/30/2026 */
const DATE = String.raw`(?:${YEAR}[-./]${MONTH}[-./]${DAY}|${DAY}[-./]\s?${MONTH}[-./]\s?(?:20)?\d\d|${MONTH}/${DAY}/${YEAR})`;
const HOUR = String.raw`(?:[01]?\d|2[0-4])`;
/** 9.30, 09:30 */
const TIME = String.raw`(?:${HOUR}[.:][0-5]\d)`;
/** 9.30–14, 17:00-22:00, 1130-1430 */
const HOURS = String.raw`(?:${HOUR}(?:[.:]?[0-5]\d)?${DASH}${HOUR}(?:[.:]?[0-5]\d)?)`;
/** A date, with a time or a count before or after it. */
const MOMENT = String.raw`(?:\d{1,2}[).:]?\s|${TIME},?\s)?${DATE}(?:[,;]?\s?(?:${DASH})?(?:${HOURS}|${TIME}|\d{1,2}))?`;
/** 12.50, 12,50, 0.5, 0,375 */
const PRICE = String.raw`(?:(?:0|[1-9]\d{0,4})[.,]\d{1,2}|0[.,]\d{3})`;
/** 12-14/3/16; sizes and numbers of pieces as well: 6 / 12 / 18. One part may have three digits: telephone numbers have more. */
const HOUSE = String.raw`(?!(?:.*\d{3}){2})[1-9]\d{0,2}(?:${DASH}[1-9]\d{0,2})?(?:\s?/\s?[1-9]\d{0,2}){1,3}`;

const list = (item: string, between: string): string => `${item}(?:(?:${between})${item})*`;
const QUANTITY = new RegExp(
  String.raw`^\(?(?:${[
    list(MOMENT, `${DASH}|${LIST}`),
    list(`(?:${HOURS}|${TIME})`, String.raw`${LIST}|\s`),
    list(PRICE, `${DASH}|${LIST}`),
    list(YEAR, `${DASH}|${LIST}`),
    HOUSE,
  ].join('|')})$`,
  'u',
);
/** 1.250.000 beside its currency. */
const GROUPED = /^\(?[1-9]\d{0,2}(?:[.,'’\s]\d{3})+(?:[.,]\d{2})?$/u;
const CURRENCY = String.raw`(?:\p{Sc}|EUR|USD|GBP|CHF|JPY|KRW|IDR|Rp|VND|HUF|Ft|CZK|Kč|PLN|zł|RSD|ISK|kr|COP|CLP|INR|NGN|TRY)`;
const CURRENCY_BEFORE = new RegExp(String.raw`(?<!\p{L})${CURRENCY}\.?\s?$`, 'u');
const CURRENCY_AFTER = new RegExp(String.raw`^\s?${CURRENCY}(?!\p{L})`, 'u');

/** 1000 / 1500 / 2000 g, 750 ml / 1500 ml */
const SIZES = /^\(?[1-9]\d{0,3}(?:\s?[/,|-]\s?[1-9]\d{0,3}){1,5}$/u;
const UNIT_AFTER = /^\s?(?:g|kg|mg|ml|cl|dl|l|oz|lb|cm|mm|kcal|kJ|Stück|Stk|pcs|pc|pieces)(?!\p{L})/u;

/**
 * Replaces telephone numbers, however their digits are separated. Dates, opening hours, lists of prices and sizes,
 * house numbers, and amounts beside their currency have as many digits; they stay.
 */
export function replaceNumbers(text: string, mask: Mask): string {
  const decide = (found: string, start: number, whole: string): string =>
    isQuantity(found, whole, start) ? found : mask(found, start);
  return text.replaceAll(NUMBER, decide);
}

/** More than the longest currency with a full stop and a blank, and than the whole part of a price. */
const CONTEXT_CHARS = 7;

function isQuantity(found: string, whole: string, start: number): boolean {
  const end = start + found.length;
  const before = whole.slice(Math.max(0, start - CONTEXT_CHARS), start);
  const after = whole.slice(end, end + CONTEXT_CHARS);
  // A colon or comma ends what was found: 30.11.2026 18, of 18:30.
  const [first = ''] = /(?<!\d)(?:\d{1,2}:|\d{1,5},)$/.exec(before) ?? [];
  const [last = ''] = /^[:,]\d{1,2}(?!\d)/.exec(after) ?? [];
  if (hasOnlyQuantities(first + found + last) || hasOnlyQuantities(found) || isAscending(found)) return true;
  if (SIZES.test(found) && UNIT_AFTER.test(after)) return true;
  return GROUPED.test(found) && (CURRENCY_BEFORE.test(before) || CURRENCY_AFTER.test(after));
}

/** Also a short number between quantities: 11.30-14.30, 1010 Wien. */
function hasOnlyQuantities(found: string): boolean {
  if (QUANTITY.test(found)) return true;
  const parts = found.split(/[,;:]\s/u);
  const others = parts.filter((part) => !QUANTITY.test(part));
  return others.length < parts.length && others.every((part) => /^[1-9]\d{0,4}$/.test(part)) && others.length <= 1;
}

/** 6 / 12 / 18 / 24 / 30, 1/2/3/4/5/6/7: sizes and allergens. A telephone number hardly ever ascends. */
function isAscending(found: string): boolean {
  if (!/^\(?\d{1,3}(?:\s?[/,|]\s?\d{1,3})+$/.test(found)) return false;
  const numbers = found.replace('(', '').split(/[/,|]/).map(Number);
  return numbers.every((one, index) => index === 0 || one > (numbers[index - 1] ?? 0));
}
