import { ACCOUNTS } from './chart.js';
import type { Journal, Order, OrderRider } from '../../contract/orders.js';
import type { HeldPay, Payee } from '../../contract/held-pays.js';
import type { Dispute } from '../../contract/payments.js';
import { invariant } from '../../core/outcome.js';
import { sum } from '../../pricing/money.js';
import type { OwedTax } from '../../pricing/owed-taxes.js';
import type { PricedRefund } from '../../pricing/refund.js';
import type { Settlement } from '../../pricing/settle.js';

export type Parties = Pick<Order, 'restaurantId' | 'courierId' | 'customerId' | 'currency'> & { orderId: string };

/** The parties of an order at its end. */
export type SettledParties = Parties & {
  /** The courier took the money, not the provider. */
  inCash: boolean;
  /** A rider of the restaurant, or an outside one, carried the order. Absent: a courier did, or no one. */
  carriedBy?: OrderRider['type'];
  /** The payees whose pay is held for an operator. Absent: none. */
  held?: Readonly<Record<Payee, boolean>>;
};

export type Posting = readonly [account: string, amountMinor: number];

/**
 * Builds the journal of an order's end: the provider, or the courier who took cash, owes the capture; credit and
 * promotions pay the rest; each party is credited its part, and the platform its commission and fees. The ride is the
 * platform's cost, and so is the pay of a merchant whose customer was not charged. Null when no amount moves.
 */
export function settlementJournal(parties: SettledParties, settlement: Settlement, atMs: number): Journal | null {
  const { captureMinor, creditMinor, promotionMinor, roundingMinor, tipMinor, split, taxes, earned } = settlement;
  const { courierId, restaurantId, customerId } = parties;
  const holder = parties.inCash && courierId ? ACCOUNTS.cash(courierId) : ACCOUNTS.provider;
  const { commissionMinor, commissionTax, deliveryMinor, serviceMinor } = earned;
  const earnedMinor = commissionMinor + deliveryMinor + serviceMinor;
  // A merchant who pays the courier bears the ride.
  const rideMinor = split.courierMinor - tipMinor - Math.max(0, -split.merchantMinor);
  const platformMinor = split.platformMinor + creditMinor + promotionMinor + roundingMinor;
  const merchant = (parties.held?.kitchen ? ACCOUNTS.heldMerchant : ACCOUNTS.merchant)(restaurantId);
  const carrier = parties.carriedBy === 'own' ? merchant : getCarrierAccount(parties);
  return journal(parties, 'settlement', atMs, [
    [holder, captureMinor],
    [ACCOUNTS.credit(customerId), creditMinor],
    [ACCOUNTS.promotions, promotionMinor],
    [merchant, -split.merchantMinor],
    [carrier, -split.courierMinor],
    [ACCOUNTS.rounding, roundingMinor],
    [ACCOUNTS.commission, commissionTax.taxMinor - commissionMinor],
    [ACCOUNTS.deliveryFees, -deliveryMinor],
    [ACCOUNTS.serviceFees, -serviceMinor],
    [ACCOUNTS.courierCost, rideMinor],
    [ACCOUNTS.orderLosses, earnedMinor - rideMinor - platformMinor],
    ...toTaxPostings(taxes, -1),
    [ACCOUNTS.platformTax(commissionTax.ratePpm), -commissionTax.taxMinor],
  ]);
}

/** Without a courier or rider no account is credited: a pickup order's split has no courier's part. */
function getCarrierAccount({ carriedBy, courierId, held }: SettledParties): string {
  if (carriedBy) return ACCOUNTS.outsideRiders;
  if (courierId === null) return ACCOUNTS.courierCost;
  return (held?.courier ? ACCOUNTS.held : ACCOUNTS.courier)(courierId);
}

/** Builds the journal by which an outside rider of an order was paid by hand. */
export function riderPaymentJournal(
  order: Pick<Parties, 'orderId' | 'currency'>,
  amountMinor: number,
  atMs: number,
): Journal | null {
  return journal(order, 'payout', atMs, [
    [ACCOUNTS.outsideRiders, amountMinor],
    [ACCOUNTS.bank, -amountMinor],
  ]);
}

