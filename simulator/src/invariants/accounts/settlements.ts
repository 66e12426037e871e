import type { LiableParty, Order, OrderStatus, Quote, OrderRider } from '../../../../functions/src/contract/orders.js';
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
  /** The same, even where an operator refused it. */
  kitchenShareMinor: number;
  /** The kitchen's part of the discounts. */
  promisedMinor: number;
  courierMinor: number;
  taxMinor: number;
  /** The customers' taxes, by account. */
  taxes: ReadonlyMap<string, number>;
  /** The platform's part of the food that was charged, with its tax. */
  commissionMinor: number;
  commissionTaxMinor: number;
  deliveryFeesMinor: number;
  serviceFeesMinor: number;
  /** The pay of the ride, without the tip. */
  rideMinor: number;
  /** The kitchen's pay where the customer is not charged. */
  lossMinor: number;
}

const NOT_ENDED: Ended = {
  takenMinor: 0,
  creditMinor: 0,
  promotionMinor: 0,
  roundingMinor: 0,
  kitchenMinor: 0,
  kitchenShareMinor: 0,
  promisedMinor: 0,
  courierMinor: 0,
  taxMinor: 0,
  taxes: new Map(),
  commissionMinor: 0,
  commissionTaxMinor: 0,
  deliveryFeesMinor: 0,
  serviceFeesMinor: 0,
  rideMinor: 0,
  lossMinor: 0,
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
  merchantPaysCourier: null,
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
  const isCharged = !['all', 'none', 'platformPaysCourier', 'merchantPaysCourier'].includes(scope);
  return payment.method === 'cash' && isCharged ? 'platformPaysKitchen' : scope;
}

function computeScope(causes: Causes, quote: Quote, scope: SettlementScope): Ended {
  const charged = chargedParts(quote, scope);
  const taken = computeTaken(quote, scope, charged);
  const promotionMinor = sum(charged.map((one) => one.grossMinor - one.netMinor - one.merchantFundedMinor));
  const taxes = taxesByAccount(charged);
  const courierMinor = courierPart(causes.order, quote, scope);
  // A kitchen that cancels while the courier waits at its counter pays the ride.
  const borneMinor = scope === 'merchantPaysCourier' ? courierMinor : 0;
  const kitchenMinor = kitchenPart(quote, scope) - borneMinor;
  const tipMinor = scope === 'all' ? quote.pricing.totals.tipMinor : 0;
  return {
    ...taken,
    promotionMinor,
    kitchenMinor: getVerdict(causes, 'kitchen') === 'refuse' ? 0 : kitchenMinor,
    kitchenShareMinor: kitchenMinor,
    promisedMinor: sum(charged.map((one) => one.merchantFundedMinor)),
    courierMinor: getVerdict(causes, 'courier') === 'refuse' ? 0 : courierMinor,
    taxMinor: sum([...taxes.values()]),
    taxes,
    ...platformPart(quote, charged, kitchenMinor),
    rideMinor: Math.max(0, courierMinor - tipMinor) - borneMinor,
    lossMinor: charged.length === 0 ? Math.max(0, kitchenMinor) : 0,
  };
}

type PlatformPart = Pick<Ended, 'commissionMinor' | 'commissionTaxMinor' | 'deliveryFeesMinor' | 'serviceFeesMinor'>;

/** Commission is what is left of the food's prices after included tax, the kitchen's discounts and its pay. */
function platformPart(
  { rules }: Quote,
  charged: readonly (PricedLine | PricedFee)[],
  kitchenMinor: number,
): PlatformPart {
  const untaxed = (one: PricedLine | PricedFee) => one.grossMinor - includedTax(one);
  const ofFees = (delivers: boolean) =>
    sum(charged.filter((one) => 'kind' in one && (one.kind === 'delivery') === delivers).map(untaxed));
  const food = charged.filter((one) => !('kind' in one));
  const promisedMinor = sum(charged.map((one) => one.merchantFundedMinor));
  const commissionMinor = charged.length === 0 ? 0 : sum(food.map(untaxed)) - promisedMinor - kitchenMinor;
  const { commissionTaxPpm } = rules.pricing;
  const untaxedMinor = Math.max(0, commissionMinor);
  return {
    commissionMinor,
    commissionTaxMinor: Math.round((untaxedMinor * commissionTaxPpm) / (1_000_000 + commissionTaxPpm)),
    deliveryFeesMinor: ofFees(true),
    serviceFeesMinor: ofFees(false),
  };
}

