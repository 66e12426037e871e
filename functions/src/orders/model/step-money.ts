import type { MoneyEffect, Order, OrderStatus, Payment, Quote } from '../../contract/orders.js';
import type { SettlementScope } from '../../contract/pricing.js';
import { invariant } from '../../core/outcome.js';
import { toSendable } from '../../pricing/currencies.js';
import { NOTHING, type Settlement } from '../../pricing/settle.js';
import type { MoneyRule } from './actions/action-spec.js';
import type { Verdict } from './cancellation.js';
import type { Facts } from './order-command.js';
import { isMoneyOpen } from './payment-intents.js';
import { toCashScope, findSettlement, settleEnd } from './settlement-scope.js';

/** What a step does with the money of its order. */
export interface StepMoney {
  /** The charge of the order and the pay of each party, with the scope; null for a step that ends nothing. */
  settled: { scope: SettlementScope; settlement: Settlement } | null;
  /** The provider's task after the commit. */
  effect: MoneyEffect | null;
  /** The payment after the step. */
  payment: Payment;
}

/** Returns the money of a step that moves none, or not yet. */
export function toUnmovedMoney({ payment }: Order): StepMoney {
  return { settled: null, effect: null, payment };
}

/**
 * Computes what a step that leads to `to` does with the order's money. Throws where it moves money and its action has
 * not read the quote: money never moves by a guess.
 */
export function computeStepMoney(
  order: Order,
  { to, rule, verdict, facts }: { to: OrderStatus; rule: MoneyRule['type']; verdict: Verdict | null; facts: Facts },
): StepMoney {
  switch (rule) {
    case 'none':
      return toUnmovedMoney(order);
    case 'void':
      return settle(order, 'none', NOTHING);
    case 'captureAll':
      return settleWith(order, { to, scope: 'all', verdict }, requireQuote(facts));
    case 'byPolicy':
      invariant(verdict, 'a policy has a verdict');
      return settleWith(order, { to, scope: verdict.scope, verdict }, requireQuote(facts));
    case 'transfer':
      return payOut(order, requireQuote(facts), facts);
  }
}

/** Computes what a cancellation by the policy takes from the customer: the charge and the credit that is not returned. */
export function computeCostMinor(order: Order, verdict: Verdict, facts: Facts): number {
  const { settled } = computeStepMoney(order, { to: 'cancelled', rule: 'byPolicy', verdict, facts });
  return settled ? settled.settlement.captureMinor + settled.settlement.creditMinor : 0;
}

function requireQuote({ quote }: Facts): Quote {
  invariant(quote, 'a step that moves money has read the quote');
  return quote;
}

function settleWith(
  order: Order,
  { to, scope: agreed, verdict }: { to: OrderStatus; scope: SettlementScope; verdict: Verdict | null },
  quote: Quote,
): StepMoney {
  const scope = order.payment.status === 'cash' ? toCashScope(agreed) : agreed;
  return settle(order, scope, settleEnd(order, quote, { scope, liable: verdict?.liable, cameBack: to === 'returned' }));
}

/** With nothing to capture the whole PaymentIntent is released; without one the provider has nothing to do. */
function settle({ payment }: Order, scope: SettlementScope, settlement: Settlement): StepMoney {
  const settled = { scope, settlement };
  const { captureMinor } = settlement;
  if (payment.intentId === null) return { settled, effect: null, payment: paidWithoutProvider(payment, captureMinor) };
  if (captureMinor === 0) return { settled, effect: { type: 'void' }, payment: { ...payment, status: 'voiding' } };
  invariant(captureMinor <= payment.authorizedMinor, 'no more is captured than authorised');
  const effect = { type: 'capture' as const, amountMinor: captureMinor };
  return { settled, effect, payment: { ...payment, status: 'capturing', capturedMinor: captureMinor } };
}

/** Cash was collected, or will not be; a deferred card will not be charged either. */
function paidWithoutProvider(payment: Payment, takenMinor: number): Payment {
  if (payment.status !== 'cash') return payment.status === 'deferred' ? { ...payment, status: 'voided' } : payment;
  if (takenMinor === 0) return { ...payment, status: 'voided' };
  return { ...payment, status: 'captured', authorizedMinor: takenMinor, capturedMinor: takenMinor };
}

/**
 * Computes the merchant's pay: all of its part, its own rider's pay included, or what remains after the order's end,
 * refunds and its debts. Nothing where its pay is held for an operator, or was decided by one. A payout always follows
 * the capture, which it records, too. Where the provider counts in larger units than the ledger, the rest stays owed.
 */
function payOut(
  order: Order,
  quote: Quote,
  { hasNoAccount = false, merchantDebtMinor = 0 }: Pick<Facts, 'hasNoAccount' | 'merchantDebtMinor'>,
): StepMoney {
  const { payment } = order;
  const isTaken = isMoneyOpen(payment) && payment.capturedMinor > 0;
  const paid: Payment = isTaken ? { ...payment, status: 'captured' } : payment;
  if (order.kitchenPay !== undefined) return { settled: null, effect: null, payment: paid };
  const earnedMinor = computeEarnedMinor(order, quote);
  const dueMinor = Math.max(0, earnedMinor - (payment.merchantBearsMinor ?? 0));
  const debtMinor = Math.min(dueMinor, merchantDebtMinor);
  const amountMinor = toSendable(dueMinor - debtMinor, order.currency);
  const owed = hasNoAccount ? { amountMinor: 0, owedMinor: amountMinor } : { amountMinor };
  return { settled: null, effect: { type: 'transfer', ...owed, ...(debtMinor > 0 && { debtMinor }) }, payment: paid };
}

function computeEarnedMinor(order: Order, quote: Quote): number {
  const { merchantMinor = 0, courierMinor = 0 } = findSettlement(order, quote)?.split ?? {};
  return merchantMinor + (order.rider?.type === 'own' ? courierMinor : 0);
}
