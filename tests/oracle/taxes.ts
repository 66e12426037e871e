import type { OrderKind } from '#functions/contract/orders.js';
import type { TaxRule, ZonePricing } from '#functions/contract/zones.js';
import { divide, exactly, partOf, rounded, sumOf } from './exact.js';

/** One tax on one base. */
export interface Tax {
  ratePpm: number;
  mode: TaxRule['mode'];
  baseMinor: bigint;
  taxMinor: bigint;
}

/** The taxes of a category for an order of this kind; a category without an entry has none. */
export function findTaxes({ taxes }: ZonePricing, category: string, kind: OrderKind): TaxRule[] {
  const rules = Object.entries(taxes).find(([name]) => name === category)?.[1] ?? [];
  return [rules].flat().filter(({ kinds }) => !kinds || kinds.includes(kind));
}

/**
 * §3.10: an exclusive tax is added to its base, each rounded by itself. Inclusive taxes are together what a − a / (1 + r)
 * is for the sum r of their rates, rounded once and divided in proportion to the rates.
 */
export function tax(baseMinor: bigint, rules: readonly TaxRule[], { rounding }: ZonePricing): Tax[] {
  const inclusive = rules.filter(({ mode }) => mode === 'inclusive').map(({ ratePpm }) => BigInt(ratePpm));
  const sum = sumOf(inclusive);
  const included = rounded(exactly(baseMinor * sum, 1_000_000n + sum), rounding);
  const parts = divide(included, inclusive);
  return rules.map(({ ratePpm, mode }) => ({
    ratePpm,
    mode,
    baseMinor,
    taxMinor: mode === 'inclusive' ? (parts.shift() ?? 0n) : rounded(partOf(baseMinor, ratePpm), rounding),
  }));
}

export const sumTaxes = (taxes: readonly Tax[]): bigint => sumOf(taxes.map(({ taxMinor }) => taxMinor));
export const sumAdded = (taxes: readonly Tax[]): bigint => sumTaxes(taxes.filter(({ mode }) => mode === 'exclusive'));
