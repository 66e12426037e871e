import type { Split, Totals } from '#functions/contract/pricing.js';
import type { Promotion } from '#functions/contract/zones.js';
import { least, most, sumOf } from './exact.js';
import { toGoods } from './goods.js';
import type { OracleOrder } from './order.js';
import { payCourier, computePrice, sumGross, type OraclePrice } from './price.js';
import { sumAdded, sumTaxes } from './taxes.js';

/** Why no price exists. */
export type Refused = 'belowMinimum' | 'tooFar' | 'belowCharge' | 'aboveCharge';

/** The largest sum of items, and the largest total in cash: amounts in numbers stay exact. */
const LARGEST = 10n ** 14n;

interface Due {
  creditMinor: bigint;
  roundingMinor: bigint;
  totalMinor: bigint;
}

export interface Payable {
  price: OraclePrice;
  due: Due;
}

/** The result: every choice of promotions that can be paid and is the cheapest before credit, or the refusal. */
export type Verdict = { cheapest: Payable[] } | { refused: Refused[] };

/** Tries every choice of promotions. */
export function findCheapest(order: OracleOrder): Verdict {
  if (sumGross(toGoods(order)) < BigInt(order.zone.minimumOrderMinor)) return { refused: ['belowMinimum'] };
  if (sumGross(toGoods(order)) > LARGEST) return { refused: ['aboveCharge'] };
  const refused = new Set<Refused>();
  let cheapest: Payable[] = [];
  for (const chosen of listChoices(order.promotions)) {
    const price = computePrice(order, chosen);
    if (!price) return { refused: ['tooFar'] };
    const due = settleDue(order, price);
    if (typeof due === 'string') {
      refused.add(due);
      continue;
    }
    const best = cheapest[0]?.price.sumMinor;
    if (best === undefined || price.sumMinor < best) cheapest = [];
    if (best === undefined || price.sumMinor <= best) cheapest.push({ price, due });
  }
  return cheapest.length > 0 ? { cheapest } : { refused: [...refused] };
}

/** All subsets of the promotions that can be combined, and each exclusive one alone. */
function listChoices(promotions: readonly Promotion[]): Promotion[][] {
  let choices: Promotion[][] = [[]];
  for (const promotion of promotions.filter(({ exclusive }) => !exclusive)) {
    choices = [...choices, ...choices.map((choice) => [...choice, promotion])];
  }
  return [...choices, ...promotions.filter(({ exclusive }) => exclusive).map((one) => [one])];
}

/** Steps 12 and 13: credit, except on the tip; then what the means of payment can carry. */
function settleDue({ means, creditMinor }: OracleOrder, { sumMinor, tipMinor }: OraclePrice): Due | Refused {
  const used = least(BigInt(creditMinor), sumMinor - tipMinor);
  const rest = sumMinor - used;
  if (means.method === 'cash') {
    if (rest > LARGEST) return 'aboveCharge';
    const totalMinor = ((2n * rest + means.coinMinor) / (2n * means.coinMinor)) * means.coinMinor;
    return { creditMinor: used, roundingMinor: rest - totalMinor, totalMinor };
  }
  const chargeable = (amount: bigint) => amount - (amount % means.stepMinor);
  const isTooLittle = chargeable(rest) > 0n && chargeable(rest) < means.minimumMinor;
  if (isTooLittle && sumMinor < means.minimumMinor) return 'belowCharge';
  const owed = isTooLittle ? means.minimumMinor : rest;
  const totalMinor = chargeable(owed);
  if (totalMinor > means.maximumMinor) return 'aboveCharge';
  return { creditMinor: sumMinor - owed, roundingMinor: owed - totalMinor, totalMinor };
}

/** The rows that an order's parties see. */
export function toTotals({ price, due }: Payable): Totals {
  const { goods, fees, tipMinor } = price;
  const priced = [...goods, ...fees];
  const added = sumOf(priced.map(({ taxes }) => sumAdded(taxes)));
  const fee = (kind: string) => Number(fees.find((one) => one.kind === kind)?.grossMinor ?? 0n);
  return {
    itemsMinor: Number(sumGross(goods)),
    discountMinor: Number(sumOf(priced.map(({ grossMinor, netMinor }) => grossMinor - netMinor))),
    deliveryMinor: fee('delivery'),
    smallOrderMinor: fee('smallOrder'),
    serviceMinor: fee('service'),
    bagMinor: fee('bag'),
    taxMinor: Number(added),
    includedTaxMinor: Number(sumOf(priced.map(({ taxes }) => sumTaxes(taxes))) - added),
    tipMinor: Number(tipMinor),
    creditMinor: Number(due.creditMinor),
    roundingMinor: Number(due.roundingMinor),
    totalMinor: Number(due.totalMinor),
  };
}

/** Divides the total: the merchant's part less its contribution to the delivery; the platform has the remainder. */
export function toSplit(order: OracleOrder, { price, due }: Payable): Split {
  const { goods, fees, tipMinor } = price;
  const contribution = sumOf(fees.map(({ discount }) => discount.merchantMinor));
  const merchant = most(0n, sumOf(goods.map(({ merchantMinor }) => merchantMinor)) - contribution);
  const courier = payCourier(order, tipMinor);
  const taxes = sumOf([...goods, ...fees].map((one) => sumTaxes(one.taxes)));
  return {
    merchantMinor: Number(merchant),
    courierMinor: Number(courier),
    platformMinor: Number(due.totalMinor - merchant - courier - taxes),
    taxMinor: Number(taxes),
  };
}
