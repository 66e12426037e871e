import { IntlMessageFormat } from 'intl-messageformat';
import { LRUCache } from 'lru-cache';
import { getExponent } from '../../pricing/currencies.js';

/** The values of a message; the locale decides how they are formatted. */
type Value =
  | string
  | number
  | { amountMinor: number; currency: string }
  /** A local time of day. */
  | { atMs: number; timeZone: string };
export type Values = Readonly<Record<string, Value>>;

const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur'];
const RIGHT_TO_LEFT_LETTERS = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;
/**
 * FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE. Source: Unicode Standard Annex 9, "Explicit Directional Isolates".
 */
const [ISOLATE, END_ISOLATE] = ['\u2068', '\u2069'];

/** All texts of about nine locales: a phone chooses its region freely, and not every region's texts stay in memory. */
const compiled = new LRUCache<string, IntlMessageFormat>({ max: 500 });

/**
 * Fills a message in ICU's MessageFormat. Throws a SyntaxError for an invalid message, and an error for an argument
 * without a value: an incomplete text is never sent. Amounts and times are passed as values, so that no translation can
 * format them wrongly; numbers are for plurals.
 */
export function formatMessage(locale: string, source: string, values: Values): string {
  const key = `${locale} ${source}`;
  const message = compiled.get(key) ?? new IntlMessageFormat(source, locale, undefined, { ignoreTag: true });
  compiled.set(key, message);
  const printed = Object.entries(values).map(([name, value]) => [name, printValue(locale, value)] as const);
  return String(message.format(Object.fromEntries(printed)));
}

function printValue(locale: string, value: Value): string | number {
  return typeof value === 'number' ? value : isolateText(locale, formatValue(locale, value));
}

function formatValue(locale: string, value: Exclude<Value, number>): string {
  if (typeof value === 'string') return value;
  if ('currency' in value) {
    const { amountMinor, currency } = value;
    return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(
      amountMinor / 10 ** getExponent(currency),
    );
  }
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: value.timeZone }).format(value.atMs);
}

/** A name or code of the other direction must not reorder the words around it: "⁨Pizza 24⁩" in an Arabic sentence. */
function isolateText(locale: string, text: string): string {
  const mixes = isRightToLeft(locale) || RIGHT_TO_LEFT_LETTERS.test(text);
  return mixes ? `${ISOLATE}${text}${END_ISOLATE}` : text;
}

const isRightToLeft = (locale: string): boolean => RIGHT_TO_LEFT.includes(locale.split('-')[0] ?? '');
