import type { CallableName } from '../../calls/callables.js';
import type { Limit } from '../../core/bucket.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * The limit of each user for all callables, in one instance's memory: an app never reaches it, a script does at once.
 */
export const CALLS_BY_USER: Limit = { capacity: 120, refillMs: 500 };
/** Higher than a user's, since an office or a mobile network may share one address. */
export const CALLS_BY_ADDRESS: Limit = { capacity: 1_200, refillMs: 50 };

/**
 * Requests for unknown links of shared orders, in one instance's memory. They read nothing; an address that exceeds the
 * limit gets no page.
 */
export const UNKNOWN_LINKS: Limit = { capacity: 60, refillMs: 1_000 };

/**
 * Declined cards of a customer, in one instance's memory: below it a payment does not read the count over all
 * instances.
 */
export const FREE_DECLINES: Limit = { capacity: 3, refillMs: 20 * MINUTE_MS };

/** Calls that are expensive or suspicious, counted in `limits/{id}`, so that a limit holds over all instances. */
export const COUNTED = {
  signUpByAddress: { capacity: 60, refillMs: MINUTE_MS },
  /** For an app that omits the device id: its sign-ups are counted against the address alone. */
  signUpWithoutDevice: { capacity: 5, refillMs: 30 * MINUTE_MS },
  signUpByDevice: { capacity: 3, refillMs: 8 * HOUR_MS },
  /** Devices that one account uses. */
  newDevice: { capacity: 10, refillMs: 6 * HOUR_MS },
  /** Unknown codes, each of a cart: once they are used up, the answer no longer says whether a code exists. */
  wrongCode: { capacity: 5, refillMs: 10 * MINUTE_MS },
  /** Cards that the bank declined: a customer tries a few, a thief a whole list of stolen ones. */
  declinedCard: { capacity: 15, refillMs: 4 * MINUTE_MS },
  /**
   * Orders that a customer cancels at no cost, by account, device and card: a change of mind is free, but without a
   * limit one person could keep any number of kitchens busy, or their places and portions reserved.
   */
  freeCancellation: { capacity: 10, refillMs: 2 * HOUR_MS },
  /** Cash orders that ended unpaid at the customer's account, by account, device and card: then only a card pays. */
  unpaidCash: { capacity: 2, refillMs: 360 * HOUR_MS },
  /** Orders with limited resources that were not paid in time, by account, device and card. */
  scarceExpiry: { capacity: 4, refillMs: 2 * HOUR_MS },
  /**
   * Orders that a courier hands back or does not fetch before the pick-up: beyond it, the courier is paused. Two flat
   * tyres in a day are no fault, but each order is searched for again while its food waits.
   */
  handBack: { capacity: 3, refillMs: 2 * HOUR_MS },
  /** Offers that a courier declines or does not answer, each of which delays an order: beyond it, a pause. */
  unusedOffer: { capacity: 20, refillMs: 6 * MINUTE_MS },
  merchantRefund: { capacity: 30, refillMs: 2 * MINUTE_MS },
  /** An operator's messages to one party of one order, so that a mistake does not flood the recipient. */
  partyMessage: { capacity: 5, refillMs: 10 * MINUTE_MS },
  export: { capacity: 3, refillMs: 8 * HOUR_MS },
  refund: { capacity: 60, refillMs: MINUTE_MS },
  credit: { capacity: 60, refillMs: MINUTE_MS },
  deposit: { capacity: 60, refillMs: MINUTE_MS },
  /** Delivery addresses that an operator reads. */
  dropOff: { capacity: 60, refillMs: MINUTE_MS },
  /** Payments to couriers by hand, and bank accounts that an operator reads for them. */
  courierPayment: { capacity: 120, refillMs: 30_000 },
  /** An operator's searches, each of which may show a person's address and telephone number. */
  finding: { capacity: 120, refillMs: 30_000 },
  /** Messages to the operators: a person who needs help writes several in a row. */
  supportMessage: { capacity: 20, refillMs: 3 * MINUTE_MS },
  /** A courier's requests about the own pay: accounts and instant payouts. */
  payout: { capacity: 10, refillMs: HOUR_MS },
  statement: { capacity: 30, refillMs: 2 * MINUTE_MS },
  tip: { capacity: 20, refillMs: 30 * MINUTE_MS },
  card: { capacity: 15, refillMs: 10 * MINUTE_MS },
  invitation: { capacity: 20, refillMs: 30 * MINUTE_MS },
  /** An application is submitted at least twice: before its documents are uploaded, and with them. */
  application: { capacity: 12, refillMs: 2 * HOUR_MS },
  share: { capacity: 20, refillMs: 5 * MINUTE_MS },
  claim: { capacity: 10, refillMs: HOUR_MS },
  report: { capacity: 20, refillMs: 30 * MINUTE_MS },
  /** Replies of an owner or manager to reviews, who may answer those of a month in one go. */
  reviewReply: { capacity: 120, refillMs: MINUTE_MS },
  file: { capacity: 60, refillMs: MINUTE_MS },
  /** Uploads a day, each of which is rendered in four variants: a person's five photos, a menu's thousand. */
  profilePhoto: { capacity: 10, refillMs: 144 * MINUTE_MS },
  menuPhoto: { capacity: 1_000, refillMs: 90_000 },
  /** Searches beyond those that an instance's memory allows at no cost: see FREE_CALLS. */
  search: { capacity: 120, refillMs: 2_000 },
  /** Each quote is a document that is kept for 180 days. */
  quote: { capacity: 60, refillMs: 30_000 },
  /** Calls that ask the payment provider, which limits the requests of the whole platform. Repeated calls count. */
  placing: { capacity: 60, refillMs: 30_000 },
  cardList: { capacity: 60, refillMs: 30_000 },
  /** More than the approvals of one order: see MAX_APPROVALS. */
  paymentRetry: { capacity: 30, refillMs: 3 * MINUTE_MS },
  /** A report asks for every transfer of its days. */
  payoutsReport: { capacity: 30, refillMs: 2 * MINUTE_MS },
  onboardingLink: { capacity: 20, refillMs: 10 * MINUTE_MS },
  evidence: { capacity: 60, refillMs: MINUTE_MS },
  claimDecision: { capacity: 120, refillMs: 30_000 },
  /** Steps of orders, which ask the provider where money moves. The account of a busy kitchen takes one in five seconds. */
  step: { capacity: 600, refillMs: 2_000 },
  offerAnswer: { capacity: 240, refillMs: 10_000 },
  cancellation: { capacity: 120, refillMs: 20_000 },
  edit: { capacity: 120, refillMs: 20_000 },
  /** Saves of a restaurant's own promotions, each new one of which keeps the counters of its uses. */
  storePromotion: { capacity: 30, refillMs: HOUR_MS },
  /** Each save of the name or the menu writes up to 2,000 search tokens again. */
  catalogChange: { capacity: 60, refillMs: 2 * MINUTE_MS },
  /** Sold-out items of which carts are notified, by restaurant: up to a hundred pushes each. */
  cartNotice: { capacity: 40, refillMs: 3 * MINUTE_MS },
  /** A deletion reads every journal of a courier before it may be refused. */
  deletion: { capacity: 10, refillMs: HOUR_MS },
} as const satisfies Record<string, Limit>;
export type Counted = keyof typeof COUNTED;

