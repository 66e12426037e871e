import { patternAt } from '../../contract/documents.js';

/** Documents of one person that mention another: an erasure of the other replaces the uid by the pseudonym. */
export interface Mention {
  field: string;
  how: '==' | 'array-contains';
  /** What the field contains; absent: the uid. */
  by?: 'staffKey' | 'email';
}

/**
 * The places of personal data: every document of contract/documents.ts, and those that only apps write, with their
 * handling when the person is erased. Tests compare the two: every document has an entry here, and every field with a
 * uid can be found.
 */
export interface PersonalDataEntry {
  /** As in contract/documents.ts; its ids may have other names. A path with `{uid}` is that person's. */
  path: string;
  /** Fields that contain the uid of the person whose data it is. */
  fields?: readonly string[];
  mentions?: readonly Mention[];
  /** A field that contains paths, and the folders of a person in which such paths are: `users` for `users/{uid}/…`. */
  paths?: {
    field: string;
    folders: readonly string[];
    /** Folders of others in which a path may name the person further below: `restaurants/{id}/members/{uid}`. */
    searched?: readonly string[];
  };
  /** Fields that contain a uid and need no query: `why` says how the document is found, or that it expires. */
  found?: readonly string[];
  /**
   * The field of the person from whose uid the id may be derived: an erasure gives such a document of that person
   * another id. `*`: any person whose uid the id contains. Absent: the id is never changed.
   */
  idOf?: string;
  /** True where the export includes it. For documents that name several people: the fields of those who get it. */
  exported?: boolean | readonly string[];
  /**
   * The only fields that the export includes: `pricing.lines.note` for each line, `active.*.code` for each key of a
   * map. Absent: all of them, for documents without data of other people and without data that the rules or the server
   * hide from the person.
   */
  shown?: readonly string[];
  /** The export includes only documents with this value in this field. */
  shownIf?: { field: string; value: string };
  /**
   * `pseudonymised`: it stays, under another id, without its person's own texts. `expires`: its TTL policy deletes it
   * within the days that `why` names. `kept`: it contains nothing personal, or the law requires it.
   */
  erased: 'deleted' | 'pseudonymised' | 'expires' | 'kept';
  /** Of the person's own documents, only those with this value in this field stay; the others are deleted. */
  keptIf?: { field: string; value: string };
  why?: string;
}

