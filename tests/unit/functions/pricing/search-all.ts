import type { Pricing } from '#functions/contract/pricing.js';
import type { Promotion } from '#functions/contract/zones.js';
import { accept, refuse, type Outcome } from '#functions/core/outcome.js';
import { finishPrice, priceDue, readCart, type PricingInput } from '#functions/pricing/price-order.js';

/** Prices every choice of promotions completely, and takes the first of the cheapest that can be charged. */
export function searchAll(input: PricingInput): Outcome<Pricing> {
  const cart = readCart(input);
  if (!cart.ok) return cart;
  const rank = ({ code }: Promotion) => (code === undefined ? 1 : 0);
  const promotions = input.promotions
    .filter(({ startsAtMs, endsAtMs }) => startsAtMs <= input.nowMs && input.nowMs < endsAtMs)
    .toSorted((a, b) => rank(a) - rank(b) || a.startsAtMs - b.startsAtMs || (a.id < b.id ? -1 : 1))
    .slice(0, 10)
    .filter(({ minimumItemsMinor }) => cart.value.grossMinor >= minimumItemsMinor);
  const subsets = promotions
    .filter(({ exclusive }) => !exclusive)
    .reduce<Promotion[][]>((all, one) => [...all, ...all.map((subset) => [...subset, one])], [[]]);
  const alone = promotions.filter(({ exclusive }) => exclusive).map((one) => [one]);
  const dues = [...subsets, ...alone]
    .toSorted((a, b) => a.length - b.length)
    .map((subset) => priceDue(input, cart.value, subset));
  const refused = dues.find((due) => !due.ok);
  if (refused && !refused.ok) return refused;
  let refusal: Outcome<Pricing> = refuse('TOTAL_BELOW_PAYMENT_MINIMUM');
  const sorted = dues.flatMap((due) => (due.ok ? [due.value] : [])).toSorted((a, b) => a.dueMinor - b.dueMinor);
  for (const due of sorted) {
    const price = finishPrice(input, cart.value, due);
    if (price.ok) return accept(price.value);
    refusal = price;
  }
  return refusal;
}