/** Rare or expensive calls: each counts by its user, over all instances, for one read and one write. */
export const COUNTED_CALLS = {
  refundOrder: 'refund',
  grantCredit: 'credit',
  recordCashDeposit: 'deposit',
  recordCourierPayment: 'courierPayment',
  returnCourierPayment: 'courierPayment',
  settleCourierDebt: 'courierPayment',
  recordRiderPayment: 'courierPayment',
  readBankDetails: 'courierPayment',
  findRecords: 'finding',
  readDropOff: 'dropOff',
  inspectOrder: 'finding',
  writeToSupport: 'supportMessage',
  connectCourierAccount: 'payout',
  saveBankDetails: 'payout',
  requestInstantPayout: 'payout',
  courierStatement: 'statement',
  addTip: 'tip',
  setUpPayment: 'card',
  removeCard: 'card',
  inviteMember: 'invitation',
  applyAsCourier: 'application',
  applyAsMerchant: 'application',
  shareTracking: 'share',
  openClaim: 'claim',
  replyToReview: 'reviewReply',
  reportContent: 'report',
  appeal: 'report',
  openFile: 'file',
  retryPayment: 'paymentRetry',
  answerEdit: 'paymentRetry',
  payoutsReport: 'payoutsReport',
  connectAccount: 'onboardingLink',
  submitDisputeEvidence: 'evidence',
  decideClaim: 'claimDecision',
  deleteMyAccount: 'deletion',
  saveStorePromotion: 'storePromotion',
} as const satisfies { readonly [N in CallableName]?: Counted };
/** Returns how a call is counted; undefined for a call that is not in the table. */
export const findCountedLimit = (name: CallableName): Counted | undefined =>
  Object.entries(COUNTED_CALLS).find(([key]) => key === name)?.[1];

/**
 * Calls that an ordinary user makes often: the first cost nothing, in one instance's memory; the calls of a faster user
 * are counted over all instances.
 */
const FREE_CALLS = {
  discover: { free: { capacity: 40, refillMs: 1_000 }, kind: 'search' },
  quote: { free: { capacity: 40, refillMs: 15_000 }, kind: 'quote' },
  placeOrder: { free: { capacity: 20, refillMs: 15_000 }, kind: 'placing' },
  listCards: { free: { capacity: 20, refillMs: 15_000 }, kind: 'cardList' },
  moveOrder: { free: { capacity: 60, refillMs: 5_000 }, kind: 'step' },
  respondToOffer: { free: { capacity: 20, refillMs: 15_000 }, kind: 'offerAnswer' },
  dispatchOrder: { free: { capacity: 40, refillMs: 5_000 }, kind: 'step' },
  cancelOrder: { free: { capacity: 20, refillMs: 30_000 }, kind: 'cancellation' },
  editOrder: { free: { capacity: 20, refillMs: 30_000 }, kind: 'edit' },
  updateStore: { free: { capacity: 20, refillMs: MINUTE_MS }, kind: 'catalogChange' },
  publishMenu: { free: { capacity: 20, refillMs: MINUTE_MS }, kind: 'catalogChange' },
} as const satisfies { readonly [N in CallableName]?: { free: Limit; kind: Counted } };

/** Returns how many calls are free and how the others are counted; undefined for a call that is not in the table. */
export const findFreeLimit = (name: CallableName): { free: Limit; kind: Counted } | undefined =>
  Object.entries(FREE_CALLS).find(([key]) => key === name)?.[1];
