import { divide, sumOf } from './exact.js';
import { required } from './goods.js';
import type { OracleGood } from './price.js';
import { sumAdded, sumTaxes } from './taxes.js';

/** The amounts of one line of the cart, in the contract's names. */
export interface OracleLine {
  unitMinor: number;
  grossMinor: number;
  netMinor: number;
  taxMinor: number;
  addedTaxMinor: number;
  merchantMinor: number;
}

/** What promotions take off all lines of one good together: their parts of each line are not specified. */
export interface OracleDiscount {
  itemDiscountMinor: number;
  orderDiscountMinor: number;
  merchantFundedMinor: number;
}

/**
 * Divides the amounts of each good among its lines, by largest remainder over quantity: all discounts together, so that
 * no line costs less than nothing, and each tax by itself.
 */
export function toLines(goods: readonly OracleGood[]): OracleLine[] {
  const placed = goods.flatMap((good) => {
    const lines = divideGood(good);
    return good.lines.map((index, i) => ({ index, line: required(lines[i]) }));
  });
  return placed.sort((a, b) => a.index - b.index).map(({ line }) => line);
}

function divideGood({ quantities, unitMinor, grossMinor, netMinor, taxes, merchantMinor }: OracleGood): OracleLine[] {
  const discounts = divide(grossMinor - netMinor, quantities);
  const divided = taxes.map(({ taxMinor }) => divide(taxMinor, quantities));
  const merchant = divide(merchantMinor, quantities);
  return quantities.map((quantity, i) => {
    const own = taxes.map((one, at) => ({ ...one, taxMinor: required(divided[at]?.[i]) }));
    return {
      unitMinor: Number(unitMinor),
      grossMinor: Number(unitMinor * quantity),
      netMinor: Number(unitMinor * quantity - required(discounts[i])),
      taxMinor: Number(sumTaxes(own)),
      addedTaxMinor: Number(sumAdded(own)),
      merchantMinor: Number(merchant[i]),
    };
  });
}

export const toDiscount = ({ itemDiscount, orderDiscount }: OracleGood): OracleDiscount => ({
  itemDiscountMinor: Number(itemDiscount.amountMinor),
  orderDiscountMinor: Number(orderDiscount.amountMinor),
  merchantFundedMinor: Number(sumOf([itemDiscount.merchantMinor, orderDiscount.merchantMinor])),
});
