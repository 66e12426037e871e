import type { Dispute } from '../contract/payments.js';

/** The provider's state of a PaymentIntent, in this project's terms. */
export interface PaymentIntentState {
  intentId: string;
  clientSecret: string;
  status: 'unpaid' | 'authorized' | 'captured' | 'voided';
  authorizedMinor: number;
  capturedMinor: number;
  orderId: string | null;
  /** The purpose for which it was opened. */
  purpose: string;
  /** When an authorisation expires; null before, after, or where the provider does not report it. */
  holdUntilMs: number | null;
  /** The provider's id of the card's number, the same for all its users; null where it is not known. */
  cardFingerprint?: string | null;
}

/** The purpose of the order's own PaymentIntent; `edit-4` is the difference of the order's fourth event. */
export const ORDER_PURPOSE = 'order';
/** Returns the purpose of the PaymentIntent for the difference of an edit, by its event's number. */
export const editPurpose = (event: number): string => `edit-${event}`;
const TIP = 'tip-';
/** Returns the purpose of a tip's PaymentIntent. */
export const tipPurpose = (tipId: string): string => `${TIP}${tipId}`;
/** Reads the tip's id from the purpose; null for a PaymentIntent that is not a tip. */
export const readTipId = ({ purpose }: Pick<PaymentIntentState, 'purpose'>): string | null =>
  purpose.startsWith(TIP) ? purpose.slice(TIP.length) : null;

/** The provider's state of a refund. */
export interface SentRefund {
  orderId: string | null;
  /** The backend's id of it. */
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

/** A bank's state of a disputed payment. */
export interface DisputedPayment extends Pick<
  Dispute,
  'intentId' | 'reason' | 'status' | 'currency' | 'amountMinor' | 'evidenceDueAtMs' | 'providerMinor'
> {
  disputeId: string;
}

/** A photo for a bank. */
export interface EvidencePhoto {
  bytes: Buffer;
  contentType: 'image/jpeg' | 'image/png';
}

/** By the provider's names of the fields. Source: Stripe API reference, "Update a dispute". */
export type DisputeEvidence = Readonly<
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

/** The event of a webhook, after its signature was checked. */
export interface PaymentEvent {
  id: string;
  type: string;
  /** The PaymentIntent that it concerns, if any. */
  intentId: string | null;
  /** The connected account that it concerns, if any. */
  accountId?: string;
  refundId?: string;
  disputeId?: string;
  /** The provider's id of the payout that it concerns; `accountId` is then the account that is paid out. */
  bankPayoutId?: string;
}

/** The card was declined: the customer may try another one. */
export class PaymentDeclined extends Error {
  constructor(readonly declineCode: string) {
    super('PAYMENT_DECLINED');
    this.name = 'PaymentDeclined';
  }
}

/**
 * The provider refused to pay out, and moved no money: the account's balance is too low (`balance`), its payouts are
 * paused or it does not exist (`account`), its bank accepts no instant payouts (`instant`), or another reason in
 * `cause`.
 */
export class PayoutRefused extends Error {
  constructor(
    readonly code: 'balance' | 'account' | 'instant' | 'other',
    cause?: unknown,
  ) {
    super('PAYOUT_REFUSED', { cause });
    this.name = 'PayoutRefused';
  }
}

/** The owner of a connected account: the party that is paid through it. */
export type AccountOwner = { type: 'restaurant'; restaurantId: string } | { type: 'courier'; uid: string };

/** The provider's state of a payout from a connected account to its bank. */
export interface BankPayout {
  bankPayoutId: string;
  /** The backend's id of it; null for a payout that was made without the backend. */
  payoutId: string | null;
  /** `pending` until the bank has it. A paid payout that the bank returns days later becomes `failed`. */
  status: 'pending' | 'paid' | 'failed' | 'canceled';
  amountMinor: number;
  currency: string;
  /** The provider's code of a failure, for instance `account_closed`. */
  failureCode: string | null;
  /** The expected arrival, where the provider names one. */
  arrivesAtMs: number | null;
}

/**
 * The payment provider. Every call that changes something is idempotent, by a key made of the order or by the intent's
 * own state, so that a retry after an unknown outcome never charges twice. Amounts are in the project's minor units
 * (ISO 4217 exponents); the adaptor converts to the provider's.
 */
export interface Payments {
  /** Opens an unpaid PaymentIntent: no amount is blocked on a card before it is confirmed. */
  open(request: {
    orderId: string;
    purpose: string;
    amountMinor: number;
    currency: string;
    customerId: string | null;
    /** Captured immediately after the confirmation, not authorised first. */
    takenAtOnce?: boolean;
  }): Promise<PaymentIntentState>;
  /**
   * Confirms with a saved card; `offSession` when the customer is not present. Still unpaid afterwards: the bank
   * requires 3-D Secure. Throws PaymentDeclined.
   */
  confirm(request: { intentId: string; paymentMethodId: string; offSession?: boolean }): Promise<PaymentIntentState>;
  retrieve(intentId: string): Promise<PaymentIntentState>;
  /** Captures up to the authorised amount and releases the rest. A captured one stays as it is. */
  capture(request: {
    orderId: string;
    intentId: string;
    amountMinor: number;
    currency: string;
  }): Promise<PaymentIntentState>;
  /** Releases the authorisation. A released one stays as it is; a captured one is not changed. */
  voidHold(request: { orderId: string; intentId: string }): Promise<PaymentIntentState>;
  /**
   * Transfers from the intent's captured charge, as soon as it is available; null, or an amount above it: from the
   * platform's own balance.
   */
  transfer(request: {
    orderId: string;
    accountId: string;
    amountMinor: number;
    currency: string;
    intentId: string | null;
  }): Promise<void>;
  /** Reverses a part of an order's transfer; throws while there is no such transfer. */
  reverse(request: { orderId: string; refundId: string; amountMinor: number; currency: string }): Promise<void>;
  /** Refunds a part of an intent's captured amount; once per refund and intent. */
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
  /** Submits evidence once, with the photo of the delivery where there is one: it cannot be changed afterwards. */
  submitEvidence(disputeId: string, evidence: DisputeEvidence, photo: EvidencePhoto | null): Promise<DisputedPayment>;
  listCards(customerId: string): Promise<SavedCard[]>;
  /** The provider's id of a saved card's number; null for none, or a method without one. */
  fingerprintOf(paymentMethodId: string): Promise<string | null>;
  /** False when the card does not belong to this customer. */
  removeCard(request: { customerId: string; paymentMethodId: string }): Promise<boolean>;
  /** Removes the customer and all saved cards; past payments stay. Does nothing when there is none. */
  removeCustomer(customerId: string): Promise<void>;
  /** Returns the secrets for an app to save a card. Creates the customer when there is none yet. */
  setUp(request: { uid: string; customerId: string | null }): Promise<{
    customerId: string;
    setupIntentClientSecret: string;
    ephemeralKeySecret: string;
  }>;
  /** Opens an account, once per owner: repeated calls return the same id. A courier's is paid out only by `payOut`. */
  openAccount(request: { owner: AccountOwner; country: string; legalName: string }): Promise<string>;
  /**
   * Creates a link to the provider's form for missing information, valid for minutes. The form redirects to the app of
   * its owner; absent: of a restaurant.
   */
  accountLink(accountId: string, owner?: AccountOwner['type']): Promise<string>;
  /** Returns the owner as null for an account that was opened without the backend. */
  retrieveAccount(accountId: string): Promise<{ owner: AccountOwner | null; payoutsEnabled: boolean }>;
  /**
   * Transfers from the platform's own balance to a courier's account; once per payout. Throws while the balance is too
   * low.
   */
  transferToCourier(request: {
    payoutId: string;
    accountId: string;
    amountMinor: number;
    currency: string;
  }): Promise<void>;
  /**
   * Pays out from the connected account's balance to its bank; once per payout, also where that one failed. Throws
   * PayoutRefused; the provider may refuse the same payout for a day then, so a later one needs an id of its own.
   */
  payOut(request: {
    payoutId: string;
    accountId: string;
    amountMinor: number;
    currency: string;
    instant: boolean;
  }): Promise<BankPayout>;
  /** By the provider's id. */
  retrieveBankPayout(request: { accountId: string; bankPayoutId: string }): Promise<BankPayout>;
  /**
   * Reverses the transfer of a payout, whole; once per payout. Throws while there is no such transfer, and where its
   * money is no longer in the account.
   */
  reverseTransfer(request: {
    payoutId: string;
    accountId: string;
    amountMinor: number;
    currency: string;
  }): Promise<void>;
  /** Checks the signature over the raw body; null when it is not valid. */
  verifyEvent(rawBody: Buffer, signature: string): Promise<PaymentEvent | null>;

