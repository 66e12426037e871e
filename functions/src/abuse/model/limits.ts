import type { CallableName } from '../../calls/callables.js';
import type { Limit } from '../../core/bucket.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Of any callable, in one instance's memory: what a phone never reaches and a script does at once. */
export const CALLS_BY_USER: Limit = { capacity: 120, refillMs: 500 };
/** An office or a mobile network may share one address. */
export const CALLS_BY_ADDRESS: Limit = { capacity: 1_200, refillMs: 50 };

/**
 * Unknown links of shared orders, in one instance's memory: they read nothing, and an address soon gets no page for
 * them.
 */
export const UNKNOWN_LINKS: Limit = { capacity: 60, refillMs: 1_000 };

/** What is expensive or suspicious, counted in `limits/{id}`, so that it holds over all instances. */
export const COUNTED = {
  signUpByAddress: { capacity: 60, refillMs: MINUTE_MS },
  /** An app that leaves the device id out: its sign-ups are counted against the address alone. */
  signUpWithoutDevice: { capacity: 5, refillMs: 30 * MINUTE_MS },
  signUpByDevice: { capacity: 3, refillMs: 8 * HOUR_MS },
  /** Devices that one account comes to. */
  newDevice: { capacity: 10, refillMs: 6 * HOUR_MS },
  /** Guesses: once they are used up, the customer learns nothing about any code. */
  wrongCode: { capacity: 5, refillMs: 10 * MINUTE_MS },
  merchantRefund: { capacity: 30, refillMs: 2 * MINUTE_MS },
  /** An operator's messages to one party of one order, so that a mistake does not flood the recipient. */
  partyMessage: { capacity: 5, refillMs: 10 * MINUTE_MS },
  export: { capacity: 3, refillMs: 8 * HOUR_MS },
  refund: { capacity: 60, refillMs: MINUTE_MS },
  credit: { capacity: 60, refillMs: MINUTE_MS },
  deposit: { capacity: 60, refillMs: MINUTE_MS },
  tip: { capacity: 20, refillMs: 30 * MINUTE_MS },
  card: { capacity: 15, refillMs: 10 * MINUTE_MS },
  invitation: { capacity: 20, refillMs: 30 * MINUTE_MS },
  /** An application is handed in twice at least: before its papers, and with them. */
  application: { capacity: 12, refillMs: 2 * HOUR_MS },
  share: { capacity: 20, refillMs: 5 * MINUTE_MS },
  claim: { capacity: 10, refillMs: HOUR_MS },
  report: { capacity: 20, refillMs: 30 * MINUTE_MS },
  file: { capacity: 60, refillMs: MINUTE_MS },
  /** Uploads a day, of which each is drawn in four variants: of a person's five photos, and of a menu of a thousand. */
  profilePhoto: { capacity: 10, refillMs: 144 * MINUTE_MS },
  menuPhoto: { capacity: 1_000, refillMs: 90_000 },
  /** Beyond what an instance remembers for nothing: see FREE_CALLS. */
  search: { capacity: 120, refillMs: 2_000 },
  /** Each is a document that is kept for a month. */
  quote: { capacity: 60, refillMs: 30_000 },
} as const satisfies Record<string, Limit>;
export type Counted = keyof typeof COUNTED;

/** Calls that are rare or expensive: each counts by its user, over all instances, for a read and a write. */
export const COUNTED_CALLS = {
  refundOrder: 'refund',
  grantCredit: 'credit',
  recordCashDeposit: 'deposit',
  addTip: 'tip',
  setUpPayment: 'card',
  removeCard: 'card',
  inviteMember: 'invitation',
  applyAsCourier: 'application',
  applyAsMerchant: 'application',
  shareTracking: 'share',
  openClaim: 'claim',
  reportContent: 'report',
  appeal: 'report',
  openFile: 'file',
} as const satisfies { readonly [N in CallableName]?: Counted };
/** How a call is counted; undefined for a call that is not in the table. */
export const countedAs = (name: CallableName): Counted | undefined =>
  Object.entries(COUNTED_CALLS).find(([key]) => key === name)?.[1];

/**
 * Calls that an ordinary user makes often: so many cost nothing, in one instance's memory; a user who is faster is
 * counted over all instances.
 */
const FREE_CALLS = {
  discover: { free: { capacity: 40, refillMs: 1_000 }, kind: 'search' },
  quote: { free: { capacity: 40, refillMs: 15_000 }, kind: 'quote' },
} as const satisfies { readonly [N in CallableName]?: { free: Limit; kind: Counted } };

/** What is free of a call, and how the rest is counted; undefined for a call that is not in the table. */
export const freeOf = (name: CallableName): { free: Limit; kind: Counted } | undefined =>
  Object.entries(FREE_CALLS).find(([key]) => key === name)?.[1];
