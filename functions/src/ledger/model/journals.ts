import { accountIdOf } from './account-id.js';
import type { Journal, Order } from '../../contract/orders.js';
import type { HeldPay, Payee } from '../../contract/held-pays.js';
import type { Dispute } from '../../contract/payments.js';
import { invariant } from '../../core/outcome.js';
import { sum } from '../../pricing/money.js';
import type { PricedRefund } from '../../pricing/refund.js';
import type { Settlement } from '../../pricing/settle.js';

export type Parties = Pick<Order, 'restaurantId' | 'courierId' | 'customerId' | 'currency'> & {
  orderId: string;
  /** The courier took the money, not the provider. */
  inCash: boolean;
  /** Whose pay waits for an operator. Absent: nobody's. */
  held?: Readonly<Record<Payee, boolean>>;
};

/**
 * Where money stands: what others hold for us (debit), and what we owe each party (credit). People's accounts are named
 * by an opaque id: `ledgerAccounts/{id}` leads from it to the person, and is deleted with them, so that no journal is
 * ever rewritten.
 */
export const ACCOUNTS = {
  provider: 'stripe',
  platform: 'platform',
  tax: 'tax',
  /** What is not charged of exact amounts, by the provider's steps or the smallest coin; negative where more is. */
  rounding: 'rounding',
  /** What promotions cost the platform. */
  promotions: 'promotions',
  merchant: (restaurantId: string) => `merchant:${restaurantId}`,
  courier: (uid: string) => `courier:${accountIdOf(uid)}`,
  /** What a courier would earn, until an operator decides. */
  held: (uid: string) => `held:${accountIdOf(uid)}`,
  /** What a restaurant would earn, until an operator decides. */
  heldMerchant: (restaurantId: string) => `heldMerchant:${restaurantId}`,
  /** What a customer may still spend. */
  credit: (uid: string) => `credit:${accountIdOf(uid)}`,
  /** What a courier took at doors and has not handed in. */
  cash: (uid: string) => `cash:${accountIdOf(uid)}`,
  /** What the provider kept of charges and took for its services. The fee of a dispute is in the dispute's journals. */
  providerFees: 'providerFees',
  /** Where couriers' cash was paid in, and the provider pays the platform out. */
  bank: 'bank',
  /** What customers dispute, which banks have taken back and not decided on; without the fee. */
  disputed: 'disputed',
} as const;

/** The accounts of one person. */
export const personalAccounts = (uid: string): string[] =>
  [ACCOUNTS.credit, ACCOUNTS.courier, ACCOUNTS.cash, ACCOUNTS.held].map((account) => account(uid));

export type Posting = readonly [account: string, amountMinor: number];

/**
 * The end of an order: the provider, or the courier who took cash, owes the capture; credit and promotions pay the
 * rest; each party is credited its part. Null when nobody moves.
 */
export function settlementJournal(parties: Parties, settlement: Settlement, atMs: number): Journal | null {
  const { captureMinor, creditMinor, promotionMinor, roundingMinor, split } = settlement;
  const { courierId, restaurantId, customerId } = parties;
  const holder = parties.inCash && courierId ? ACCOUNTS.cash(courierId) : ACCOUNTS.provider;
  // Without a courier there is nobody to credit: a pickup order's split has no courier's part.
  const payTo = parties.held?.courier ? ACCOUNTS.held : ACCOUNTS.courier;
  const courier = courierId ? payTo(courierId) : ACCOUNTS.platform;
  const merchant = (parties.held?.kitchen ? ACCOUNTS.heldMerchant : ACCOUNTS.merchant)(restaurantId);
  return journal(parties, 'settlement', atMs, [
    [holder, captureMinor],
    [ACCOUNTS.credit(customerId), creditMinor],
    [ACCOUNTS.promotions, promotionMinor],
    [merchant, -split.merchantMinor],
    [courier, -split.courierMinor],
    [ACCOUNTS.rounding, roundingMinor],
    [ACCOUNTS.platform, -(split.platformMinor + creditMinor + promotionMinor + roundingMinor)],
    [ACCOUNTS.tax, -split.taxMinor],
  ]);
}

