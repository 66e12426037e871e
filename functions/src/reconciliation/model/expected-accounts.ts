import type { HeldPay, Payee } from '../../contract/held-pays.js';
import type { Journal, Order } from '../../contract/orders.js';
import type { Dispute, Refund, Tip } from '../../contract/payments.js';
import { findSettlement, type Priced } from '../../orders/model/settlement-scope.js';
import { ACCOUNTS } from '../../ledger/model/chart.js';
import {
  disputeJournal,
  lateJournal,
  payAccounts,
  payoutJournal,
  reversalJournal,
  riderPaymentJournal,
  settlementJournal,
  tipJournal,
  toTaxPostings,
  type SettledParties,
  type Posting,
} from '../../ledger/model/journals.js';
import { sum } from '../../pricing/money.js';
import { sumTakenBack } from '../../payments/model/taken-back.js';
import { NOTHING, type Settlement } from '../../pricing/settle.js';

/** The documents of an order that moved money. */
export interface OrderDocuments {
  orderId: string;
  order: Order;
  quote: Priced;
  refunds: readonly Refund[];
  tips: readonly Tip[];
  disputes: readonly Dispute[];
  heldPays: readonly HeldPay[];
}

export type Balances = ReadonlyMap<string, number>;

/** Computes the balance of each account for an order from its documents; accounts without a balance are left out. */
export function expectAccounts(documents: OrderDocuments): Balances {
  const { orderId, order, quote, refunds, tips, disputes } = documents;
  const { restaurantId, courierId, customerId, currency, payment, events } = order;
  const settlement = findSettlement(order, quote) ?? NOTHING;
  const held = { courier: isOpen(documents, 'courier'), kitchen: isOpen(documents, 'kitchen') };
  const parties: SettledParties = {
    orderId,
    restaurantId,
    courierId,
    customerId,
    currency,
    inCash: payment.method === 'cash',
    ...(order.rider && { carriedBy: order.rider.type }),
    held,
  };
  const sent = sum(events.map(({ money }) => (money?.type === 'transfer' ? money.amountMinor : 0)));
  const journals = [
    settlementJournal(parties, settlement, 0),
    payoutJournal(parties, sent, 0),
    isRiderPaid(order) ? riderPaymentJournal(parties, settlement.split.courierMinor, 0) : null,
    reversalJournal(parties, sum(refunds.map((one) => one.reversalMinor)), 0),
    ...events.flatMap(({ late }) =>
      late
        ? [lateJournal(parties, late, isRefused(documents, 'kitchen') ? 0 : bornByKitchen(late, settlement), 0)]
        : [],
    ),
    ...tips.filter(({ status }) => status === 'paid').map((tip) => tipJournal({ orderId, ...tip }, tip.amountMinor, 0)),
    ...disputes.map((one) => disputeJournal(parties, null, one, 0)),
  ];
  const entries = journals.flatMap((journal) => journal?.entries ?? []);
  return sumPostings([
    ...entries.map(({ account, amountMinor }): Posting => [account, amountMinor]),
    ...expectRefusals(documents),
    ...expectRefunds(documents, settlement),
  ]);
}

const isRiderPaid = ({ rider }: Order): boolean => rider?.type === 'outside' && rider.paidAtMs !== undefined;

/** Sums the postings of an order's journals by account. */
export function sumEntries(journals: readonly Pick<Journal, 'entries'>[]): Balances {
  return sumPostings(
    journals.flatMap(({ entries }) => entries.map(({ account, amountMinor }): Posting => [account, amountMinor])),
  );
}

function sumPostings(postings: readonly Posting[]): Balances {
  const balances = new Map<string, number>();
  for (const [account, amountMinor] of postings) balances.set(account, (balances.get(account) ?? 0) + amountMinor);
  return new Map([...balances].filter(([, amountMinor]) => amountMinor !== 0));
}

/** Lists the accounts on which two sides differ. */
export function listDifferingAccounts(found: Balances, expected: Balances): string[] {
  const accounts = new Set([...found.keys(), ...expected.keys()]);
  return [...accounts].filter((account) => (found.get(account) ?? 0) !== (expected.get(account) ?? 0)).toSorted();
}

const findHeldPay = ({ heldPays }: OrderDocuments, payee: Payee): HeldPay | undefined =>
  heldPays.find((one) => one.payee === payee);

const isOpen = (documents: OrderDocuments, payee: Payee): boolean => findHeldPay(documents, payee)?.decision === null;

const isRefused = (documents: OrderDocuments, payee: Payee): boolean =>
  findHeldPay(documents, payee)?.decision?.verdict === 'refuse';

const bornByKitchen = ({ leg, creditMinor }: NonNullable<Order['events'][number]['late']>, { split }: Settlement) =>
  leg === 'kitchen' ? Math.min(creditMinor, split.merchantMinor) : 0;

/** Pay that was refused belongs to the platform. */
function expectRefusals({ heldPays }: OrderDocuments): Posting[] {
  const refused = heldPays.filter(({ decision }) => decision?.verdict === 'refuse');
  return refused.flatMap((pay): Posting[] => [
    [payAccounts(pay).own, pay.amountMinor],
    [ACCOUNTS.withheldPay, -pay.amountMinor],
  ]);
}

/** All refunds together: a party bears at most what it earned, and the platform the rest. */
function expectRefunds(documents: OrderDocuments, settlement: Settlement): Posting[] {
  const { order, quote, refunds } = documents;
  if (refunds.length === 0) return [];
  const lateCreditMinor = sum(order.events.map(({ late }) => late?.creditMinor ?? 0));
  const charged = { ...order, settlement, pricing: quote.pricing, lateCreditMinor };
  const { taxes, commissionMinor, commissionTax } = sumTakenBack(charged, refunds);
  const netMinor = sum(refunds.map((one) => one.amountMinor - one.taxMinor));
  const merchantMinor = isRefused(documents, 'kitchen') ? 0 : sum(refunds.map((one) => one.merchantMinor));
  const courierMinor = isRefused(documents, 'courier') ? 0 : sum(refunds.map((one) => one.courierMinor));
  const parts = refunds.flatMap((one) => one.parts).filter(({ status }) => status !== 'failed');
  const promotionMinor = sum(refunds.map((one) => one.promotionMinor));
  return [
    [ACCOUNTS.promotions, -promotionMinor],
    ...toTaxPostings(taxes, 1),
    [ACCOUNTS.platformTax(commissionTax.ratePpm), commissionTax.taxMinor],
    [ACCOUNTS.commission, commissionMinor - commissionTax.taxMinor],
    [ACCOUNTS.merchant(order.restaurantId), merchantMinor],
    [order.courierId === null ? ACCOUNTS.refundLosses : ACCOUNTS.courier(order.courierId), courierMinor],
    [ACCOUNTS.refundLosses, netMinor - merchantMinor - courierMinor + promotionMinor - commissionMinor],
    [ACCOUNTS.provider, -sum(parts.map((part) => part.amountMinor))],
    [ACCOUNTS.credit(order.customerId), -sum(refunds.map((one) => one.creditMinor))],
  ];
}
