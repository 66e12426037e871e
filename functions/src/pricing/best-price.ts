import type { Pricing } from '../contract/pricing.js';
import { isStorePromotionId } from '../contract/store-promotions.js';
import type { Promotion } from '../contract/zones.js';
import { invariant, refuse, type Outcome } from '../core/outcome.js';
import { prepareDues } from './compare-dues.js';
import { sum } from './money.js';
import { finishPrice, priceDue, readCart, type GrossCart, type PricingInput } from './price-order.js';
import { checkPayable } from './totals.js';

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
  const promotions = selectApplicable(input, cart.value);
  const readDue = prepareDues(input, cart.value, promotions);
  const choices: Choice[] = [];
  for (const chosen of listSubsets(promotions)) {
    const due = readDue(chosen);
    if (!due.ok) return due;
    choices.push({ promotions: chosen, dueMinor: due.value });
  }
  const sorted = choices.toSorted((a, b) => a.dueMinor - b.dueMinor);
  return priceCheapestPayable(input, cart.value, sorted);
}

/** A choice of promotions with the amount due before tip and credit. */
interface Choice {
  promotions: readonly Promotion[];
  dueMinor: number;
}

/**
 * Prices the first choice whose total can be charged, and whose discounts the restaurant can bear, completely. Sorting is
 * stable: of equally cheap ones the first, which has the fewest promotions.
 */
function priceCheapestPayable(input: PricingInput, cart: GrossCart, choices: readonly Choice[]): Outcome<Pricing> {
  let refusal: Outcome<Pricing> = refuse('TOTAL_BELOW_PAYMENT_MINIMUM');
  for (const { promotions, dueMinor } of choices) {
    const payable = checkPayable(input, cart.grossMinor, dueMinor);
    if (!payable.ok) {
      refusal = payable;
      continue;
    }
    const price = priceChoice(input, cart, { promotions, dueMinor });
    if (!price.ok || isBorneByStore(promotions, price.value)) return price;
  }
  return refusal;
}

/**
 * False where a restaurant's own promotions give away more of the delivery than the restaurant earns on the food: the
 * platform would pay the rest. That depends on the choice alone, so that a further promotion still makes no order dearer.
 */
function isBorneByStore(promotions: readonly Promotion[], { lines, fees }: Pricing): boolean {
  if (!promotions.some(({ id }) => isStorePromotionId(id))) return true;
  return sum(fees.map((fee) => fee.merchantFundedMinor)) <= sum(lines.map((line) => line.merchantMinor));
}

function priceChoice(input: PricingInput, cart: GrossCart, { promotions, dueMinor }: Choice): Outcome<Pricing> {
  const due = priceDue(input, cart, promotions);
  if (!due.ok) return due;
  invariant(due.value.dueMinor === dueMinor, 'a choice of promotions costs what it was compared by');
  return finishPrice(input, cart, due.value);
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