/** The exported fields of documents that contain more than their person's data: see `shown`. */
const SHOWN = {
  /**
   * Without the addresses of the orders under way, and the accounts that share a device, card or address with the
   * courier.
   */
  courier: [
    'displayName',
    'zoneId',
    'vehicle',
    'plate',
    'photo',
    'approved',
    'online',
    'presence',
    'load',
    'cashMinor',
    'idleSinceMs',
    'rating',
    'staffOf',
    'shifts',
    'paused',
    ...['orderId', 'restaurantName', 'pickUpAt', 'distanceMeters', 'payMinor', 'currency', 'expiresAtMs', 'wave'].map(
      (name) => `offer.${name}`,
    ),
    ...['code', 'restaurantName', 'pickUpAt', 'floatMinor'].map((name) => `active.*.${name}`),
  ],
  /** Without the courier, the restaurant's staff, and the restaurant's pay and costs. */
  order: [
    'status',
    'kind',
    'code',
    'customerId',
    'customerName',
    'restaurantId',
    'restaurantName',
    'pickUpAt',
    'zoneId',
    'currency',
    'lines',
    'totals',
    'distanceMeters',
    'travelSeconds',
    'prepMinutes',
    'createdAtMs',
    'scheduledForMs',
    'readyAtMs',
    'promisedAtMs',
    'reserved',
    'edit',
    ...[
      'status',
      'intentId',
      'authorizedMinor',
      'capturedMinor',
      'refundedMinor',
      'holdUntilMs',
      'topUps',
      'method',
      'disputed',
    ].map((name) => `payment.${name}`),
    ...['n', 'action', 'from', 'to', 'by', 'atMs', 'causeId', 'reason', 'proof'].map((name) => `events.${name}`),
    'events.late.minutes',
    'events.late.creditMinor',
  ],
  /** Without the party that bears it. */
  refund: [
    'customerId',
    'restaurantId',
    'by',
    'what',
    'reason',
    'currency',
    'atMs',
    'amountMinor',
    'taxMinor',
    'lines',
    'parts',
    'creditMinor',
    'notifiedAtMs',
    'status',
  ],
  claim: [
    'customerId',
    'kind',
    'lines',
    'text',
    'photoPath',
    'amountMinor',
    'currency',
    'status',
    'createdAtMs',
    'decision.atMs',
    'decision.reason',
  ],
  /** Without the reporters. */
  report: [
    'content.type',
    'content.restaurantId',
    'content.orderId',
    'content.messageId',
    'authorId',
    'state',
    'createdAtMs',
    'appeal',
    'decision.atMs',
    'decision.verdict',
    'decision.reason',
  ],
  /**
   * As it was offered to the customer: without the split, the restaurant's commission, the zone's rules and the risk
   * signals.
   */
  quote: [
    'customerId',
    'restaurantId',
    'zoneId',
    'kind',
    'lines',
    'promotionCodes',
    'tipPpm',
    'dropOff',
    'distanceMeters',
    'travelSeconds',
    'scheduledForMs',
    'surgePpm',
    'ifUnavailable',
    'paymentMethod',
    'paymentMethodId',
    'useCredit',
    'prepMinutes',
    'createdAtMs',
    'expiresAtMs',
    'expireAt',
    ...['currency', 'totals', 'promotionIds', 'trace'].map((name) => `pricing.${name}`),
    ...[
      'itemId',
      'name',
      'quantity',
      'modifiers',
      'modifierNames',
      'note',
      'unitMinor',
      'grossMinor',
      'itemDiscountMinor',
      'orderDiscountMinor',
      'netMinor',
      'taxes',
      'taxMinor',
      'addedTaxMinor',
    ].map((name) => `pricing.lines.${name}`),
    ...['kind', 'grossMinor', 'discountMinor', 'netMinor', 'taxes', 'taxMinor', 'addedTaxMinor'].map(
      (name) => `pricing.fees.${name}`,
    ),
  ],
  /** Without the doubts, which are for operators. */
  heldPay: ['orderId', 'payee', 'courierId', 'currency', 'amountMinor', 'atMs', 'decision.atMs', 'decision.verdict'],
} as const;

