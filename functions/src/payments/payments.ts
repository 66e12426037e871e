import type { Dispute } from '../contract/payments.js';

/** A hold as the provider sees it, in words of our own. */
export interface PaymentIntentState {
  intentId: string;
  clientSecret: string;
  status: 'unpaid' | 'authorized' | 'captured' | 'voided';
  authorizedMinor: number;
  capturedMinor: number;
  orderId: string | null;
  /** What it was opened for. */
  purpose: string;
  /** When an authorised hold lapses by itself; null before, after, or where the provider does not say. */
  holdUntilMs: number | null;
  /** The provider's name for the card's number, the same whoever uses it; null where it is not known. */
  cardFingerprint?: string | null;
}

/** The hold of the order itself; `edit-4` is the difference that the order's fourth event asks for. */
export const ORDER_PURPOSE = 'order';
export const editPurpose = (event: number): string => `edit-${event}`;
const TIP = 'tip-';
export const tipPurpose = (tipId: string): string => `${TIP}${tipId}`;
/** Null for a hold that is no tip. */
export const tipIdOf = ({ purpose }: Pick<PaymentIntentState, 'purpose'>): string | null =>
  purpose.startsWith(TIP) ? purpose.slice(TIP.length) : null;

/** What the provider says of money given back. */
export interface SentRefund {
  orderId: string | null;
  /** Our name for it. */
  refundId: string | null;
  intentId: string;
  status: 'sent' | 'failed';
}

export interface SavedCard {
  paymentMethodId: string;
  brand: string;
  last4: string;
  expMonth: number;
  expYear: number;
}

/** What a bank has to say of a payment that its customer does not acknowledge. */
export interface DisputedPayment extends Pick<
  Dispute,
  'intentId' | 'reason' | 'status' | 'currency' | 'amountMinor' | 'evidenceDueAtMs' | 'providerMinor'
> {
  disputeId: string;
}

/** By the provider's names of the fields. Source: Stripe API reference, "Update a dispute". */
export type Evidence = Readonly<
  Partial<
    Record<
      | 'customer_name'
      | 'product_description'
      | 'service_date'
      | 'shipping_address'
      | 'shipping_date'
      | 'refund_policy_disclosure'
      | 'uncategorized_text',
      string
    >
  >
>;

/** What the webhook is told, after its signature was checked. */
export interface PaymentEvent {
  id: string;
  type: string;
  /** The PaymentIntent it is about, if any. */
  intentId: string | null;
  /** The connected account it is about, if any. */
  accountId?: string;
  refundId?: string;
  disputeId?: string;
}

/** The card was refused: the customer may try another one. */
export class PaymentDeclined extends Error {
  constructor(readonly declineCode: string) {
    super('PAYMENT_DECLINED');
    this.name = 'PaymentDeclined';
  }
}

/**
 * The payment provider. Every call that changes something is idempotent, by a key made of the order or by
 * the intent's own state, so that a retry after an unknown outcome takes no money twice. Amounts are in our minor units
 * (ISO 4217 exponents); the adaptor converts to the provider's.
 */
