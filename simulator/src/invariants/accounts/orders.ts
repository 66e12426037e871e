import type { Dispute } from '../../../../functions/src/contract/payments.js';
import { ACCOUNTS } from '../../../../functions/src/ledger/model/chart.js';
import { type Posting } from '../../../../functions/src/ledger/model/journals.js';
import { sum } from '../breach.js';
import { getVerdict, type Causes } from './causes.js';
import { addedTax, computeEnd, type Ended } from './settlements.js';
import { computeTakenBack } from './taken-back.js';

/**
 * Returns what all journals of an order must sum to, by account, computed from the documents that caused them. Null
 * where the quote is deleted.
 */
export function expectOrder(causes: Causes): Posting[] | null {
  const end = computeEnd(causes);
  if (!end) return null;
  return [
    ...expectSettlement(causes, end),
    ...expectPayouts(causes),
    ...expectRefunds(causes, end),
    ...expectLateCredit(causes, end),
    ...expectTips(causes),
    ...causes.disputes.flatMap(expectDispute),
  ];
}

function expectSettlement(causes: Causes, end: Ended): Posting[] {
  const { restaurantId, courierId, customerId, payment } = causes.order;
  const inCash = payment.method === 'cash' && courierId !== null;
  const ofKitchen = getVerdict(causes, 'kitchen') === 'open' ? ACCOUNTS.heldMerchant : ACCOUNTS.merchant;
  const ofCourier = getVerdict(causes, 'courier') === 'open' ? ACCOUNTS.held : ACCOUNTS.courier;
  return [
    [inCash ? ACCOUNTS.cash(courierId) : ACCOUNTS.provider, end.takenMinor],
    [ACCOUNTS.credit(customerId), end.creditMinor],
    [ACCOUNTS.promotions, end.promotionMinor],
    [ACCOUNTS.rounding, end.roundingMinor],
    [ofKitchen(restaurantId), -end.kitchenMinor],
    ...(courierId === null ? [] : [[ofCourier(courierId), -end.courierMinor] as const]),
    ...expectRider(causes, ofKitchen(restaurantId), end),
    ...[...end.taxes].map(([account, taxMinor]) => [account, -taxMinor] as const),
    [commissionTaxAccount(causes), -end.commissionTaxMinor],
    [ACCOUNTS.commission, end.commissionTaxMinor - end.commissionMinor],
    [ACCOUNTS.deliveryFees, -end.deliveryFeesMinor],
    [ACCOUNTS.serviceFees, -end.serviceFeesMinor],
    [ACCOUNTS.courierCost, end.rideMinor],
    [ACCOUNTS.orderLosses, end.lossMinor],
    ...causes.heldPays
      .filter(({ decision }) => decision?.verdict === 'refuse')
      .map(({ amountMinor }) => [ACCOUNTS.withheldPay, -amountMinor] as const),
  ];
}

/** The restaurant earns what its own rider does; an outside rider is paid by hand, from the bank. */
function expectRider(causes: Causes, ofKitchen: string, { courierMinor }: Ended): Posting[] {
  const { rider } = causes.order;
  if (!rider) return [];
  // A pay of the kitchen that was refused includes its rider's.
  if (rider.type === 'own') return getVerdict(causes, 'kitchen') === 'refuse' ? [] : [[ofKitchen, -courierMinor]];
  const paidMinor = rider.paidAtMs === undefined ? 0 : courierMinor;
  return [
    [ACCOUNTS.outsideRiders, paidMinor - courierMinor],
    [ACCOUNTS.bank, -paidMinor],
  ];
}

const commissionTaxAccount = ({ quote }: Causes): string =>
  ACCOUNTS.platformTax(quote?.rules.pricing.commissionTaxPpm ?? 0);

/** Payouts to the merchant in the order's events, less the reversals of its refunds. */
function expectPayouts({ order, refunds }: Causes): Posting[] {
  const sent = order.events.map(({ money }) => (money?.type === 'transfer' ? money.amountMinor : 0));
  const outMinor = sum(sent) - sum(refunds.map((one) => one.reversalMinor));
  return [
    [ACCOUNTS.merchant(order.restaurantId), outMinor],
    [ACCOUNTS.provider, -outMinor],
  ];
}