/** Returns the postings of taxes by taxpayer and rate; `sign` is -1 where they become owed. */
export const toTaxPostings = (taxes: readonly OwedTax[], sign: 1 | -1): Posting[] =>
  taxes.map(({ taxpayer, ratePpm, taxMinor }) => {
    const account = taxpayer === 'restaurant' ? ACCOUNTS.restaurantTax : ACCOUNTS.platformTax;
    return [account(ratePpm), sign * taxMinor];
  });

/** Builds the journal of a payout: the merchant's part goes to the connected account. */
export function payoutJournal(parties: Parties, amountMinor: number, atMs: number): Journal | null {
  return journal(parties, 'payout', atMs, [
    [ACCOUNTS.merchant(parties.restaurantId), amountMinor],
    [ACCOUNTS.provider, -amountMinor],
  ]);
}

/** What a refund takes back of the tax, and of the platform's commission, its tax included. */
export interface TakenBack {
  taxes: readonly OwedTax[];
  commissionMinor: number;
  commissionTax: { ratePpm: number; taxMinor: number };
}

/**
 * Builds the journal of a refund: its tax is no longer owed, nor its commission earned, and the liable party bears the
 * rest. `toCardMinor` is sent by the provider. The promotions of the refunded part are no longer a cost, and the
 * commission that they raised is not earned.
 */
export function refundJournal(
  parties: Parties,
  refund: PricedRefund,
  { taxes, commissionMinor, commissionTax }: TakenBack,
  toCardMinor: number,
  atMs: number,
): Journal | null {
  const { restaurantId, courierId, customerId } = parties;
  const { merchantMinor, courierMinor, platformMinor, promotionMinor, amountMinor } = refund;
  const courier = courierId ? ACCOUNTS.courier(courierId) : ACCOUNTS.refundLosses;
  return journal(parties, 'refund', atMs, [
    ...toTaxPostings(taxes, 1),
    [ACCOUNTS.platformTax(commissionTax.ratePpm), commissionTax.taxMinor],
    [ACCOUNTS.commission, commissionMinor - commissionTax.taxMinor],
    [ACCOUNTS.merchant(restaurantId), merchantMinor],
    [courier, courierMinor],
    [ACCOUNTS.refundLosses, platformMinor + promotionMinor - commissionMinor],
    [ACCOUNTS.promotions, -promotionMinor],
    [ACCOUNTS.provider, -toCardMinor],
    [ACCOUNTS.credit(customerId), -(amountMinor - toCardMinor)],
  ]);
}

/** Builds the journal by which a merchant's part of a refund comes back from its connected account. */
export function reversalJournal(parties: Parties, amountMinor: number, atMs: number): Journal | null {
  return journal(parties, 'reversal', atMs, [
    [ACCOUNTS.provider, amountMinor],
    [ACCOUNTS.merchant(parties.restaurantId), -amountMinor],
  ]);
}

/**
 * Builds the journal of a refund that the card did not accept: the money is with the provider again, and the customer
 * has it as credit.
 */
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

/** Builds the journal of a tip after the delivery, all of which belongs to the courier. */
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

/**
 * Returns the account that holds the pay of an order's courier or kitchen, and the one that receives it. Throws where
 * the order had no courier.
 */
export function payAccounts({
  payee,
  courierId,
  restaurantId,
}: Pick<HeldPay, 'payee' | 'courierId' | 'restaurantId'>): PayAccounts {
  if (payee === 'kitchen') return { held: ACCOUNTS.heldMerchant(restaurantId), own: ACCOUNTS.merchant(restaurantId) };
  if (courierId === null) throw new Error('pay of an order without a courier');
  return { held: ACCOUNTS.held(courierId), own: ACCOUNTS.courier(courierId) };
}

/**
 * Builds the journal by which pay that was credited is held for an operator after all. Null where the payee earned
 * nothing.
 */
