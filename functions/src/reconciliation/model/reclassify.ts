import type { Journal, Order } from '../../contract/orders.js';
import type { Refund } from '../../contract/payments.js';
import { findSettlement, type Priced } from '../../orders/model/settlement-scope.js';
import { computeTakenBack } from '../../payments/model/taken-back.js';
import { sum } from '../../pricing/money.js';
import { ACCOUNTS } from '../../ledger/model/chart.js';
import { settlementJournal, toTaxPostings, type Posting } from '../../ledger/model/journals.js';

/** The two accounts from before the chart of accounts. */
export const FORMER_ACCOUNTS: readonly string[] = ['platform', 'tax'];

/** What a journal of an order depends on. */
export interface Causes {
  orderId: string;
  order: Order;
  quote: Priced;
  refunds: readonly (readonly [id: string, refund: Refund])[];
  /** All journals of the order. */
  journals: readonly Journal[];
}

/**
 * Returns the postings that move a journal's amounts from the former accounts to those of the chart. Null where they
 * cannot be separated, for example since the order's quote is deleted: then they stay where they are.
 */
export function reclassify(id: string, journal: Journal, causes: Causes | null): Posting[] | null {
  const former: Posting[] = FORMER_ACCOUNTS.map((account) => [account, -amountOf(journal, account)]);
  const now = findPostings(id, journal, causes);
  if (!now || sum([...former, ...now].map(([, minor]) => minor)) !== 0) return null;
  return [...former, ...now].filter(([, minor]) => minor !== 0);
}

function findPostings(id: string, journal: Journal, causes: Causes | null): Posting[] | null {
  const platformMinor = amountOf(journal, 'platform');
  switch (journal.kind) {
    case 'dispute':
      return [[ACCOUNTS.disputeLosses, platformMinor]];
    case 'credit':
      return [[id.startsWith('leaving-') ? ACCOUNTS.forfeitedCredit : ACCOUNTS.goodwill, platformMinor]];
    case 'settlement':
      return causes && ofSettlement(journal, causes);
    case 'refund':
      return causes && ofRefund(id, platformMinor, causes);
    case 'correction':
      return causes && ofRefusedPay(journal, causes);
    default:
      return null;
  }
}

const amountOf = ({ entries }: Pick<Journal, 'entries'>, account: string): number =>
  sum(entries.filter((entry) => entry.account === account).map((entry) => entry.amountMinor));

/** The journal as it would be written now, if it agrees about all other accounts. */
function ofSettlement(journal: Journal, { orderId, order, quote }: Causes): Posting[] | null {
  const settlement = findSettlement(order, quote);
  if (!settlement) return null;
  const has = (account: string) => journal.entries.some((entry) => entry.account === account);
  const { restaurantId, courierId } = order;
  const held = {
    kitchen: has(ACCOUNTS.heldMerchant(restaurantId)),
    courier: courierId !== null && has(ACCOUNTS.held(courierId)),
  };
  const inCash = order.payment.method === 'cash';
  const parties = { ...order, orderId, inCash, held, ...(order.rider && { carriedBy: order.rider.type }) };
  const now = settlementJournal(parties, settlement, journal.atMs)?.entries ?? [];
  const isOther = ({ account }: Journal['entries'][number]) => isOfParty(account);
  const others = journal.entries.filter(isOther);
  const agrees = others.length === now.filter(isOther).length;
  if (!agrees || others.some(({ account, amountMinor }) => amountOf({ entries: now }, account) !== amountMinor))
    return null;
  return now.filter((entry) => !isOther(entry)).map(({ account, amountMinor }): Posting => [account, amountMinor]);
}

/** Accounts whose meaning has not changed. */
const isOfParty = (account: string): boolean =>
  /^(stripe|bank|cash|credit|merchant|heldMerchant|courier|held|outsideRiders|promotions|rounding)(:|$)/.test(account);

function ofRefund(id: string, platformMinor: number, { orderId, order, quote, refunds }: Causes): Posting[] | null {
  const settlement = findSettlement(order, quote);
  const refundId = id.slice(`${orderId}-refund-`.length);
  const refund = refunds.find(([one]) => one === refundId)?.[1];
  if (!settlement || !refund) return null;
  const earlier = refunds.filter(([one, { atMs }]) => isBefore([atMs, one], [refund.atMs, refundId]));
  const lateCreditMinor = sum(order.events.map(({ late }) => late?.creditMinor ?? 0));
  const { taxes, commissionMinor, commissionTax } = computeTakenBack(
    { ...order, settlement, pricing: quote.pricing, lateCreditMinor },
    earlier.map(([, one]) => one),
    refund,
  );
  return [
    ...toTaxPostings(taxes, 1),
    [ACCOUNTS.platformTax(commissionTax.ratePpm), commissionTax.taxMinor],
    [ACCOUNTS.commission, commissionMinor - commissionTax.taxMinor],
    [ACCOUNTS.refundLosses, platformMinor - commissionMinor],
  ];
}

const isBefore = ([atMs, id]: [number, string], [otherMs, other]: [number, string]): boolean =>
  atMs < otherMs || (atMs === otherMs && id < other);

/** An operator refused a held pay: it is withheld, and what its payee had borne is the platform's. */
function ofRefusedPay({ entries }: Journal, { journals }: Causes): Posting[] | null {
  const held = entries.find(({ account }) => /^(held|heldMerchant):/.test(account));
  const own = entries.find(({ account }) => /^(courier|merchant):/.test(account));
  if (!held) return null;
  const late = journals.filter(({ kind }) => kind === 'credit').map((one) => (own ? amountOf(one, own.account) : 0));
  const boreMinor = own ? -own.amountMinor : 0;
  const lateMinor = Math.min(boreMinor, sum(late));
  return [
    [ACCOUNTS.withheldPay, -held.amountMinor],
    [ACCOUNTS.refundLosses, boreMinor - lateMinor],
    [ACCOUNTS.goodwill, lateMinor],
  ];
}