/** The merchant's part leaves for the connected account. */
export function payoutJournal(parties: Parties, amountMinor: number, atMs: number): Journal | null {
  return journal(parties, 'payout', atMs, [
    [ACCOUNTS.merchant(parties.restaurantId), amountMinor],
    [ACCOUNTS.provider, -amountMinor],
  ]);
}

/**
 * Money given back: tax is not owed any more, the liable party bears the rest. `toCardMinor` leaves by the provider.
 * The promotions of what was given back are no cost any more, and the commission that they raised is not earned.
 */
export function refundJournal(
  parties: Parties,
  refund: PricedRefund,
  toCardMinor: number,
  atMs: number,
): Journal | null {
  const { restaurantId, courierId, customerId } = parties;
  const { taxMinor, merchantMinor, courierMinor, platformMinor, promotionMinor, amountMinor } = refund;
  const courier = courierId ? ACCOUNTS.courier(courierId) : ACCOUNTS.platform;
  return journal(parties, 'refund', atMs, [
    [ACCOUNTS.tax, taxMinor],
    [ACCOUNTS.merchant(restaurantId), merchantMinor],
    [courier, courierMinor],
    [ACCOUNTS.platform, platformMinor + promotionMinor],
    [ACCOUNTS.promotions, -promotionMinor],
    [ACCOUNTS.provider, -toCardMinor],
    [ACCOUNTS.credit(customerId), -(amountMinor - toCardMinor)],
  ]);
}

/** What a merchant bears of a refund comes back from its connected account. */
export function reversalJournal(parties: Parties, amountMinor: number, atMs: number): Journal | null {
  return journal(parties, 'reversal', atMs, [
    [ACCOUNTS.provider, amountMinor],
    [ACCOUNTS.merchant(parties.restaurantId), -amountMinor],
  ]);
}

/** The card did not take a refund: the money is with the provider again, and the customer has it as credit. */
export function failedRefundJournal(
  order: Pick<Parties, 'orderId' | 'currency' | 'customerId'>,
  amountMinor: number,
  atMs: number,
): Journal | null {
  return journal(order, 'correction', atMs, [
    [ACCOUNTS.provider, amountMinor],
    [ACCOUNTS.credit(order.customerId), -amountMinor],
  ]);
}

/** A tip after the delivery is all the courier's. */
export function tipJournal(
  { orderId, currency, courierId }: { orderId: string; currency: string; courierId: string },
  amountMinor: number,
  atMs: number,
): Journal | null {
  return journal({ orderId, currency }, 'tip', atMs, [
    [ACCOUNTS.provider, amountMinor],
    [ACCOUNTS.courier(courierId), -amountMinor],
  ]);
}

/** The accounts between which a held pay is decided: see `payAccounts`. */
export interface PayAccounts {
  held: string;
  own: string;
}

/** Where the pay of an order's courier or kitchen waits, and where it goes. Throws where the order had no courier. */
export function payAccounts({
  payee,
  courierId,
  restaurantId,
}: Pick<HeldPay, 'payee' | 'courierId' | 'restaurantId'>): PayAccounts {
  if (payee === 'kitchen') return { held: ACCOUNTS.heldMerchant(restaurantId), own: ACCOUNTS.merchant(restaurantId) };
  if (courierId === null) throw new Error('a pay of no courier');
  return { held: ACCOUNTS.held(courierId), own: ACCOUNTS.courier(courierId) };
}

/** What a payee earned waits for an operator after all. Null where it earned nothing. */
export function waitingPayJournal(
  order: Pick<Parties, 'orderId' | 'currency'>,
  { own, held }: PayAccounts,
  amountMinor: number,
  atMs: number,
): Journal | null {
  return journal(order, 'correction', atMs, [
    [own, amountMinor],
    [held, -amountMinor],
  ]);
}

/**
 * An operator's word on a held pay: it was earned, or the platform keeps it. `boreMinor` is what the payee was charged
 * of the order's refunds: refused, the platform bears that.
 */