export interface Payments {
  /** Opens an unpaid hold: nothing is blocked on a card before it is confirmed. */
  open(request: {
    orderId: string;
    purpose: string;
    amountMinor: number;
    currency: string;
    customerId: string | null;
    /** Taken at once when it is confirmed, not held. */
    takenAtOnce?: boolean;
  }): Promise<PaymentIntentState>;
  /**
   * Confirms with a saved card; `offSession` when the customer is not there to be asked. Unpaid afterwards: the bank
   * wants 3-D Secure. Throws PaymentDeclined.
   */
  confirm(request: { intentId: string; paymentMethodId: string; offSession?: boolean }): Promise<PaymentIntentState>;
  retrieve(intentId: string): Promise<PaymentIntentState>;
  /** Captures up to the authorised amount and releases the rest. A captured hold stays as it is. */
  capture(request: {
    orderId: string;
    intentId: string;
    amountMinor: number;
    currency: string;
  }): Promise<PaymentIntentState>;
  /** Releases the hold. A released one stays as it is; a captured one is not touched. */
  voidHold(request: { orderId: string; intentId: string }): Promise<PaymentIntentState>;
  /**
   * Pays out of what the intent took, as soon as it is there; null, or more than it took: out of the platform's own.
   */
  transfer(request: {
    orderId: string;
    accountId: string;
    amountMinor: number;
    currency: string;
    intentId: string | null;
  }): Promise<void>;
  /** Takes back a part of what was transferred for an order; throws while there is no such transfer. */
  reverse(request: { orderId: string; refundId: string; amountMinor: number; currency: string }): Promise<void>;
  /** Gives back a part of what an intent took; once per refund and intent. */
  refund(request: {
    orderId: string;
    refundId: string;
    intentId: string;
    amountMinor: number;
    currency: string;
  }): Promise<SentRefund>;
  /** By the provider's id. */
  retrieveRefund(id: string): Promise<SentRefund>;
  retrieveDispute(disputeId: string): Promise<DisputedPayment>;
  /** Once: what was submitted cannot be changed. */
  submitEvidence(disputeId: string, evidence: Evidence): Promise<DisputedPayment>;
  listCards(customerId: string): Promise<SavedCard[]>;
  /** What the provider names a saved card's number by; null for none, or a method without one. */
  fingerprintOf(paymentMethodId: string): Promise<string | null>;
  /** False when it is no card of this customer. */
  removeCard(request: { customerId: string; paymentMethodId: string }): Promise<boolean>;
  /** The customer and every card of theirs; payments that were made stay. Does nothing when there is none. */
  removeCustomer(customerId: string): Promise<void>;
  /** What an app needs to save a card. Creates the customer when there is none yet. */
  setUp(request: { uid: string; customerId: string | null }): Promise<{
    customerId: string;
    setupIntentClientSecret: string;
    ephemeralKeySecret: string;
  }>;
  /** Opens a restaurant's account, once: the same answer however often it is asked. */
  openAccount(request: { restaurantId: string; country: string; legalName: string }): Promise<string>;
  /** The provider's form for what it still wants to know. The link lives for minutes. */
  accountLink(accountId: string): Promise<string>;
  retrieveAccount(accountId: string): Promise<{ restaurantId: string | null; payoutsEnabled: boolean }>;
  /** Checks the signature over the raw body; null when it does not hold. */
  verifyEvent(rawBody: Buffer, signature: string): Promise<PaymentEvent | null>;

  // What the nightly comparison asks for. Newest first, by the provider's own time of creation.
  listHolds(span: Span): Promise<Page<FollowedPayment>>;
  /** Of every order, or to one connected account. */
  listTransfers(span: Span & { accountId?: string }): Promise<Page<Transfer>>;
  listRefunds(span: Span): Promise<Page<SentRefund>>;
  listDisputes(span: Span): Promise<Page<DisputedPayment>>;
  /** Everything that changed the platform's balance. */
  listBalance(span: Span): Promise<Page<BalanceMove>>;
  /** Null when the provider knows no such intent. */
  inspect(intentId: string): Promise<FollowedPayment | null>;
  transfersOf(orderId: string): Promise<Transfer[]>;
}

/** One change of the platform's balance with the provider, which grows by the amount less the fee. */
export interface BalanceMove {
  id: string;
  /** `bank`: a payout to the platform's bank account, or money from there. `fee`: the amount is a fee. */
  kind: 'bank' | 'fee' | 'dispute' | 'other';
  currency: string;
  /** Negative where it left the balance. */
  amountMinor: number;
  feeMinor: number;
}

/** Created from `fromMs` on and before `untilMs`; `after` is the `next` of the page before. */
export interface Span {
  fromMs: number;
  untilMs: number;
  after?: string;
}

/** `next` asks for the following page; null on the last one. */
export interface Page<T> {
  items: readonly T[];
  next: string | null;
}

/** A hold, and what of the money it took went back to the customer. */
export interface FollowedPayment extends PaymentIntentState {
  refundedMinor: number;
}

export interface Transfer {
  id: string;
  /** Null when it was not made for an order. */
  orderId: string | null;
  accountId: string;
  /** Less what was taken back. */
  amountMinor: number;
}

/** Everything of a span, page by page. */
export async function* allOf<T>(span: Span, list: (span: Span) => Promise<Page<T>>): AsyncGenerator<T> {
  let page = await list(span);
  yield* page.items;
  while (page.next !== null) {
    page = await list({ ...span, after: page.next });
    yield* page.items;
  }
}
