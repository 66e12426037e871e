import type { TaxPart } from '../contract/pricing.js';
import type { Rounding, TaxRule, ZonePricing } from '../contract/zones.js';
import { allocate, mulDiv, computeShare, sum } from './money.js';
import { lookUp } from '../core/look-up.js';

type OrderKind = 'delivery' | 'pickup';

/** Returns the taxes of a category, for delivery or pickup. None: it is not taxed. */
export function getTaxRules({ taxes }: Pick<ZonePricing, 'taxes'>, category: string, kind: OrderKind): TaxRule[] {
  const rules = lookUp(taxes, category) ?? [];
  return (Array.isArray(rules) ? rules : [rules]).filter(({ kinds }) => kinds?.includes(kind) ?? true);
}

/**
 * Computes taxes on one amount, rounded once and then divided among the rates: exclusive ones are added to the base,
 * inclusive ones are the part of the base that is already tax, a − a ÷ (1 + r). The rules are all of one mode.
 */
export function computeTaxes(baseMinor: number, rules: readonly TaxRule[], rounding: Rounding): TaxPart[] {
  const [first] = rules;
  if (!first) return [];
  const rates = rules.map(({ ratePpm }) => ratePpm);
  const ratePpm = sum(rates);
  const taxMinor =
    first.mode === 'exclusive'
      ? computeAddedTax(baseMinor, rules, rounding)
      : mulDiv(baseMinor, ratePpm, 1_000_000 + ratePpm, rounding);
  const parts = allocate(taxMinor, rates);
  return rules.map(({ ratePpm: rate, mode }, index) => ({
    ratePpm: rate,
    mode,
    baseMinor,
    taxMinor: parts[index] ?? 0,
  }));
}

/** Computes only the sum of the taxes that rules of one mode add to an amount; 0 for included ones. */
export function computeAddedTax(baseMinor: number, rules: readonly TaxRule[], rounding: Rounding): number {
  if (rules[0]?.mode !== 'exclusive') return 0;
  return computeShare(baseMinor, sum(rules.map(({ ratePpm }) => ratePpm)), rounding);
}

/** Sums taxes, the included ones too. */
export const sumTax = (taxes: readonly TaxPart[]): number => sum(taxes.map(({ taxMinor }) => taxMinor));

/** Sums the taxes that are added to the price. */
export const sumAddedTax = (taxes: readonly TaxPart[]): number =>
  sumTax(taxes.filter(({ mode }) => mode === 'exclusive'));

/** Merges taxes to one part for each rate and mode. */
export function mergeTaxes(taxes: readonly TaxPart[]): TaxPart[] {
  const merged = new Map<string, TaxPart>();
  for (const one of taxes) {
    const key = `${one.mode} ${one.ratePpm}`;
    const before = merged.get(key);
    const { baseMinor, taxMinor } = before ?? { baseMinor: 0, taxMinor: 0 };
    merged.set(key, { ...one, baseMinor: baseMinor + one.baseMinor, taxMinor: taxMinor + one.taxMinor });
  }
  return [...merged.values()];
}
