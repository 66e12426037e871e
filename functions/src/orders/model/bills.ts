import type { Bill } from '../../calls/bills.js';
import type { Order } from '../../contract/orders.js';
import type { Pricing } from '../../contract/pricing.js';
import { computeRideMinor } from '../../pricing/courier-pay.js';

type BillOf<P extends Bill['party']> = Extract<Bill, { party: P }>;

/** What the customer pays, and what an open proposal would cost. */
export function toCustomerBill(orderId: string, { currency, totals, payment, edit }: Order): BillOf<'customer'> {
  const { authorizedMinor, capturedMinor, refundedMinor } = payment;
  const proposal = edit ? { event: edit.event, totalMinor: edit.totalMinor } : null;
  return { party: 'customer', orderId, currency, totals, authorizedMinor, capturedMinor, refundedMinor, proposal };
}

/** What the restaurant earns, with the ride and tip of its own rider, bears and was paid. */
export function toRestaurantBill(orderId: string, order: Order, { split }: Pricing): BillOf<'restaurant'> {
  const { currency, lines, payment, kitchenPay, events, rider } = order;
  const transfer = events.flatMap(({ money }) => (money?.type === 'transfer' ? [money] : [])).at(-1);
  return {
    party: 'restaurant',
    orderId,
    currency,
    itemsMinor: lines.reduce((sum, { grossMinor }) => sum + grossMinor, 0),
    earnsMinor: split.merchantMinor + (rider?.type === 'own' ? split.courierMinor : 0),
    bearsMinor: payment.merchantBearsMinor ?? 0,
    pay: kitchenPay ?? 'due',
    payout: transfer
      ? {
          amountMinor: transfer.amountMinor,
          owedMinor: transfer.owedMinor ?? 0,
          debtMinor: transfer.debtMinor ?? 0,
        }
      : null,
  };
}

/** What the courier is paid for the ride, and collects. */
export function toCourierBill(orderId: string, order: Order, pricing: Pricing): BillOf<'courier'> {
  const { currency, totals, payment } = order;
  return {
    party: 'courier',
    orderId,
    currency,
    rideMinor: computeRideMinor(pricing),
    tipMinor: totals.tipMinor,
    cashMinor: payment.method === 'cash' ? totals.totalMinor : 0,
  };
}
