import type { PricedLine } from '../contract/pricing.js';
import { mulDiv } from './money.js';

/** The amounts of some units of a line. */
export interface UnitShare {
  /** The customer's price for them, tax included. */
  chargedMinor: number;
  addedTaxMinor: number;
  /** All tax, the included one too. */
  taxMinor: number;
  merchantMinor: number;
}

/** Computes the customer's price for a line, tax included. */
export const computeCharged = ({ netMinor, addedTaxMinor }: Pick<PricedLine, 'netMinor' | 'addedTaxMinor'>): number =>
  netMinor + addedTaxMinor;

/** Computes the share of the first units of a line, half up: a line's shares one after the other sum to the line. */
export function computeUnitShare(line: PricedLine, units: number): UnitShare {
  const upTo = (amountMinor: number) => mulDiv(amountMinor, units, line.quantity);
  return {
    chargedMinor: upTo(computeCharged(line)),
    addedTaxMinor: upTo(line.addedTaxMinor),
    taxMinor: upTo(line.taxMinor),
    merchantMinor: upTo(line.merchantMinor),
  };
}
