import type { PricedLine } from '../contract/pricing.js';
import { mulDiv } from './money.js';

/** What some units of a line come to. */
export interface UnitShare {
  /** What the customer pays for them, tax included. */
  chargedMinor: number;
  addedTaxMinor: number;
  /** All of it, included tax too. */
  taxMinor: number;
  merchantMinor: number;
}

/** What the customer pays for a line, tax included. */
export const chargedFor = ({ netMinor, addedTaxMinor }: Pick<PricedLine, 'netMinor' | 'addedTaxMinor'>): number =>
  netMinor + addedTaxMinor;

/** The share of the first units of a line, half up: a line's shares one after the other sum to the line. */
export function shareOfUnits(line: PricedLine, units: number): UnitShare {
  const upTo = (amountMinor: number) => mulDiv(amountMinor, units, line.quantity);
  return {
    chargedMinor: upTo(chargedFor(line)),
    addedTaxMinor: upTo(line.addedTaxMinor),
    taxMinor: upTo(line.taxMinor),
    merchantMinor: upTo(line.merchantMinor),
  };
}
