import type { HeldPay, Payee } from '../../../../functions/src/contract/held-pays.js';
import type { Order, Quote } from '../../../../functions/src/contract/orders.js';
import type { Dispute, Refund, Tip } from '../../../../functions/src/contract/payments.js';
import type { Books, Rows } from '../snapshot.js';

/** One order with the documents that caused its journals. */
export interface Causes {
  id: string;
  order: Order;
  /** Undefined where the quote is deleted. */
  quote: Quote | undefined;
  refunds: readonly Refund[];
  tips: readonly Tip[];
  disputes: readonly Dispute[];
  /** At most one per payee. */
  heldPays: readonly HeldPay[];
}

/** Returns every order with its documents; an empty list where they were not read. */
export function gatherCauses({ orders, quotes = [], overrides, extras }: Books): Causes[] {
  if (!overrides || !extras) return [];
  const quoteById = new Map(quotes);
  const refunds = groupRows(overrides.refunds, (path) => path.split('/')[1] ?? '');
  const tips = groupRows(extras.tips, (path) => path.split('/')[1] ?? '');
  const disputes = groupRows(extras.disputes, (_, { orderId }) => orderId);
  const heldPays = groupRows(extras.heldPays, (_, { orderId }) => orderId);
  return orders.map(([id, order]) => ({
    id,
    order,
    quote: quoteById.get(id),
    refunds: refunds.get(id) ?? [],
    tips: tips.get(id) ?? [],
    disputes: disputes.get(id) ?? [],
    heldPays: heldPays.get(id) ?? [],
  }));
}

function groupRows<T>(rows: Rows<T>, orderOf: (id: string, row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const [id, row] of rows) {
    const orderId = orderOf(id, row);
    groups.set(orderId, [...(groups.get(orderId) ?? []), row]);
  }
  return groups;
}

/** Returns an operator's decision about a held pay: `open` while it waits, null where no pay was held. */
export function getVerdict({ heldPays }: Causes, payee: Payee): 'open' | 'release' | 'refuse' | null {
  const pay = heldPays.find((one) => one.payee === payee);
  return pay ? (pay.decision?.verdict ?? 'open') : null;
}
