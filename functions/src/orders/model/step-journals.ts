import type { Journal, Late, OrderStatus } from '../../contract/orders.js';
import { lateJournal, payoutJournal, settlementJournal, type SettledParties } from '../../ledger/model/journals.js';
import { isSold, computeSale } from '../../ledger/model/sale.js';
import type { Settlement } from '../../pricing/settle.js';
import type { HeldPayReasons } from './held-pay.js';
import { computeMerchantPartMinor } from './late-credit.js';
import type { TransitionRequest } from './order-command.js';
import type { StepMoney } from './step-money.js';

/**
 * Builds the journal of a step: of a settlement with its sale, of a payout with the transfer; null for a step that
 * moves no money.
 */
export function buildStepJournal(
  request: TransitionRequest,
  to: OrderStatus,
  { settled, effect }: StepMoney,
  waiting: HeldPayReasons,
): Journal | null {
  const { nowMs, quote } = request.facts;
  const held = { courier: waiting.courier.length > 0, kitchen: waiting.kitchen.length > 0 };
  const parties = { ...toParties(request), held };
  if (effect?.type === 'transfer') return payoutJournal(parties, effect.amountMinor, nowMs);
  if (!settled) return null;
  const journal = settlementJournal(parties, settled.settlement, nowMs);
  if (!journal || !quote || !isSold(to, settled.settlement)) return journal;
  return {
    ...journal,
    sale: computeSale(parties.restaurantId, to, quote.pricing, settled.settlement, parties.carriedBy === 'own'),
  };
}

/** Builds the journal of a late order's credit. */
export function buildLateCreditJournal(request: TransitionRequest, late: Late, settlement: Settlement): Journal | null {
  return lateJournal(toParties(request), late, computeMerchantPartMinor(late, settlement), request.facts.nowMs);
}

function toParties({ orderId, order }: TransitionRequest): SettledParties {
  const { restaurantId, courierId, customerId, currency, payment, rider } = order;
  const inCash = payment.method === 'cash';
  return { orderId, restaurantId, courierId, customerId, currency, inCash, ...(rider && { carriedBy: rider.type }) };
}
