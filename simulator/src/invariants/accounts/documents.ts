import type { Courier } from '../../../../functions/src/contract/couriers.js';
import { sumOf, when } from '../breach.js';
import type { Rows } from '../snapshot.js';
import type { Causes } from './causes.js';
import { computeEnd, computeRide, findScope, kitchenPart } from './settlements.js';

/** Minor units by which rounding may move one line's share. */
const ROUNDING_PER_LINE = 3;

/** The documents behind an order's journals agree with each other: no account is held against a wrong one. */
export function documentBreaches(causes: Causes): string[] {
  return [
    ...totalBreaches(causes),
    ...captureBreaches(causes),
    ...commissionBreaches(causes),
    ...refundBreaches(causes),
  ];
}

/** The total that the order shows its parties is the one that its quote will settle. */
function totalBreaches({ id, order, quote }: Causes): string[] {
  if (!quote) return [];
  const [shown, priced] = [order.totals.totalMinor, quote.pricing.totals.totalMinor];
  return when(shown !== priced, `order ${id}: the order says ${shown}, its quote ${priced}`);
}

/**
 * The pay that an open offer shows is what the order's quote will settle: the ride and the tip, which no edit changes.
 */
export function offerBreaches(causes: readonly Causes[], couriers: Rows<Courier>): string[] {
  const known = new Map(causes.map((one) => [one.id, one]));
  return couriers.flatMap(([uid, { offer }]) => {
    const quote = offer && known.get(offer.orderId)?.quote;
    if (!offer || !quote) return [];
    const payMinor = computeRide(quote) + quote.pricing.totals.tipMinor;
    const says = `order ${offer.orderId}: courier ${uid} is offered ${offer.payMinor}`;
    return when(offer.payMinor !== payMinor, `${says}, its quote pays ${payMinor}`);
  });
}

function captureBreaches(causes: Causes): string[] {
  const end = computeEnd(causes);
  const { capturedMinor } = causes.order.payment;
  if (!end || end.takenMinor === capturedMinor) return [];
  return [`order ${causes.id}: ${capturedMinor} captured, its lines and fees come to ${end.takenMinor}`];
}

/** The kitchen has its prices less included tax, its own discounts and the commission of its contract. */
function commissionBreaches({ id, quote }: Causes): string[] {
  if (!quote) return [];
  const { lines } = quote.pricing;
  const expectedMinor = sumOf(
    lines.map(({ grossMinor, merchantFundedMinor, taxes }) => {
      const included = taxes.filter(({ mode }) => mode === 'inclusive').map(({ taxMinor }) => taxMinor);
      const ownMinor = Math.max(0, grossMinor - merchantFundedMinor - sumOf(included));
      return ownMinor - Math.round((ownMinor * quote.commissionPpm) / 1_000_000);
    }),
  );
  const sharedMinor = sumOf(lines.map((line) => line.merchantMinor));
  const isOff = Math.abs(sharedMinor - expectedMinor) > lines.length * ROUNDING_PER_LINE;
  return when(isOff, `order ${id}: the merchant's share of the lines is ${sharedMinor}, not ${expectedMinor}`);
}

function refundBreaches(causes: Causes): string[] {
  const { id, order, refunds } = causes;
  const end = computeEnd(causes);
  if (!end) return [];
  const [givenMinor, taxMinor] = [
    sumOf(refunds.map((one) => one.amountMinor)),
    sumOf(refunds.map((one) => one.taxMinor)),
  ];
  const paidMinor = end.takenMinor + end.creditMinor;
  const isWhole = givenMinor === paidMinor;
  const lateMinor = sumOf(order.events.map(({ late }) => late?.creditMinor ?? 0));
  const split = refunds.filter(({ amountMinor, creditMinor, parts }) => {
    const sent = parts.filter(({ status }) => status !== 'failed').map((part) => part.amountMinor);
    return amountMinor !== sumOf(sent) + creditMinor;
  });
  const ofOthers = refunds.filter(({ liable, courierMinor }) => liable !== 'courier' && courierMinor > 0);
  const bearsMinor = sumOf(refunds.map((one) => one.merchantMinor)) + lateAtKitchen(causes);
  const borneMinor = order.payment.merchantBearsMinor ?? 0;
  return [
    ...when(
      givenMinor + lateMinor > paidMinor && givenMinor > 0,
      `order ${id}: ${givenMinor} given back and ${lateMinor} credited of ${paidMinor} paid`,
    ),
    ...when(
      isWhole && taxMinor !== end.taxMinor,
      `order ${id}: all is given back, but ${taxMinor} of ${end.taxMinor} tax`,
    ),
    ...when(taxMinor > end.taxMinor, `order ${id}: ${taxMinor} tax given back of ${end.taxMinor}`),
    ...split.map(({ amountMinor }) => `order ${id}: a refund of ${amountMinor} does not sum to its parts`),
    ...ofOthers.map(
      ({ liable, courierMinor }) =>
        `order ${id}: the courier bears ${courierMinor} of a refund at the cost of the ${liable}`,
    ),
    ...when(
      bearsMinor !== borneMinor,
      `order ${id}: the merchant bears ${borneMinor}, its refunds and lateness come to ${bearsMinor}`,
    ),
    ...when(bearsMinor > earnedByKitchen(causes), `order ${id}: the merchant bears ${bearsMinor}, more than it earned`),
  ];
}

const lateAtKitchen = (causes: Causes): number =>
  sumOf(
    causes.order.events.map(({ late }) =>
      late?.leg === 'kitchen' ? Math.min(late.creditMinor, earnedByKitchen(causes)) : 0,
    ),
  );

/** Before an operator's refusal, which may come after refunds at the kitchen's cost. */
function earnedByKitchen({ order, quote }: Causes): number {
  const scope = findScope(order);
  return quote && scope ? kitchenPart(quote, scope) : 0;
}
