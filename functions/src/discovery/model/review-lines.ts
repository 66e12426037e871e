import type { Reordered } from '../../calls/discovery.js';
import type { PricedLine } from '../../contract/pricing.js';
import type { CartLine } from '../../contract/restaurants.js';
import { draftLine, type Shelf } from '../../pricing/goods.js';

/** Compares each line with the current menu since it was priced. Promotions are decided by the quote. */
export function reviewLines(before: readonly PricedLine[], shelf: Shelf): Pick<Reordered, 'lines' | 'cart'> {
  const lines = before.map((priced) => reviewLine(priced, shelf));
  return { lines, cart: lines.flatMap((one) => (one.outcome === 'gone' ? [] : [one.line])) };
}

function reviewLine(priced: PricedLine, shelf: Shelf): Reordered['lines'][number] {
  const { itemId, name, quantity, modifiers, note, unitMinor: beforeMinor } = priced;
  const line: CartLine = { itemId, quantity, modifiers, ...(note !== undefined && { note }) };
  const drafted = draftLine(shelf, line);
  if (!drafted.ok) return { outcome: 'gone', itemId, name, reason: drafted.reason };
  const { unitMinor } = drafted.value;
  return unitMinor === beforeMinor
    ? { outcome: 'kept', line, unitMinor }
    : { outcome: 'repriced', line, unitMinor, beforeMinor };
}