/** The restaurant owes the tax of its food, the platform that of its fees, each by rate. */
function taxesByAccount(charged: readonly (PricedLine | PricedFee)[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const one of charged)
    for (const { ratePpm, taxMinor } of one.taxes) {
      const account = `${'kind' in one ? 'platformTax' : 'restaurantTax'}:${ratePpm}`;
      sums.set(account, (sums.get(account) ?? 0) + taxMinor);
    }
  return sums;
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

const includedTax = ({ taxes }: PricedLine | PricedFee): number =>
  sum(taxes.filter(({ mode }) => mode === 'inclusive').map(({ taxMinor }) => taxMinor));

/** Returns what the kitchen earned on the lines, less its contribution to the fees that are charged. */
export function kitchenPart(quote: Quote, scope: SettlementScope): number {
  if (scope === 'none' || scope === 'platformPaysCourier' || scope === 'merchantPaysCourier') return 0;
  const kinds = CHARGED_FEES[scope] ?? [];
  const fees = quote.pricing.fees.filter(({ kind }) => kinds.includes(kind));
  const earnedMinor = sum(quote.pricing.lines.map((line) => line.merchantMinor));
  return Math.max(0, earnedMinor - sum(fees.map((fee) => fee.merchantFundedMinor)));
}

/**
 * Returns the pay of the ride by the pricing rules of the order, the share for a return ride, and the tip of a
 * delivered order.
 */
function courierPart(order: Order, quote: Quote, scope: SettlementScope): number {
  const { courierId, rider, events, status } = order;
  const liable = events.findLast((event) => event.scope !== undefined)?.liable;
  const isBrought = status === 'delivered' || status === 'completed';
  if (rider) return isBrought || isRiderPaid(order, liable) ? riderPart(rider, quote, scope, status) : 0;
  if (courierId === null || (liable === 'courier' && !isBrought)) return 0;
  const { courierPay, rounding } = quote.rules.pricing;
  const rideMinor = computeRide(quote);
  const backMinor = status === 'returned' ? computeShare(rideMinor, courierPay.wayBackPpm, rounding) : 0;
  return rideMinor + backMinor + (scope === 'all' ? quote.pricing.totals.tipMinor : 0);
}

/** A rider is paid once the food was picked up, unless by the fault of the one who would be paid. */
function isRiderPaid({ rider, events }: Order, liable: LiableParty | undefined): boolean {
  const isUnderWay = events.some(({ action }) => action === 'pickUp');
  return isUnderWay && liable !== 'courier' && (rider?.type === 'outside' || liable !== 'merchant');
}

function riderPart(rider: OrderRider, quote: Quote, scope: SettlementScope, status: OrderStatus): number {
  const tipMinor = scope === 'all' ? quote.pricing.totals.tipMinor : 0;
  if (rider.type === 'outside') return rider.feeMinor + tipMinor;
  const rideMinor = computeRide(quote);
  const { courierPay, rounding } = quote.rules.pricing;
  const backMinor = status === 'returned' ? computeShare(rideMinor, courierPay.wayBackPpm, rounding) : 0;
  return rideMinor + backMinor + tipMinor;
}

/** Returns the pay of the ride by the pricing rules of the order. */
export function computeRide({ rules, distanceMeters }: Quote): number {
  const { courierPay, rounding } = rules.pricing;
  return courierPay.baseMinor + mulDiv(courierPay.perKilometerMinor, distanceMeters, 1000, rounding);
}