/** Merchant and courier each pay for a refund up to what they earned from the order; the platform pays the rest. */
function expectRefunds(causes: Causes, end: Ended): Posting[] {
  const { order, refunds } = causes;
  const isRefused = getVerdict(causes, 'kitchen') === 'refuse';
  const netMinor = sum(refunds.map((one) => one.amountMinor - one.taxMinor));
  const merchantMinor = isRefused ? 0 : sum(refunds.map((one) => one.merchantMinor));
  const courierMinor = Math.min(end.courierMinor, sum(refunds.map((one) => one.courierMinor)));
  const promotionMinor = computeReversedPromotion(causes, end);
  const { taxes, commissionMinor, commissionTaxMinor } = computeTakenBack(causes, end);
  const sent = refunds.flatMap(({ parts }) => parts.filter(({ status }) => status !== 'failed'));
  return [
    ...taxes,
    [commissionTaxAccount(causes), commissionTaxMinor],
    [ACCOUNTS.commission, commissionMinor - commissionTaxMinor],
    [ACCOUNTS.merchant(order.restaurantId), merchantMinor],
    ...(order.courierId === null ? [] : [[ACCOUNTS.courier(order.courierId), courierMinor] as const]),
    [ACCOUNTS.refundLosses, netMinor - merchantMinor - courierMinor + promotionMinor - commissionMinor],
    [ACCOUNTS.promotions, -promotionMinor],
    [ACCOUNTS.provider, -sum(sent.map((part) => part.amountMinor))],
    [ACCOUNTS.credit(order.customerId), -sum(refunds.map((one) => one.creditMinor))],
  ];
}

/**
 * The part of the promotions that refunds reverse: of lines by units, of amounts in proportion to the food, all of it
 * where the whole order is refunded.
 */
function computeReversedPromotion({ order, quote, refunds }: Causes, end: Ended): number {
  if (!quote || refunds.length === 0) return 0;
  const { lines } = quote.pricing;
  const lateMinor = sum(order.events.map(({ late }) => late?.creditMinor ?? 0));
  const backMinor = sum(refunds.map((one) => one.amountMinor));
  if (backMinor >= end.takenMinor + end.creditMinor - lateMinor) return end.promotionMinor;
  const foodMinor = sum(lines.map((line) => line.netMinor + addedTax(line)));
  const amountsMinor = sum(refunds.filter((one) => one.lines.length === 0).map((one) => one.amountMinor));
  const funded = lines.map((line) => line.grossMinor - line.netMinor - line.merchantFundedMinor);
  const ofLines = lines.map(({ quantity }, index) => {
    const given = refunds.flatMap((one) => one.lines).filter(({ line }) => line === index);
    return Math.round(((funded[index] ?? 0) * sum(given.map((one) => one.quantity))) / quantity);
  });
  const ofAmounts = foodMinor === 0 ? 0 : Math.round((sum(funded) * Math.min(amountsMinor, foodMinor)) / foodMinor);
  return Math.min(end.promotionMinor, sum(ofLines) + ofAmounts);
}

/** The kitchen pays for its lateness up to what it earned from the order. */
function expectLateCredit({ order }: Causes, { kitchenMinor }: Ended): Posting[] {
  const given = order.events.flatMap(({ late }) => (late ? [late] : []));
  return given.flatMap(({ creditMinor, leg }): Posting[] => {
    const merchantMinor = leg === 'kitchen' ? Math.min(creditMinor, kitchenMinor) : 0;
    return [
      [ACCOUNTS.merchant(order.restaurantId), merchantMinor],
      [ACCOUNTS.goodwill, creditMinor - merchantMinor],
      [ACCOUNTS.credit(order.customerId), -creditMinor],
    ];
  });
}

function expectTips({ tips }: Causes): Posting[] {
  const paid = tips.filter(({ status }) => status === 'paid');
  return paid.flatMap(({ courierId, amountMinor }): Posting[] => [
    [ACCOUNTS.provider, amountMinor],
    [ACCOUNTS.courier(courierId), -amountMinor],
  ]);
}

/**
 * The disputed amount is on an account of its own while the bank holds it and has not decided. The platform pays the
 * fee and what is lost.
 */
function expectDispute({ status, providerMinor, amountMinor }: Dispute): Posting[] {
  const isOpen = status === 'needsResponse' || status === 'underReview';
  const openMinor = isOpen && providerMinor < 0 ? Math.min(amountMinor, -providerMinor) : 0;
  return [
    [ACCOUNTS.provider, providerMinor],
    [ACCOUNTS.disputed, openMinor],
    [ACCOUNTS.disputeLosses, -providerMinor - openMinor],
  ];
}
