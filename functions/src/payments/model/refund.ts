import type { z } from 'zod';
import type { RefundOrderInput } from '../../calls/payments.js';
import type { Journal, Order } from '../../contract/orders.js';
import type { Refund } from '../../contract/payments.js';
import type { Pricing } from '../../contract/pricing.js';
import { computeReturned } from '../../ledger/model/returned.js';
import { isSold, computeSale } from '../../ledger/model/sale.js';
import type { StaffRole } from '../../authority/staff.js';
import { isOwnParty, listRoles } from '../../orders/model/actors.js';
import { findSettlement, type Priced } from '../../orders/model/settlement-scope.js';
import type { Caller } from '../../platform/context.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import { toSendable } from '../../pricing/currencies.js';
import { sum } from '../../pricing/money.js';
import { priceRefund, type PricedRefund } from '../../pricing/refund.js';
import type { Settlement } from '../../pricing/settle.js';
import { splitRefund } from './split-amounts.js';
import { computeTakenBack } from './taken-back.js';
import { refundJournal, reversalJournal, type Parties } from '../../ledger/model/journals.js';

export interface RefundInput {
  order: Order;
  /** Null when the quote is gone. */
  quote: Priced | null;
  earlier: readonly Refund[];
  request: RefundRequest;
  /** An operator refused the courier's pay of the order. */
  courierRefused: boolean;
  by: Refund['by'];
  nowMs: number;
}

export type RefundRequest = z.infer<typeof RefundOrderInput>;

export interface DecidedRefund {
  refund: Refund;
  /** The part of it that was paid in money, to all parties. */
  moneyMinor: number;
  refunded: Journal | null;
  /** The merchant's part, which was paid out already. */
  reversed: Journal | null;
  /** After it the customer pays less than the courier earned: an operator must decide it. */
  leavesRideUnpaid: boolean;
}

/** Few enough to read each time. The last ones are reserved for an operator's refunds of all that is left. */
export const MAX_REFUNDS = 50;
const MAX_IN_PART = 45;
/** The maximum by the kitchen, so that claims and operators have room. */
const MAX_BY_MERCHANT = 30;

/**
 * Decides in which role the caller acts; `staffRole` is from the membership document. A merchant refunds food at its
 * own cost; fees, tips and other parties' money require an operator.
 */
export function selectRefunder(
  order: Order,
  caller: Pick<Caller, 'uid' | 'claims'>,
  staffRole: StaffRole | null,
  { what, liable }: RefundRequest,
): Outcome<Refund['by']> {
  const roles = listRoles(order, caller, staffRole !== null);
  if (roles.includes('operator')) return accept('operator');
  if (!roles.includes('merchant')) return refuse('ORDER_NOT_FOUND');
  if (isOwnParty(order, caller.uid)) return refuse('PARTY_CONFLICT', { role: 'merchant' });
  const manages = staffRole === 'owner' || staffRole === 'manager';
  if (manages && liable === 'merchant' && what.type === 'lines') return accept('merchant');
  return refuse('ROLE_NOT_ALLOWED', { role: 'merchant', action: 'refund' });
}

/**
 * Decides whether an order can be refunded as requested, the amount, and its journal. A merchant's refund that leaves
 * the courier's ride unpaid is refused.
 */
export function decideRefund(input: RefundInput): Outcome<DecidedRefund> {
  const { order, quote, earlier, request, courierRefused } = input;
  if (!quote) return refuse('QUOTE_NOT_FOUND');
  const settlement = findSettlement(order, quote);
  if (!settlement || !isCharged(settlement)) return refuse('NOT_CHARGED', { status: order.status });
  const payable = checkPayment(order, request);
  if (!payable.ok) return payable;
  const room = checkRoom(input);
  if (!room.ok) return room;
  const moneyLeftMinor = order.payment.capturedMinor - order.payment.refundedMinor;
  const { what, liable } = request;
  const lateMinor = (order.payment.merchantBearsMinor ?? 0) - sum(earlier.map((one) => one.merchantMinor));
  const lateCreditMinor = sumLateCredit(order.events);
  const kitchenRefused = order.kitchenPay === 'refused';
  const inCash = order.payment.method === 'cash';
  const left = { moneyLeftMinor, inCash, lateMinor, lateCreditMinor, courierRefused, kitchenRefused };
  const { pricing } = quote;
  const priced = priceRefund({ pricing, settlement, earlier, what, liable, ...left });
  if (!priced.ok) return priced;
  const decided = book(input, { pricing, settlement }, priced.value);
  const isRefused = input.by === 'merchant' && decided.leavesRideUnpaid;
  return isRefused ? refuse('OPERATOR_REQUIRED') : accept(decided);
}

/**
 * True where the customer pays less, in money and credit, than the courier earned after this refund. The platform pays
 * that ride: a kitchen, a courier and a customer who cooperate could create any number of such orders.
 */
