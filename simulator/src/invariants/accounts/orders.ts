import type { Dispute } from '../../../../functions/src/contract/payments.js';
import { ACCOUNTS, type Posting } from '../../../../functions/src/ledger/model/journals.js';
import { sumOf } from '../breach.js';
import { verdictOn, type Causes } from './causes.js';
import { addedTax, computeEnd, type Ended } from './settlements.js';

/**
 * What all journals of an order must sum to, account by account, by the documents that caused them. Null: its quote is
 * not kept any more.
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
  const ofKitchen = verdictOn(causes, 'kitchen') === 'open' ? ACCOUNTS.heldMerchant : ACCOUNTS.merchant;
  const ofCourier = verdictOn(causes, 'courier') === 'open' ? ACCOUNTS.held : ACCOUNTS.courier;
  return [
    [inCash ? ACCOUNTS.cash(courierId) : ACCOUNTS.provider, end.takenMinor],
    [ACCOUNTS.credit(customerId), end.creditMinor],
    [ACCOUNTS.promotions, end.promotionMinor],
    [ACCOUNTS.rounding, end.roundingMinor],
    [ofKitchen(restaurantId), -end.kitchenMinor],
    ...(courierId === null ? [] : [[ofCourier(courierId), -end.courierMinor] as const]),
    [ACCOUNTS.tax, -end.taxMinor],
    [ACCOUNTS.platform, -end.platformMinor],
  ];
}

/** What the order's events sent to the merchant, less what its refunds took back. */
function expectPayouts({ order, refunds }: Causes): Posting[] {
  const sent = order.events.map(({ money }) => (money?.type === 'transfer' ? money.amountMinor : 0));
  const outMinor = sumOf(sent) - sumOf(refunds.map((one) => one.reversalMinor));
  return [
    [ACCOUNTS.merchant(order.restaurantId), outMinor],
    [ACCOUNTS.provider, -outMinor],
  ];
}

/** Each bears a refund as far as it earned anything of the order; the platform bears the rest. */
function expectRefunds(causes: Causes, end: Ended): Posting[] {
  const { order, refunds } = causes;
  const isRefused = verdictOn(causes, 'kitchen') === 'refuse';
  const netMinor = sumOf(refunds.map((one) => one.amountMinor - one.taxMinor));
  const merchantMinor = isRefused ? 0 : sumOf(refunds.map((one) => one.merchantMinor));
  const courierMinor = Math.min(end.courierMinor, sumOf(refunds.map((one) => one.courierMinor)));
  const promotionMinor = computeReversedPromotion(causes, end);
  const sent = refunds.flatMap(({ parts }) => parts.filter(({ status }) => status !== 'failed'));
  return [
    [ACCOUNTS.tax, sumOf(refunds.map((one) => one.taxMinor))],
    [ACCOUNTS.merchant(order.restaurantId), merchantMinor],
    ...(order.courierId === null ? [] : [[ACCOUNTS.courier(order.courierId), courierMinor] as const]),
    [ACCOUNTS.platform, netMinor - merchantMinor - courierMinor + promotionMinor],
    [ACCOUNTS.promotions, -promotionMinor],
    [ACCOUNTS.provider, -sumOf(sent.map((part) => part.amountMinor))],
    [ACCOUNTS.credit(order.customerId), -sumOf(refunds.map((one) => one.creditMinor))],
  ];
}

/**
 * Promotions on food that was given back: by units, by amounts in proportion to the food, all with the rest of the
 * order.
 */
function computeReversedPromotion({ order, quote, refunds }: Causes, end: Ended): number {
  if (!quote || refunds.length === 0) return 0;
  const { lines } = quote.pricing;
  const lateMinor = sumOf(order.events.map(({ late }) => late?.creditMinor ?? 0));
  const backMinor = sumOf(refunds.map((one) => one.amountMinor));
  if (backMinor >= end.takenMinor + end.creditMinor - lateMinor) return end.promotionMinor;
  const foodMinor = sumOf(lines.map((line) => line.netMinor + addedTax(line)));
  const amountsMinor = sumOf(refunds.filter((one) => one.lines.length === 0).map((one) => one.amountMinor));
  const funded = lines.map((line) => line.grossMinor - line.netMinor - line.merchantFundedMinor);
  const ofLines = lines.map(({ quantity }, index) => {
    const given = refunds.flatMap((one) => one.lines).filter(({ line }) => line === index);
    return Math.round(((funded[index] ?? 0) * sumOf(given.map((one) => one.quantity))) / quantity);
  });
  const ofAmounts = foodMinor === 0 ? 0 : Math.round((sumOf(funded) * Math.min(amountsMinor, foodMinor)) / foodMinor);
  return Math.min(end.promotionMinor, sumOf(ofLines) + ofAmounts);
}

/** At the kitchen's cost as far as it earned anything of the order. */
function expectLateCredit({ order }: Causes, { kitchenMinor }: Ended): Posting[] {
  const given = order.events.flatMap(({ late }) => (late ? [late] : []));
  return given.flatMap(({ creditMinor, leg }): Posting[] => {
    const merchantMinor = leg === 'kitchen' ? Math.min(creditMinor, kitchenMinor) : 0;
    return [
      [ACCOUNTS.merchant(order.restaurantId), merchantMinor],
      [ACCOUNTS.platform, creditMinor - merchantMinor],
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
 * The disputed amount stands apart while it is the bank's and not decided; the fee, and what is lost, are the
 * platform's.
 */
function expectDispute({ status, providerMinor, amountMinor }: Dispute): Posting[] {
  const isOpen = status === 'needsResponse' || status === 'underReview';
  const openMinor = isOpen && providerMinor < 0 ? Math.min(amountMinor, -providerMinor) : 0;
  return [
    [ACCOUNTS.provider, providerMinor],
    [ACCOUNTS.disputed, openMinor],
    [ACCOUNTS.platform, -providerMinor - openMinor],
  ];
}
