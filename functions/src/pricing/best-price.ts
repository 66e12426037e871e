import type { Pricing } from '../contract/pricing.js';
import type { Promotion } from '../contract/zones.js';
import { refuse, type Outcome } from '../core/outcome.js';
import { finishPrice, priceDue, readCart, type AmountDue, type GrossCart, type PricingInput } from './price-order.js';

/** The number of promotions that are considered, so that all of their subsets can be tried. */
const MAX_PROMOTIONS = 10;

/**
 * Prices an order from server data alone: the lowest payable price over all subsets of the promotions, compared before
 * credit, so that a further promotion never makes an order dearer. Of equally cheap subsets the smallest is taken, so
 * that a limited promotion is not used without effect. Integers in minor units throughout.
 */
export function findBestPrice(input: PricingInput): Outcome<Pricing> {
  const cart = readCart(input);
  if (!cart.ok) return cart;
  const dues: AmountDue[] = [];
  for (const promotions of listSubsets(selectApplicable(input, cart.value))) {
    const due = priceDue(input, cart.value, promotions);
    if (!due.ok) return due;
    dues.push(due.value);
  }
  return cheapestPayable(
    input,
    cart.value,
    dues.toSorted((a, b) => a.dueMinor - b.dueMinor),
  );
}

/** Sorting is stable: of equally cheap ones the first, which has the fewest promotions. */
function cheapestPayable(input: PricingInput, cart: GrossCart, dues: readonly AmountDue[]): Outcome<Pricing> {
  let refusal: Outcome<Pricing> = refuse('TOTAL_BELOW_PAYMENT_MINIMUM');
  for (const due of dues) {
    const price = finishPrice(input, cart, due);
    if (price.ok) return price;
    refusal = price;
  }
  return refusal;
}

/** Running promotions whose minimum the undiscounted cart reaches: codes first, then automatic ones by their start. */
function selectApplicable({ promotions, nowMs }: PricingInput, { grossMinor }: GrossCart): Promotion[] {
  return promotions
    .filter(({ startsAtMs, endsAtMs }) => startsAtMs <= nowMs && nowMs < endsAtMs)
    .toSorted(byTurn)
    .slice(0, MAX_PROMOTIONS)
    .filter(({ minimumItemsMinor }) => grossMinor >= minimumItemsMinor);
}

function byTurn(a: Promotion, b: Promotion): number {
  const rank = ({ code }: Promotion) => (code === undefined ? 1 : 0);
  return rank(a) - rank(b) || a.startsAtMs - b.startsAtMs || (a.id < b.id ? -1 : 1);
}

/** All choices that may be combined, the smallest first: an exclusive promotion stands alone. */
function listSubsets(promotions: readonly Promotion[]): Promotion[][] {
  const combining = promotions.filter(({ exclusive }) => !exclusive);
  const subsets = combining.reduce<Promotion[][]>(
    (all, one) => [...all, ...all.map((subset) => [...subset, one])],
    [[]],
  );
  const alone = promotions.filter(({ exclusive }) => exclusive).map((one) => [one]);
  return [...subsets, ...alone].toSorted((a, b) => a.length - b.length);
}
