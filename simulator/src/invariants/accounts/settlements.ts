import type { Order, Quote } from '../../../../functions/src/contract/orders.js';
import type { PricedFee, PricedLine, SettlementScope } from '../../../../functions/src/contract/pricing.js';
import { getChargeUnit } from '../../../../functions/src/pricing/currencies.js';
import { computeShare, mulDiv } from '../../../../functions/src/pricing/money.js';
import { sum } from '../breach.js';
import { getVerdict, type Causes } from './causes.js';

/** The amounts that the end of an order settles, each positive in the sense of its name. */
export interface Ended {
  /** From the card, or in cash by the courier. */
  takenMinor: number;
  creditMinor: number;
  /** The platform's part of the discounts. */
  promotionMinor: number;
  roundingMinor: number;
  kitchenMinor: number;
  courierMinor: number;
  taxMinor: number;
  /** Fees and commission less the platform's costs; negative where it pays more than it earns. */
  platformMinor: number;
}

const NOT_ENDED: Ended = {
  takenMinor: 0,
  creditMinor: 0,
  promotionMinor: 0,
  roundingMinor: 0,
  kitchenMinor: 0,
  courierMinor: 0,
  taxMinor: 0,
  platformMinor: 0,
};

/** The fees that each scope charges beside the lines; null where the customer is not charged. */
const CHARGED_FEES: Readonly<Record<SettlementScope, readonly PricedFee['kind'][] | null>> = {
  all: ['delivery', 'smallOrder', 'service', 'bag'],
  allLessTip: ['delivery', 'smallOrder', 'service', 'bag'],
  items: [],
  itemsAndDelivery: ['delivery'],
  none: null,
  platformPaysKitchen: null,
  platformPaysCourier: null,
};

/**
 * Computes what the end of an order settles from its quote and events, independently of the code that settles. A pay
 * that an operator refused goes to the platform. Null where the order was settled and its quote is deleted.
 */
export function computeEnd(causes: Causes): Ended | null {
  const scope = findScope(causes.order);
  if (scope === null || scope === 'none') return NOT_ENDED;
  return causes.quote ? computeScope(causes, causes.quote, scope) : null;
}

/** Returns how much of the order its end charged; null before the end. */
export function findScope({ status, due, events, payment }: Order): SettlementScope | null {
  if (['delivered', 'collected', 'completed'].includes(status)) return 'all';
  if ((status !== 'cancelled' && status !== 'returned') || due?.kind === 'settle') return null;
  const scope = events.findLast((event) => event.scope !== undefined)?.scope ?? 'none';
  // Cash is taken completely at the customer's door or not at all.
  const isCharged = !['all', 'none', 'platformPaysCourier'].includes(scope);
  return payment.method === 'cash' && isCharged ? 'platformPaysKitchen' : scope;
}

function computeScope(causes: Causes, quote: Quote, scope: SettlementScope): Ended {
  const charged = chargedParts(quote, scope);
  const taken = computeTaken(quote, scope, charged);
  const promotionMinor = sum(charged.map((one) => one.grossMinor - one.netMinor - one.merchantFundedMinor));
  const kitchenMinor = getVerdict(causes, 'kitchen') === 'refuse' ? 0 : kitchenPart(quote, scope);
  const courierMinor = getVerdict(causes, 'courier') === 'refuse' ? 0 : courierPart(causes.order, quote, scope);
  const taxMinor = sum(charged.flatMap((one) => one.taxes.map((tax) => tax.taxMinor)));
  const earnedMinor = taken.dueMinor + promotionMinor - taxMinor;
  return {
    ...taken,
    promotionMinor,
    kitchenMinor,
    courierMinor,
    taxMinor,
    platformMinor: earnedMinor - kitchenMinor - courierMinor,
  };
}

function chargedParts({ pricing }: Quote, scope: SettlementScope): (PricedLine | PricedFee)[] {
  const kinds = CHARGED_FEES[scope];
  return kinds === null ? [] : [...pricing.lines, ...pricing.fees.filter(({ kind }) => kinds.includes(kind))];
}

type Taken = Pick<Ended, 'takenMinor' | 'creditMinor' | 'roundingMinor'> & { dueMinor: number };

/** `dueMinor` is what the customer owes before credit and rounding, tip included. */
function computeTaken({ pricing }: Quote, scope: SettlementScope, charged: readonly (PricedLine | PricedFee)[]): Taken {
  const { totals, currency } = pricing;
  const partsMinor = sum(charged.map((one) => one.netMinor + addedTax(one)));
  const creditMinor = Math.min(partsMinor, totals.creditMinor);
  const tipMinor = scope === 'all' ? totals.tipMinor : 0;
  const exactMinor = partsMinor + tipMinor - creditMinor;
  const roundingMinor = scope === 'all' ? totals.roundingMinor : exactMinor % getChargeUnit(currency);
  return { dueMinor: partsMinor + tipMinor, creditMinor, roundingMinor, takenMinor: exactMinor - roundingMinor };
}

export const addedTax = ({ taxes }: PricedLine | PricedFee): number =>
  sum(taxes.filter(({ mode }) => mode === 'exclusive').map(({ taxMinor }) => taxMinor));

/** Returns what the kitchen earned on the lines, less its contribution to the fees that are charged. */
export function kitchenPart(quote: Quote, scope: SettlementScope): number {
  if (scope === 'none' || scope === 'platformPaysCourier') return 0;
  const kinds = CHARGED_FEES[scope] ?? [];
  const fees = quote.pricing.fees.filter(({ kind }) => kinds.includes(kind));
  const earnedMinor = sum(quote.pricing.lines.map((line) => line.merchantMinor));
  return Math.max(0, earnedMinor - sum(fees.map((fee) => fee.merchantFundedMinor)));
}

/**
 * Returns the pay of the ride by the pricing rules of the order, the share for a return ride, and the tip of a
 * delivered order.
 */
function courierPart({ courierId, events, status }: Order, quote: Quote, scope: SettlementScope): number {
  const isAtFault = events.findLast((event) => event.scope !== undefined)?.liable === 'courier';
  const isBrought = status === 'delivered' || status === 'completed';
  if (courierId === null || (isAtFault && !isBrought)) return 0;
  const { courierPay, rounding } = quote.rules.pricing;
  const rideMinor = computeRide(quote);
  const backMinor = status === 'returned' ? computeShare(rideMinor, courierPay.wayBackPpm, rounding) : 0;
  return rideMinor + backMinor + (scope === 'all' ? quote.pricing.totals.tipMinor : 0);
}

/** Returns the pay of the ride by the pricing rules of the order. */
export function computeRide({ rules, distanceMeters }: Quote): number {
  const { courierPay, rounding } = rules.pricing;
  return courierPay.baseMinor + mulDiv(courierPay.perKilometerMinor, distanceMeters, 1000, rounding);
}