  // The lists for the nightly comparison. Newest first, by the provider's own time of creation.
  listHolds(span: Span): Promise<Page<FollowedPayment>>;
  /** For all orders and payouts, or to one connected account. */
  listTransfers(span: Span & { accountId?: string }): Promise<Page<Transfer>>;
  listRefunds(span: Span): Promise<Page<SentRefund>>;
  listDisputes(span: Span): Promise<Page<DisputedPayment>>;
  /** Lists all changes of the platform's balance. */
  listBalance(span: Span): Promise<Page<BalanceMove>>;
  /** Fetches one intent; null when the provider does not know it. */
  inspect(intentId: string): Promise<FollowedPayment | null>;
  /** By the id of an order or a payout. */
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

/** A PaymentIntent, with the part of its captured amount that was refunded. */
export interface FollowedPayment extends PaymentIntentState {
  refundedMinor: number;
}

export interface Transfer {
  id: string;
  /** Null when it was not made for an order. */
  orderId: string | null;
  /** Null when it was not made for a courier's payout. */
  payoutId: string | null;
  accountId: string;
  /** Less its reversals. */
  amountMinor: number;
}

/** Lists all entries of a span, page by page. */
export async function* listAll<T>(span: Span, list: (span: Span) => Promise<Page<T>>): AsyncGenerator<T> {
  let page = await list(span);
  yield* page.items;
  while (page.next !== null) {
    page = await list({ ...span, after: page.next });
    yield* page.items;
  }
}
