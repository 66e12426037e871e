import type { Courier } from '../../../../functions/src/contract/couriers.js';
import { sum, listIf } from '../breach.js';
import type { Rows } from '../snapshot.js';
import type { Causes } from './causes.js';
import { computeEnd, computeRide, findScope, kitchenPart } from './settlements.js';

/** Minor units by which rounding may change one line's share. */
const ROUNDING_PER_LINE = 3;

/**
 * Checks that the documents behind an order's journals agree with each other, so that accounts are compared with
 * correct documents.
 */
export function documentBreaches(causes: Causes): string[] {
  return [
    ...totalBreaches(causes),
    ...captureBreaches(causes),
    ...commissionBreaches(causes),
    ...refundBreaches(causes),
  ];
}

/** The total in the order equals the total of the quote that will be settled. */
function totalBreaches({ id, order, quote }: Causes): string[] {
  if (!quote) return [];
  const [shown, priced] = [order.totals.totalMinor, quote.pricing.totals.totalMinor];
  return listIf(shown !== priced, `order ${id}: the order's total is ${shown}, its quote's total is ${priced}`);
}

/** The pay in an open offer equals what the order's quote will settle: the ride and the tip, which no edit changes. */
export function offerBreaches(causes: readonly Causes[], couriers: Rows<Courier>): string[] {
  const known = new Map(causes.map((one) => [one.id, one]));
  return couriers.flatMap(([uid, { offer }]) => {
    const quote = offer && known.get(offer.orderId)?.quote;
    if (!offer || !quote) return [];
    const payMinor = computeRide(quote) + quote.pricing.totals.tipMinor;
    const says = `order ${offer.orderId}: courier ${uid} is offered ${offer.payMinor}`;
    return listIf(offer.payMinor !== payMinor, `${says}, but its quote pays ${payMinor}`);
  });
}

function captureBreaches(causes: Causes): string[] {
  const end = computeEnd(causes);
  const { capturedMinor } = causes.order.payment;
  if (!end || end.takenMinor === capturedMinor) return [];
  return [`order ${causes.id}: ${capturedMinor} captured, but its lines and fees sum to ${end.takenMinor}`];
}

/** The kitchen earns its prices less included tax, its own discounts and the commission of its contract. */
function commissionBreaches({ id, quote }: Causes): string[] {
  if (!quote) return [];
  const { lines } = quote.pricing;
  const expectedMinor = sum(
    lines.map(({ grossMinor, merchantFundedMinor, taxes }) => {
      const included = taxes.filter(({ mode }) => mode === 'inclusive').map(({ taxMinor }) => taxMinor);
      const ownMinor = Math.max(0, grossMinor - merchantFundedMinor - sum(included));
      return ownMinor - Math.round((ownMinor * quote.commissionPpm) / 1_000_000);
    }),
  );
  const sharedMinor = sum(lines.map((line) => line.merchantMinor));
  const isOff = Math.abs(sharedMinor - expectedMinor) > lines.length * ROUNDING_PER_LINE;
  return listIf(isOff, `order ${id}: the merchant's share of the lines is ${sharedMinor}, not ${expectedMinor}`);
}

function refundBreaches(causes: Causes): string[] {
  const { id, order, refunds } = causes;
  const end = computeEnd(causes);
  if (!end) return [];
  const [givenMinor, taxMinor] = [sum(refunds.map((one) => one.amountMinor)), sum(refunds.map((one) => one.taxMinor))];
  const paidMinor = end.takenMinor + end.creditMinor;
  const isWhole = givenMinor === paidMinor;
  const lateMinor = sum(order.events.map(({ late }) => late?.creditMinor ?? 0));
  const split = refunds.filter(({ amountMinor, creditMinor, parts }) => {
    const sent = parts.filter(({ status }) => status !== 'failed').map((part) => part.amountMinor);
    return amountMinor !== sum(sent) + creditMinor;
  });
  const ofOthers = refunds.filter(({ liable, courierMinor }) => liable !== 'courier' && courierMinor > 0);
  const bearsMinor = sum(refunds.map((one) => one.merchantMinor)) + lateAtKitchen(causes);
  const borneMinor = order.payment.merchantBearsMinor ?? 0;
  return [
    ...listIf(
      givenMinor + lateMinor > paidMinor && givenMinor > 0,
      `order ${id}: ${givenMinor} refunded and ${lateMinor} credited for lateness, but only ${paidMinor} paid`,
    ),
    ...listIf(
      isWhole && taxMinor !== end.taxMinor,
      `order ${id}: refunded completely, but only ${taxMinor} of ${end.taxMinor} tax`,
    ),
    ...listIf(taxMinor > end.taxMinor, `order ${id}: ${taxMinor} tax refunded, but only ${end.taxMinor} charged`),
    ...split.map(({ amountMinor }) => `order ${id}: a refund of ${amountMinor} is not the sum of its parts`),
    ...ofOthers.map(
      ({ liable, courierMinor }) =>
        `order ${id}: the courier pays ${courierMinor} of a refund for which the ${liable} is liable`,
    ),
    ...listIf(
      bearsMinor !== borneMinor,
      `order ${id}: the payment has ${borneMinor} at the merchant's cost, refunds and lateness sum to ${bearsMinor}`,
    ),
    ...listIf(
      bearsMinor > earnedByKitchen(causes),
      `order ${id}: ${bearsMinor} at the merchant's cost, more than it earned`,
    ),
    ...underborneBreaches(causes, paidMinor),
  ];
}

/**
 * Refunds of an amount for which the merchant is liable cost the merchant at least its share of what was paid, as long as
 * it has earned more than it bears: the platform bears the rest only. Summed up, since the times of two refunds do not
 * tell their order where the clocks of the instances differ.
 */
function underborneBreaches(causes: Causes, paidMinor: number): string[] {
  const { id, order, refunds } = causes;
  const earnedMinor = earnedByKitchen(causes);
  if (order.kitchenPay === 'refused' || paidMinor === 0) return [];
  const shared = refunds.filter(({ liable, what }) => liable === 'merchant' && what.type === 'amount');
  const borneMinor = (some: typeof refunds) => sum(some.map(({ merchantMinor }) => merchantMinor));
  const leftMinor = earnedMinor - lateAtKitchen(causes) - (borneMinor(refunds) - borneMinor(shared));
  const shareMinor = sum(shared.map(({ amountMinor }) => Math.floor((earnedMinor * amountMinor) / paidMinor)));
  const leastMinor = Math.min(leftMinor, shareMinor) - shared.length;
  return listIf(
    borneMinor(shared) < leastMinor,
    `order ${id}: the merchant bears ${borneMinor(shared)} of its refunds, not ${leastMinor}`,
  );
}

const lateAtKitchen = (causes: Causes): number =>
  sum(
    causes.order.events.map(({ late }) =>
      late?.leg === 'kitchen' ? Math.min(late.creditMinor, earnedByKitchen(causes)) : 0,
    ),
  );

/** What the kitchen earned, without an operator's later refusal: refunds at the kitchen's cost may come before it. */
function earnedByKitchen({ order, quote }: Causes): number {
  const scope = findScope(order);
  return quote && scope ? kitchenPart(quote, scope) : 0;
}