export function heldPayJournal(
  { orderId, currency, amountMinor, ...whose }: HeldPay,
  verdict: 'release' | 'refuse',
  boreMinor: number,
  atMs: number,
): Journal {
  const { held, own } = payAccounts(whose);
  const released = [{ account: own, amountMinor: -amountMinor }];
  const refused = [
    { account: own, amountMinor: -boreMinor },
    { account: ACCOUNTS.platform, amountMinor: boreMinor - amountMinor },
  ];
  const entries = [
    { account: held, amountMinor },
    ...(verdict === 'release' ? released : refused).filter((entry) => entry.amountMinor !== 0),
  ];
  return { orderId, kind: 'correction', currency, atMs, entries };
}

/** Cash from the doors is paid in. */
export function depositJournal(uid: string, currency: string, amountMinor: number, atMs: number): Journal {
  const entries = [
    { account: ACCOUNTS.bank, amountMinor },
    { account: ACCOUNTS.cash(uid), amountMinor: -amountMinor },
  ];
  return { orderId: null, kind: 'deposit', currency, atMs, entries };
}

/**
 * What a dispute changed since it was last looked at: while it is open, the disputed amount that the bank took stands
 * on an account of its own. The fee is the platform's expense from the moment it is charged, and so is what is missing
 * once the dispute is decided.
 */
export function disputeJournal(
  order: Pick<Parties, 'orderId' | 'currency'>,
  before: DisputeState | null,
  now: DisputeState,
  atMs: number,
): Journal | null {
  const providerMinor = now.providerMinor - (before?.providerMinor ?? 0);
  const openMinor = openAmount(now) - (before ? openAmount(before) : 0);
  return journal(order, 'dispute', atMs, [
    [ACCOUNTS.provider, providerMinor],
    [ACCOUNTS.disputed, openMinor],
    [ACCOUNTS.platform, -(providerMinor + openMinor)],
  ]);
}

type DisputeState = Pick<Dispute, 'providerMinor' | 'status' | 'amountMinor'>;

/** What of a dispute is the bank's and not decided. What the bank took beyond the disputed amount is its fee. */
export const openAmount = ({ providerMinor, status, amountMinor }: DisputeState): number =>
  status === 'needsResponse' || status === 'underReview' ? Math.min(amountMinor, -providerMinor) : 0;

/** Credit for a late order: at the merchant's cost so far as the kitchen answers for it, else the platform's. */
export function lateJournal(
  parties: Pick<Parties, 'orderId' | 'currency' | 'restaurantId' | 'customerId'>,
  { creditMinor }: { creditMinor: number },
  merchantMinor: number,
  atMs: number,
): Journal | null {
  return journal(parties, 'credit', atMs, [
    [ACCOUNTS.merchant(parties.restaurantId), merchantMinor],
    [ACCOUNTS.platform, creditMinor - merchantMinor],
    [ACCOUNTS.credit(parties.customerId), -creditMinor],
  ]);
}

/** Credit given to a customer, or taken back: the platform's cost, and what it owes. */
export function creditJournal(uid: string, currency: string, amountMinor: number, atMs: number): Journal {
  const entries = [
    { account: ACCOUNTS.platform, amountMinor },
    { account: ACCOUNTS.credit(uid), amountMinor: -amountMinor },
  ];
  return { orderId: null, kind: 'credit', currency, atMs, entries };
}

/**
 * What the provider kept as fees on a day, and what it paid to the platform's bank account. Null where neither is left.
 */
export function feesJournal(
  currency: string,
  { feesMinor, bankMinor }: { feesMinor: number; bankMinor: number },
  atMs: number,
): Journal | null {
  return journal({ orderId: null, currency }, 'fees', atMs, [
    [ACCOUNTS.providerFees, feesMinor],
    [ACCOUNTS.bank, bankMinor],
    [ACCOUNTS.provider, -(feesMinor + bankMinor)],
  ]);
}

/** A balanced journal without its empty postings; null when none is left. */
function journal(
  { orderId, currency }: Pick<Journal, 'orderId' | 'currency'>,
  kind: Journal['kind'],
  atMs: number,
  postings: readonly Posting[],
): Journal | null {
  invariant(sum(postings.map(([, amountMinor]) => amountMinor)) === 0, `the journal of a ${kind} balances`);
  const entries = postings
    .filter(([, amount]) => amount !== 0)
    .map(([account, amountMinor]) => ({ account, amountMinor }));
  return entries.length === 0 ? null : { orderId, kind, currency, atMs, entries };
}
