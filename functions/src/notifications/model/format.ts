import { exponentOf } from '../../pricing/currencies.js';
import { parseMessage, type Part } from './icu.js';
import { lookUp } from '../../core/look-up.js';

/** What a message is filled with; the locale decides how it looks. */
type Value =
  | string
  | number
  | { amountMinor: number; currency: string }
  /** A time of day, by the clocks there. */
  | { atMs: number; timeZone: string };
export type Values = Readonly<Record<string, Value>>;

const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur'];
const RIGHT_TO_LEFT_LETTERS = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;
/**
 * FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE. Source: Unicode Standard Annex 9, "Explicit Directional Isolates".
 */
const [ISOLATE, END_ISOLATE] = ['\u2068', '\u2069'];

const parsed = new Map<string, readonly Part[]>();

/** Fills a message. Throws for an argument without a value: a text with a hole is sent to nobody. */
export function formatMessage(locale: string, source: string, values: Values): string {
  const parts = parsed.get(source) ?? parseMessage(source);
  parsed.set(source, parts);
  return fill(locale, parts, values);
}

function fill(locale: string, parts: readonly Part[], values: Values, count?: number): string {
  return parts.map((part) => textOf(locale, part, values, count)).join('');
}

function textOf(locale: string, part: Part, values: Values, count?: number): string {
  if (part.type === 'text') return part.text;
  if (part.type === 'count') return formatValue(locale, count ?? 0);
  const value = lookUp(values, part.name);
  if (value === undefined) throw new Error(`no value for ${part.name}`);
  if (part.type === 'argument') return isolated(locale, formatValue(locale, value));
  const chosen = part.cases.get(selectorOf(locale, part.type, part.cases, value)) ?? part.cases.get('other') ?? [];
  return fill(locale, chosen, values, part.type === 'plural' ? Number(value) : count);
}

function selectorOf(
  locale: string,
  type: 'plural' | 'select',
  cases: ReadonlyMap<string, unknown>,
  value: Value,
): string {
  if (type === 'select') return String(value);
  const exact = `=${String(value)}`;
  return cases.has(exact) ? exact : new Intl.PluralRules(locale).select(Number(value));
}

function formatValue(locale: string, value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return new Intl.NumberFormat(locale).format(value);
  if ('currency' in value) {
    const { amountMinor, currency } = value;
    return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(
      amountMinor / 10 ** exponentOf(currency),
    );
  }
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: value.timeZone }).format(value.atMs);
}

/** A name or code of the other direction must not turn the words around it: "⁨Pizza 24⁩" in an Arabic sentence. */
function isolated(locale: string, text: string): string {
  const mixes = isRightToLeft(locale) || RIGHT_TO_LEFT_LETTERS.test(text);
  return mixes ? `${ISOLATE}${text}${END_ISOLATE}` : text;
}

const isRightToLeft = (locale: string): boolean => RIGHT_TO_LEFT.includes(locale.split('-')[0] ?? '');
