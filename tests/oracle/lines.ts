import { divide, least, sumOf } from './exact.js';
import { required } from './goods.js';
import type { ReckonedGood } from './price.js';
import { sumAdded, sumTaxes } from './taxes.js';

/** The amounts of one line of the cart, in the contract's names. */
export interface ReckonedLine {
  unitMinor: number;
  grossMinor: number;
  itemDiscountMinor: number;
  orderDiscountMinor: number;
  merchantFundedMinor: number;
  netMinor: number;
  taxMinor: number;
  addedTaxMinor: number;
  merchantMinor: number;
}

/** Divides the amounts of each good among its lines, by largest remainder over quantity, and puts the lines in order. */
export function toLines(goods: readonly ReckonedGood[]): ReckonedLine[] {
  const placed = goods.flatMap((good) => {
    const lines = divideGood(good);
    return good.lines.map((index, i) => ({ index, line: required(lines[i]) }));
  });
  return placed.sort((a, b) => a.index - b.index).map(({ line }) => line);
}

function divideGood(good: ReckonedGood): ReckonedLine[] {
  const { quantities, unitMinor, itemDiscount, orderDiscount, taxes } = good;
  const gross = quantities.map((quantity) => unitMinor * quantity);
  const items = divide(itemDiscount.amountMinor, quantities);
  const left = gross.map((amount, i) => amount - required(items[i]));
  const orders = fit(divide(orderDiscount.amountMinor, quantities), left);
  const funded = divide(itemDiscount.merchantMinor + orderDiscount.merchantMinor, quantities);
  const all = divide(sumTaxes(taxes), quantities);
  const added = divide(sumAdded(taxes), quantities);
  const merchant = divide(good.merchantMinor, quantities);
  return quantities.map((_, i) => ({
    unitMinor: Number(unitMinor),
    grossMinor: Number(gross[i]),
    itemDiscountMinor: Number(items[i]),
    orderDiscountMinor: Number(orders[i]),
    merchantFundedMinor: Number(funded[i]),
    netMinor: Number(required(left[i]) - required(orders[i])),
    taxMinor: Number(all[i]),
    addedTaxMinor: Number(added[i]),
    merchantMinor: Number(merchant[i]),
  }));
}

/** Moves what a line cannot take to the first lines that can: no line costs less than nothing. */
function fit(parts: readonly bigint[], room: readonly bigint[]): bigint[] {
  const fitting = parts.map((part, i) => least(part, required(room[i])));
  let excess = sumOf(parts) - sumOf(fitting);
  return fitting.map((part, i) => {
    const more = least(excess, required(room[i]) - part);
    excess -= more;
    return part + more;
  });
}