export const HOLDINGS: readonly PersonalDataEntry[] = [
  { path: 'users/{uid}', exported: true, erased: 'deleted' },
  { path: 'users/{uid}/devices/{id}', exported: true, erased: 'deleted' },
  { path: 'users/{uid}/photos/{id}', exported: true, erased: 'deleted', why: 'with its files' },
  ...['addresses', 'favourites', 'reads'].map((name): PersonalDataEntry => ({
    path: `users/{uid}/${name}/{id}`,
    exported: true,
    erased: 'deleted',
  })),
  { path: 'users/{uid}/inbox/{id}', exported: true, erased: 'deleted' },
  { path: 'users/{uid}/private/claims', exported: true, erased: 'deleted' },
  { path: 'users/{uid}/private/billing', exported: true, erased: 'deleted' },
  { path: 'users/{uid}/private/origin', exported: true, erased: 'deleted' },
  { path: 'users/{uid}/private/standing', exported: true, erased: 'deleted' },
  { path: 'authorities/{uid}', exported: true, erased: 'deleted' },
  { path: 'deviceTokens/{digest}', fields: ['uid'], exported: true, erased: 'deleted' },
  { path: 'carts/{uid}', exported: true, erased: 'deleted' },
  {
    path: 'conversations/{uid}',
    mentions: [{ field: 'ownerId', how: '==' }],
    exported: true,
    shown: ['open', 'lastFrom', 'lastAtMs'],
    erased: 'deleted',
  },
  { path: 'conversations/{uid}/supportMessages/{id}', exported: true, erased: 'deleted' },
  {
    path: 'couriers/{uid}',
    mentions: [{ field: 'linked', how: 'array-contains', by: 'staffKey' }],
    found: ['offer.peers'],
    exported: true,
    shown: SHOWN.courier,
    erased: 'deleted',
    why: 'an offer of others expires in a minute',
  },
  {
    path: 'courierApplications/{uid}',
    mentions: [{ field: 'review.by', how: '==' }],
    exported: true,
    erased: 'deleted',
    why: 'with its documents in Storage',
  },
  {
    path: 'couriers/{uid}/live/{orderId}',
    found: ['customerId'],
    why: 'deleted at the delivery',
    exported: true,
    shown: ['restaurantId', 'seq', 'fixes', 'at', 'stopped'],
    erased: 'deleted',
  },
  {
    path: 'orders/{orderId}',
    fields: ['customerId', 'courierId'],
    mentions: [{ field: 'pastCourierIds', how: 'array-contains' }],
    found: ['events.courierId'],
    exported: ['customerId'],
    shown: SHOWN.order,
    erased: 'pseudonymised',
  },
  { path: 'orders/{orderId}/commands/{id}', fields: ['uid'], exported: true, erased: 'deleted' },
  {
    path: 'orders/{orderId}/refunds/{id}',
    fields: ['customerId'],
    exported: true,
    shown: SHOWN.refund,
    idOf: 'customerId',
    erased: 'pseudonymised',
  },
  {
    path: 'orders/{orderId}/messages/{id}',
    fields: ['uid'],
    found: ['customerId', 'courierId'],
    why: 'of others: with the order',
    exported: true,
    shown: ['uid', 'role', 'n', 'restaurantId', 'text', 'createdAt', 'state', 'closed', 'expireAt'],
    erased: 'deleted',
  },
  {
    path: 'orders/{orderId}/claims/{id}',
    fields: ['customerId'],
    found: ['decision.by'],
    why: 'of an operator: with the audit entries',
    idOf: 'customerId',
    exported: true,
    shown: SHOWN.claim,
    erased: 'pseudonymised',
  },
  {
    path: 'reports/{id}',
    fields: ['authorId'],
    mentions: [
      { field: 'reporters', how: 'array-contains' },
      { field: 'content.courierId', how: '==' },
      { field: 'decision.by', how: '==' },
    ],
    idOf: 'authorId',
    exported: true,
    shown: SHOWN.report,
    erased: 'pseudonymised',
    why: 'the reporters stay as pseudonyms',
  },
  { path: 'shares/{id}', fields: ['customerId'], exported: true, erased: 'deleted' },
  {
    path: '{owner}/reviews/{id}',
    erased: 'pseudonymised',
    why: 'with the order, which alone names its author; not in the export of its subject',
  },
  {
    path: 'orders/{orderId}/tips/{id}',
    fields: ['customerId', 'courierId'],
    idOf: 'customerId',
    exported: ['customerId'],
    shown: ['customerId', 'amountMinor', 'currency', 'status', 'atMs'],
    erased: 'pseudonymised',
  },
  { path: 'quotes/{id}', fields: ['customerId'], exported: true, shown: SHOWN.quote, erased: 'pseudonymised' },
  {
    path: 'merchantApplications/{id}',
    fields: ['ownerId'],
    mentions: [{ field: 'review.by', how: '==' }],
    idOf: '*',
    exported: true,
    erased: 'pseudonymised',
    keptIf: { field: 'status', value: 'approved' },
    why: 'the evidence of a business stays; without an approval there is none',
  },
  {
    path: 'ledgerAccounts/{id}',
    fields: ['uid'],
    exported: true,
    erased: 'deleted',
    why: 'the postings stay, and no longer identify a person',
  },
  {
    path: 'ledger/{id}',
    erased: 'kept',
    why: 'its accounts are named by ids that identify no person once their link is deleted',
  },
  { path: '{owner}/days/{day}', exported: true, erased: 'kept', why: 'under the id of an account, as the ledger' },
  {
    path: 'courierAccounts/{uid}',
    exported: true,
    shown: ['stripeAccountId', 'payoutsEnabled', 'bank.holder', 'bank.last4', 'bank.savedAtMs', 'payouts'],
    erased: 'deleted',
    why: 'the number of the bank account is sealed',
  },
  {
    path: 'courierPayouts/{payoutId}',
    fields: ['courierId'],
    exported: true,
    erased: 'pseudonymised',
    why: 'its id begins with the account in the ledger, which identifies no person once its link is deleted',
  },
  {
    path: 'heldPays/{payId}',
    fields: ['courierId'],
    mentions: [{ field: 'decision.by', how: '==' }],
    exported: true,
    shown: SHOWN.heldPay,
    shownIf: { field: 'payee', value: 'courier' },
    erased: 'pseudonymised',
  },
  { path: 'proofDigests/{digest}', erased: 'expires', why: '30 or 90 days, as the photos themselves' },
  { path: 'erasures/{uid}', erased: 'deleted', why: 'deleted last' },
  { path: 'restaurants/{id}/members/{uid}', erased: 'deleted', why: 'found by the authority document' },
  { path: 'limits/{id}', erased: 'expires', why: '3 days at most, under a digest' },
  {
    path: 'blockedDevices/{digest}',
    mentions: [
      { field: 'uid', how: '==' },
      { field: 'by', how: '==' },
    ],
    erased: 'pseudonymised',
    why: 'a digest, so that a blocked user cannot return by deleting the account',
  },
  {
    path: 'signals/{id}',
    mentions: [{ field: 'accounts', how: 'array-contains' }],
    erased: 'pseudonymised',
    why: 'the digest of a device, card, address, door or telephone number; the uid is removed, and the number of used promotions stays for 13 months',
  },
  {
    path: 'links/{uid}',
    mentions: [
      { field: 'linked', how: 'array-contains' },
      { field: 'neighbours', how: 'array-contains' },
    ],
    erased: 'deleted',
    why: 'and the uid is removed from all others',
  },
  {
    path: 'restaurants/{id}/invitations/{id}',
    fields: ['to.uid'],
    mentions: [
      { field: 'to.email', how: '==', by: 'email' },
      { field: 'invitedBy', how: '==' },
    ],
    erased: 'deleted',
    why: 'the author: pseudonymised',
  },
  {
    path: 'restaurants/{id}/slots/{startMs}',
    erased: 'kept',
    why: 'named by ids of the ledger; expires a day after the slot',
  },
  {
    path: 'restaurants/{id}/tickets/{id}',
    erased: 'expires',
    why: 'the items and notes of an order without its customer; expires after two days',
  },
  { path: 'orders/{orderId}/private/search', erased: 'kept', why: 'couriers with offers, by ids of the ledger' },
  { path: 'zones/{id}/matches/{atMs}', erased: 'kept', why: 'couriers by ids of the ledger; expires after 14 days' },
  {
    path: 'audit/{id}',
    mentions: [{ field: 'by', how: '==' }],
    erased: 'pseudonymised',
    why: 'operators are accountable for their actions',
    paths: {
      field: 'subject',
      folders: ['users', 'couriers', 'courierApplications', 'exports', 'courier-documents', 'conversations'],
      // Former entries about a merchant's papers; newer ones name the application.
      searched: ['merchant-documents'],
    },
  },
  {
    path: 'operatorTasks/{id}',
    idOf: '*',
    mentions: [{ field: 'ownerId', how: '==' }],
    erased: 'pseudonymised',
    why: 'of the documents that could not be read, and of orders',
    paths: {
      field: 'path',
      folders: [
        'users',
        'authorities',
        'carts',
        'couriers',
        'courierAccounts',
        'courierApplications',
        'conversations',
        'links',
        'exports',
        'erasures',
      ],
      searched: ['restaurants'],
    },
  },
  {
    path: 'deskRecords/{id}',
    mentions: [{ field: 'ownerId', how: '==' }],
    erased: 'pseudonymised',
    why: 'tags about a person stay without the person',
    paths: { field: 'subject', folders: ['users'] },
  },
  { path: 'privacyReports/{id}', erased: 'kept', why: 'the proof: counts under the pseudonym' },
  ...[
    'restaurants/{id}',
    'restaurants/{id}/menus/published',
    'restaurants/{id}/menus/draft',
    'restaurants/{id}/menuTexts/{language}',
    'restaurants/{id}/live/stock',
    'restaurants/{id}/private/terms',
    'restaurants/{id}/settings/promotions',
    'restaurants/{id}/stats/strikes',
    'restaurants/{id}/stats/prepSamples',
    'restaurants/{id}/photos/{id}',
    'searchEntries/{id}',
    'zones/{id}',
    'zones/{id}/versions/{n}',
    'zones/{id}/promotions/{id}',
    'zones/{id}/promotions/{id}/shards/{n}',
    'flags/{id}',
    'flags/{id}/versions/{n}',
    'appVersions/{id}',
    'appVersions/{id}/versions/{n}',
    'boards/{zoneId}',
    'zones/{id}/shifts/{id}',
    'zones/{id}/stats/eta',
    'zones/{id}/live/surge',
    'zones/{id}/live/promotions',
    'disputes/{id}',
    'reconciliations/{day}',
    'books/{book}/months/{month}',
  ].map((path): PersonalDataEntry => ({ path, erased: 'kept', why: 'nothing personal' })),
];

