import { DocumentId } from '../contract/common.js';
import type { Journal } from '../contract/orders.js';
import { toDayEndMs, toDayStartMs } from '../ledger/model/days.js';
import { readJournalPages } from '../ledger/read-journals.js';
import { ACCOUNTS } from '../ledger/model/chart.js';
import { listAll, type Span } from '../payments/payments.js';
import type { Context } from '../platform/context.js';
import { sum } from '../pricing/money.js';
import { NOTHING_MOVED, NOTHING_THERE, withJournal, type LedgerSums, type Theirs } from './model/compare.js';

/**
 * One day in the ledger and in the provider's records, by order. Entries without an order are listed under the
 * provider's own id.
 */
export interface DayInBoth {
  ours: Map<string, LedgerSums>;
  theirs: Map<string, Theirs>;
  /** The provider's transfers to couriers, less reversals, by payout. */
  courierTransfers: Map<string, number>;
  /** What the ledger's journals moved in the provider's account, by currency; without fees and payouts to the bank. */
  posted: Map<string, number>;
  /** What the ledger's journals of the day posted to each account, by order. */
  accounts: Map<string, Map<string, number>>;
  /** What the ledger's journals without an order posted to each account, by currency; without the provider's fees. */
  apart: Map<string, Map<string, number>>;
}

/**
 * Collects sums of the ledger's journals and the provider's lists: a day of 50,000 orders is some 1,000 pages of the
 * latter.
 */
export async function collectDay(ctx: Context, day: string): Promise<DayInBoth> {
  const span = { fromMs: toDayStartMs(day), untilMs: toDayEndMs(day) };
  const [ours, theirs] = await Promise.all([collectOurs(ctx, day), collectTheirs(ctx, span)]);
  return { ...ours, ...theirs };
}

async function collectOurs(ctx: Context, day: string): Promise<Omit<DayInBoth, keyof CollectedTheirs>> {
  const ours = new Map<string, LedgerSums>();
  const posted = new Map<string, number>();
  const accounts = new Map<string, Map<string, number>>();
  const apart = new Map<string, Map<string, number>>();
  for await (const journals of readJournalPages(ctx, 'reconcile', day)) {
    for (const { orderId, ...rest } of journals) {
      posted.set(rest.currency, (posted.get(rest.currency) ?? 0) + movedByOrders(rest));
      if (orderId === null && rest.kind !== 'fees')
        apart.set(rest.currency, withEntries(apart.get(rest.currency) ?? new Map<string, number>(), rest));
      if (orderId === null) continue;
      ours.set(orderId, withJournal(ours.get(orderId) ?? NOTHING_MOVED, rest));
      accounts.set(orderId, withEntries(accounts.get(orderId) ?? new Map<string, number>(), rest));
    }
  }
  return { ours, posted, accounts, apart };
}

function withEntries(own: Map<string, number>, { entries }: Pick<Journal, 'entries'>): Map<string, number> {
  for (const { account, amountMinor } of entries) own.set(account, (own.get(account) ?? 0) + amountMinor);
  return own;
}

/**
 * Sums what a journal posts to the provider's account; nothing for entries that only the provider's own list contains.
 */
function movedByOrders({ kind, entries }: Pick<Journal, 'kind' | 'entries'>): number {
  if (kind === 'fees') return 0;
  return sum(entries.filter(({ account }) => account === ACCOUNTS.provider).map((entry) => entry.amountMinor));
}

/** Returns the order that the provider names; its own id of the object where it names no order of the backend. */
const toKey = (orderId: string | null, id: string) => (DocumentId.safeParse(orderId).success ? (orderId ?? id) : id);

type CollectedTheirs = Pick<DayInBoth, 'theirs' | 'courierTransfers'>;

async function collectTheirs({ payments }: Context, span: Span): Promise<CollectedTheirs> {
  const theirs = new Map<string, Theirs>();
  const courierTransfers = new Map<string, number>();
  const add = (orderId: string, more: Partial<Theirs>): void => {
    const { holds, transfers, disputes } = theirs.get(orderId) ?? NOTHING_THERE;
    theirs.set(orderId, {
      holds: [...holds, ...(more.holds ?? [])],
      transfers: [...transfers, ...(more.transfers ?? [])],
      disputes: [...disputes, ...(more.disputes ?? [])],
    });
  };
  /** A refund or dispute names its intent, which may be of any earlier day. */
  const addIntent = async (intentId: string): Promise<string> => {
    const hold = await payments.inspect(intentId);
    const orderId = toKey(hold?.orderId ?? null, intentId);
    const isListed = theirs.get(orderId)?.holds.some((one) => one.intentId === intentId);
    if (hold && !isListed) add(orderId, { holds: [hold] });
    return orderId;
  };
  for await (const hold of listAll(span, (part) => payments.listHolds(part)))
    add(toKey(hold.orderId, hold.intentId), { holds: [hold] });
  for await (const transfer of listAll(span, (part) => payments.listTransfers(part)))
    if (transfer.payoutId === null) add(toKey(transfer.orderId, transfer.id), { transfers: [transfer] });
    else courierTransfers.set(transfer.payoutId, (courierTransfers.get(transfer.payoutId) ?? 0) + transfer.amountMinor);
  // A charge without a PaymentIntent was not made by the backend: its refund is in the provider's balance alone.
  for await (const { intentId } of listAll(span, (part) => payments.listRefunds(part)))
    if (intentId !== '') await addIntent(intentId);
  for await (const dispute of listAll(span, (part) => payments.listDisputes(part))) {
    const { intentId, disputeId } = dispute;
    add(intentId === '' ? disputeId : await addIntent(intentId), { disputes: [dispute] });
  }
  return { theirs, courierTransfers };
}