function isRideUnpaid({ captureMinor, creditMinor, split }: Settlement, refunds: readonly Refund[]): boolean {
  const paidMinor = captureMinor + creditMinor - sum(refunds.map((one) => one.amountMinor));
  return paidMinor < split.courierMinor - sum(refunds.map((one) => one.courierMinor));
}

const sumLateCredit = (events: Order['events']): number => sum(events.map(({ late }) => late?.creditMinor ?? 0));

/** Prevents many small refunds from leaving money that no further refund can return. */
function checkRoom({ earlier, by, request }: RefundInput): Outcome<null> {
  if (by === 'merchant' && earlier.filter((one) => one.by === 'merchant').length >= MAX_BY_MERCHANT)
    return refuse('LIMIT_REACHED', { refunds: MAX_BY_MERCHANT });
  const most = by === 'operator' && request.what.type === 'whole' ? MAX_REFUNDS : MAX_IN_PART;
  return earlier.length < most ? accept(null) : refuse('LIMIT_REACHED', { refunds: most });
}

/** In money or in credit: where credit paid for the whole charge, the PaymentIntent was released. */
const isCharged = ({ captureMinor, creditMinor }: Settlement): boolean => captureMinor + creditMinor > 0;

function checkPayment({ payment, courierId }: Order, { to, liable }: RefundRequest): Outcome<null> {
  if (payment.disputed) return refuse('ORDER_DISPUTED');
  if (to === 'card' && payment.method === 'cash') return refuse('CREDIT_ONLY');
  return liable === 'courier' && courierId === null ? refuse('COURIER_REQUIRED') : accept(null);
}

interface Charged {
  pricing: Pricing;
  settlement: Settlement;
}

function book(
  { order, earlier, request, by, nowMs }: RefundInput,
  charged: Charged,
  priced: PricedRefund,
): DecidedRefund {
  const { customerId, restaurantId, courierId, currency, payment, events } = order;
  const { orderId, what, liable, reason, to } = request;
  const { amountMinor, moneyMinor, taxMinor, merchantMinor, courierMinor, promotionMinor, lines } = priced;
  const sent = earlier.flatMap((one) => one.parts);
  const parts = to === 'card' ? splitRefund(payment, sent, moneyMinor) : [];
  const toCardMinor = sum(parts.map((part) => part.amountMinor));
  const paidOut = events.some(({ money }) => money?.type === 'transfer' && money.owedMinor === undefined);
  // A payout that deducted a debt transferred less than the order earned.
  const transferredMinor = sum(events.map(({ money }) => (money?.type === 'transfer' ? money.amountMinor : 0)));
  const leftMinor = transferredMinor - sum(earlier.map((one) => one.reversalMinor));
  const dueMinor = toSendable(merchantMinor, currency);
  const reversalMinor = paidOut ? Math.min(dueMinor, Math.max(0, leftMinor)) : 0;
  const refund: Refund = {
    customerId,
    restaurantId,
    by,
    what,
    liable,
    reason,
    currency,
    atMs: nowMs,
    amountMinor,
    taxMinor,
    merchantMinor,
    courierMinor,
    promotionMinor,
    reversalMinor,
    ...(paidOut && dueMinor > reversalMinor && { debtMinor: dueMinor - reversalMinor }),
    lines,
    parts: parts.map((part) => ({ ...part, status: 'pending' })),
    creditMinor: amountMinor - toCardMinor,
    status: 'pending',
  };
  const parties: Parties = { orderId, restaurantId, courierId, customerId, currency };
  const lateCreditMinor = sumLateCredit(events);
  const takenBack = computeTakenBack(
    { ...charged, status: order.status, restaurantId, lateCreditMinor },
    earlier,
    refund,
  );
  const journal = refundJournal(parties, priced, takenBack, toCardMinor, nowMs);
  const refunded = journal && withReturned(journal, order, charged, earlier, refund);
  const reversed = reversalJournal(parties, refund.reversalMinor, nowMs);
  const leavesRideUnpaid = isRideUnpaid(charged.settlement, [...earlier, refund]);
  return { refund, moneyMinor, refunded, reversed, leavesRideUnpaid };
}

/** Adds the amounts by which the kitchen's sales fall to the journal, where the order was a sale. */
function withReturned(
  journal: Journal,
  { status, restaurantId, events }: Order,
  { pricing, settlement }: Charged,
  earlier: readonly Refund[],
  refund: Refund,
): Journal {
  if (!isSold(status, settlement)) return journal;
  const sale = computeSale(restaurantId, status, pricing, settlement);
  return {
    ...journal,
    returned: computeReturned({ pricing, settlement, sale, lateCreditMinor: sumLateCredit(events) }, earlier, refund),
  };
}