export function heldAfterwardsJournal(
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

/** A payee's part of an order's refunds, and of the credit for its lateness. */
export interface Borne {
  refundsMinor: number;
  lateMinor: number;
}

/**
 * Builds the journal of an operator's decision on a held pay: it was earned, or the platform keeps it. If the pay is
 * refused, the platform bears what the payee `bore`. Null where the pay is 0.
 */
export function heldPayJournal(
  { orderId, currency, amountMinor, ...whose }: HeldPay,
  verdict: 'release' | 'refuse',
  { refundsMinor, lateMinor }: Borne,
  atMs: number,
): Journal | null {
  const { held, own } = payAccounts(whose);
  const released: Posting[] = [[own, -amountMinor]];
  const refused: Posting[] = [
    [own, -(refundsMinor + lateMinor)],
    [ACCOUNTS.withheldPay, -amountMinor],
    [ACCOUNTS.refundLosses, refundsMinor],
    [ACCOUNTS.goodwill, lateMinor],
  ];
  const order = { orderId, currency };
  return journal(order, 'correction', atMs, [[held, amountMinor], ...(verdict === 'release' ? released : refused)]);
}

/** Builds the journal of a courier's cash that is paid in. */
export function depositJournal(uid: string, currency: string, amountMinor: number, atMs: number): Journal {
  const entries = [
    { account: ACCOUNTS.bank, amountMinor },
    { account: ACCOUNTS.cash(uid), amountMinor: -amountMinor },
  ];
  return { orderId: null, kind: 'deposit', currency, atMs, entries };
}

/**
 * Builds the journal of a dispute's changes since the last one: while it is open, the disputed amount that the bank
 * took is on an account of its own. The fee is the platform's expense from the time it is charged, and so is the
 * difference once the dispute is decided.
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
    [ACCOUNTS.disputeLosses, -(providerMinor + openMinor)],
  ]);
}

type DisputeState = Pick<Dispute, 'providerMinor' | 'status' | 'amountMinor'>;

/** The part of a dispute that the bank holds undecided. An amount beyond the disputed one is the bank's fee. */
export const openAmount = ({ providerMinor, status, amountMinor }: DisputeState): number =>
  status === 'needsResponse' || status === 'underReview' ? Math.min(amountMinor, -providerMinor) : 0;

/**
 * Builds the journal of the credit for a late order: at the merchant's cost as far as the kitchen is liable, otherwise
 * the platform's.
 */
export function lateJournal(
  parties: Pick<Parties, 'orderId' | 'currency' | 'restaurantId' | 'customerId'>,
  { creditMinor }: { creditMinor: number },
  merchantMinor: number,
  atMs: number,
): Journal | null {
  return journal(parties, 'credit', atMs, [
    [ACCOUNTS.merchant(parties.restaurantId), merchantMinor],
    [ACCOUNTS.goodwill, creditMinor - merchantMinor],
    [ACCOUNTS.credit(parties.customerId), -creditMinor],
  ]);
}

/** Builds the journal of credit granted to a customer, or taken back: a cost of the platform, and its liability. */
export function creditJournal(uid: string, currency: string, amountMinor: number, atMs: number): Journal {
  const entries = [
    { account: ACCOUNTS.goodwill, amountMinor },
    { account: ACCOUNTS.credit(uid), amountMinor: -amountMinor },
  ];
  return { orderId: null, kind: 'credit', currency, atMs, entries };
}

/** Builds the journal of the credit that a customer who leaves gives up. */
export function forfeitJournal(uid: string, currency: string, amountMinor: number, atMs: number): Journal {
  const entries = [
    { account: ACCOUNTS.credit(uid), amountMinor },
    { account: ACCOUNTS.forfeitedCredit, amountMinor: -amountMinor },
  ];
  return { orderId: null, kind: 'credit', currency, atMs, entries };
}

/**
 * Builds the journal of the provider's fees on a day, and of its payouts to the platform's bank account. Null where
 * both are 0.
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

/** Builds the journal that corrects another one, which it names. Null without a posting. */
export function correctionJournal(
  order: Pick<Journal, 'orderId' | 'currency'>,
  corrects: string,
  postings: readonly Posting[],
  atMs: number,
): Journal | null {
  const correction = journal(order, 'correction', atMs, postings);
  return correction && { ...correction, corrects };
}

/** Builds a balanced journal with one entry for each account, without empty ones; null when none is left. */
function journal(
  { orderId, currency }: Pick<Journal, 'orderId' | 'currency'>,
  kind: Journal['kind'],
  atMs: number,
  postings: readonly Posting[],
): Journal | null {
  invariant(sum(postings.map(([, amountMinor]) => amountMinor)) === 0, `the journal of a ${kind} balances`);
  const amounts = new Map<string, number>();
  for (const [account, amountMinor] of postings) amounts.set(account, (amounts.get(account) ?? 0) + amountMinor);
  const entries = [...amounts].flatMap(([account, amountMinor]) => (amountMinor === 0 ? [] : { account, amountMinor }));
  return entries.length === 0 ? null : { orderId, kind, currency, atMs, entries };
}
