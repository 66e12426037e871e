import type { PricedFee, PricedLine, TaxPart } from '../contract/pricing.js';
import { invariant } from '../core/outcome.js';
import { allocate, mulDiv, sum } from './money.js';

/** A tax by the party that owes it to the tax office: the restaurant for its food, the platform for its fees. */
export interface OwedTax {
  taxpayer: 'restaurant' | 'platform';
  ratePpm: number;
  taxMinor: number;
}

type Taxpayer = OwedTax['taxpayer'];

/** Lists the taxes of charged lines and fees by taxpayer and rate, each once. Zero taxes are left out. */
export function listOwedTaxes(lines: readonly PricedLine[], fees: readonly PricedFee[]): OwedTax[] {
  return mergeOwedTaxes([
    ...lines.flatMap((line) => toOwed('restaurant', line.taxes)),
    ...fees.flatMap((fee) => toOwed('platform', fee.taxes)),
  ]);
}

const toOwed = (taxpayer: Taxpayer, taxes: readonly TaxPart[]): OwedTax[] =>
  taxes.map(({ ratePpm, taxMinor }) => ({ taxpayer, ratePpm, taxMinor }));

/** Merges taxes to one for each taxpayer and rate, in order of the first of each. Zero sums are left out. */
function mergeOwedTaxes(taxes: readonly OwedTax[]): OwedTax[] {
  const merged = new Map<string, OwedTax>();
  for (const one of taxes) {
    const key = toKey(one);
    merged.set(key, { ...one, taxMinor: one.taxMinor + (merged.get(key)?.taxMinor ?? 0) });
  }
  return [...merged.values()].filter(({ taxMinor }) => taxMinor !== 0);
}

const toKey = ({ taxpayer, ratePpm }: OwedTax): string => `${taxpayer} ${ratePpm}`;

/** Subtracts taxes from others: what one more refund changes, or what is left. */
export const subtractOwedTaxes = (taxes: readonly OwedTax[], less: readonly OwedTax[]): OwedTax[] =>
  mergeOwedTaxes([...taxes, ...less.map((one) => ({ ...one, taxMinor: 0 - one.taxMinor }))]);

/** Sums taxes of all taxpayers and rates. */
const sumOwedTaxes = (taxes: readonly OwedTax[]): number => sum(taxes.map(({ taxMinor }) => taxMinor));

/**
 * Divides the tax of all refunds of an order by taxpayer and rate: first that of the refunded units, by their own
 * rates; the rest, of amounts and fees, in proportion to what is left. `units`: refunded units by line. Throws where
 * more tax is refunded than `owed`.
 */
export function divideReturnedTax(
  owed: readonly OwedTax[],
  lines: readonly PricedLine[],
  { units, taxMinor }: { units: readonly number[]; taxMinor: number },
): OwedTax[] {
  invariant(taxMinor <= sumOwedTaxes(owed), 'no more tax is returned than was charged');
  const ofUnits = mergeOwedTaxes(lines.flatMap((line, index) => shareOfUnits(line, units[index] ?? 0)));
  const unitsMinor = sumOwedTaxes(ofUnits);
  // The provider's steps may make a refund smaller than its units.
  if (taxMinor <= unitsMinor) return divide(ofUnits, taxMinor);
  return mergeOwedTaxes([...ofUnits, ...divide(subtractOwedTaxes(owed, ofUnits), taxMinor - unitsMinor)]);
}

/** The tax of the first units of a line, by rate, as `computeUnitShare` rounds it. */
function shareOfUnits({ taxes, taxMinor, quantity }: PricedLine, units: number): OwedTax[] {
  return divide(toOwed('restaurant', taxes), mulDiv(taxMinor, units, quantity));
}

/** Divides an amount by the taxes' own amounts. */
function divide(taxes: readonly OwedTax[], amountMinor: number): OwedTax[] {
  const parts = allocate(
    amountMinor,
    taxes.map(({ taxMinor }) => taxMinor),
  );
  return mergeOwedTaxes(taxes.map((one, index) => ({ ...one, taxMinor: parts[index] ?? 0 })));
}