/**
 * The folders of files that belong to one user. Other folders are found by the document to which they belong: a proof
 * (`proofs/{orderId}/{uid}/`) is moved under the courier's pseudonym and deleted after 30 days, a claim's photo
 * (`claims/{orderId}/{uid}/`) is deleted, and a restaurant's licence (`merchant-documents/{applicationId}/{uid}/`) has
 * to be kept: it is moved under the pseudonym, or deleted where the application was not approved.
 */
export const FOLDERS = ['exports/{uid}/', 'profile-photos/{uid}/', 'courier-documents/{uid}/'] as const;

/** `orders/{}/messages/{}`: a path without the names of its ids. Restaurants and couriers both own reviews. */
const toBarePath = (path: string): string =>
  path.replaceAll(/\{\w*\}/g, '{}').replace(/^\w+\/\{\}\/(reviews|days)\//, '{}/$1/');

const BY_PATH = new Map(HOLDINGS.map((holding) => [toBarePath(holding.path), holding]));

/**
 * Returns the registry's entry for the document at a path; undefined for a path that no document of the backend has.
 */
export function findEntry(path: string): PersonalDataEntry | undefined {
  return BY_PATH.get(toBarePath(patternAt(path) ?? withoutIds(path)));
}

/** `users/{}/addresses/{}`: for documents that only apps write, for which the contract has no schema. */
const withoutIds = (path: string): string =>
  path
    .split('/')
    .map((one, index) => (index % 2 === 0 ? one : '{}'))
    .join('/');

const toCollection = (path: string): string => path.split('/').slice(0, -1).join('/');
const EXPORTED = new Set(HOLDINGS.filter(({ exported }) => exported).map(({ path }) => toCollection(toBarePath(path))));

/** True where the export includes documents of a collection. */
export const isExportedIn = (collection: string): boolean =>
  EXPORTED.has(toCollection(toBarePath(withoutIds(`${collection}/id`))));
