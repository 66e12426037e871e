import { patternAt } from '../../contract/documents.js';

/**
 * Documents that name a person who is not the one whose data it is: an erasure puts the pseudonym in the uid's place.
 */
export interface Mention {
  field: string;
  how: '==' | 'array-contains';
  /** What the field holds; absent: the uid. */
  by?: 'staffKey' | 'email';
}

/**
 * Where the personal data is: every document of contract/documents.ts, and those that apps alone write, with what
 * becomes of it when its person is erased. Tests hold the two together: no document is made without an answer here, and
 * no field that holds a uid without a way to find it.
 */
export interface PersonalDataEntry {
  /** As in contract/documents.ts; its ids may have other names. A path with `{uid}` is that person's. */
  path: string;
  /** Fields that hold the uid of whose data it is. */
  fields?: readonly string[];
  mentions?: readonly Mention[];
  /** A field that holds paths, and the folders of a person in which such paths lie: `users` for `users/{uid}/…`. */
  paths?: { field: string; folders: readonly string[] };
  /** Fields that hold a uid and need no query: `why` says how the document is found, or that it lapses. */
  found?: readonly string[];
  /**
   * The field of the person whose uid the id may be made of: an erasure gives such a document of that person another
   * id. `*`: the document is the server's own, about other documents. Absent: the id is never changed.
   */
  idOf?: string;
  /** Is it in the export? For documents that several people are named in: to whom of them, by field. */
  exported?: boolean | readonly string[];
  /**
   * The fields that the export has, and no other: `pricing.lines.note` for each line, `active.*.code` for each key of a
   * map. Absent: all of them, which is for documents that hold nothing of other people and nothing that the rules or
   * the server keep from the person.
   */
  shown?: readonly string[];
  /** The export has only documents with this value in this field. */
  shownIf?: { field: string; value: string };
  /**
   * `nameless`: it stays, under another id, without what only its person said. `lapses`: its TTL policy takes it within
   * the days that `why` names. `kept`: there is nothing personal in it, or the law wants it.
   */
  erased: 'deleted' | 'nameless' | 'lapses' | 'kept';
  why?: string;
}

/** What the export has of documents that hold more than their person's data: see `shown`. */
const SHOWN = {
  /** Without where the orders under way go to, and who shares a device, card or address with the courier. */
  courier: [
    'displayName',
    'zoneId',
    'vehicle',
    'approved',
    'online',
    'presence',
    'load',
    'cashMinor',
    'idleSinceMs',
    'rating',
    'staffOf',
    'shifts',
    ...['orderId', 'restaurantName', 'pickUpAt', 'distanceMeters', 'payMinor', 'currency', 'expiresAtMs', 'wave'].map(
      (name) => `offer.${name}`,
    ),
    ...['code', 'restaurantName', 'pickUpAt', 'floatMinor'].map((name) => `active.*.${name}`),
  ],
  /** Without the courier, the restaurant's staff, and what the restaurant is paid or bears. */
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
  /** Without who bears it. */
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
  /** Without who complained. */
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
   * As the customer was offered it: without the split, the restaurant's commission, the zone's rules and the risk
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
  /** Without why it is in doubt, which is for operators. */
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
    path: 'couriers/{uid}',
    mentions: [{ field: 'linked', how: 'array-contains', by: 'staffKey' }],
    found: ['offer.peers'],
    exported: true,
    shown: SHOWN.courier,
    erased: 'deleted',
    why: 'an offer of others lapses in a minute',
  },
  {
    path: 'courierApplications/{uid}',
    mentions: [{ field: 'review.by', how: '==' }],
    exported: true,
    erased: 'deleted',
    why: 'with its papers',
  },
  {
    path: 'couriers/{uid}/live/{orderId}',
    found: ['customerId'],
    why: 'deleted at the door',
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
    erased: 'nameless',
  },
  { path: 'orders/{orderId}/commands/{id}', fields: ['uid'], exported: true, erased: 'deleted' },
  {
    path: 'orders/{orderId}/refunds/{id}',
    fields: ['customerId'],
    exported: true,
    shown: SHOWN.refund,
    idOf: 'customerId',
    erased: 'nameless',
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
    why: 'of an operator: with the audit',
    idOf: 'customerId',
    exported: true,
    shown: SHOWN.claim,
    erased: 'nameless',
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
    erased: 'nameless',
    why: 'who reported stays as an id that leads nowhere',
  },
  { path: 'shares/{id}', fields: ['customerId'], exported: true, erased: 'deleted' },
  {
    path: '{owner}/reviews/{id}',
    erased: 'nameless',
    why: 'with the order, which alone names its author; not in the export of whom it is about',
  },
  {
    path: 'orders/{orderId}/tips/{id}',
    fields: ['customerId', 'courierId'],
    idOf: 'customerId',
    exported: ['customerId'],
    shown: ['customerId', 'amountMinor', 'currency', 'status', 'atMs'],
    erased: 'nameless',
  },
  { path: 'quotes/{id}', fields: ['customerId'], exported: true, shown: SHOWN.quote, erased: 'nameless' },
  {
    path: 'merchantApplications/{id}',
    fields: ['ownerId'],
    mentions: [{ field: 'review.by', how: '==' }],
    exported: true,
    erased: 'nameless',
  },
  {
    path: 'ledgerAccounts/{id}',
    fields: ['uid'],
    exported: true,
    erased: 'deleted',
    why: 'the postings stay, and lead to nobody',
  },
  {
    path: 'ledger/{id}',
    erased: 'kept',
    why: 'its accounts are named by ids that lead to nobody once their link is deleted',
  },
  { path: '{owner}/days/{day}', exported: true, erased: 'kept', why: 'under the id of an account, as the ledger' },
  {
    path: 'heldPays/{payId}',
    fields: ['courierId'],
    mentions: [{ field: 'decision.by', how: '==' }],
    exported: true,
    shown: SHOWN.heldPay,
    shownIf: { field: 'payee', value: 'courier' },
    erased: 'nameless',
  },
  { path: 'proofDigests/{digest}', erased: 'lapses', why: '30 or 90 days, as the photos themselves' },
  { path: 'erasures/{uid}', erased: 'deleted', why: 'last of all' },
  { path: 'restaurants/{id}/members/{uid}', erased: 'deleted', why: 'found by the authority document' },
  { path: 'limits/{id}', erased: 'lapses', why: '3 days at most, under a digest' },
  {
    path: 'blockedDevices/{digest}',
    mentions: [
      { field: 'uid', how: '==' },
      { field: 'by', how: '==' },
    ],
    erased: 'nameless',
    why: 'a digest, so that who was blocked does not come back by leaving',
  },
  {
    path: 'signals/{id}',
    mentions: [{ field: 'accounts', how: 'array-contains' }],
    erased: 'nameless',
    why: 'the digest of a device, card or address; the uid is taken out of it, and how often it used promotions stays for 13 months',
  },
  {
    path: 'links/{uid}',
    mentions: [
      { field: 'linked', how: 'array-contains' },
      { field: 'neighbours', how: 'array-contains' },
    ],
    erased: 'deleted',
    why: 'and the uid is taken out of all others',
  },
  {
    path: 'restaurants/{id}/invitations/{id}',
    fields: ['to.uid'],
    mentions: [
      { field: 'to.email', how: '==', by: 'email' },
      { field: 'invitedBy', how: '==' },
    ],
    erased: 'deleted',
    why: 'by whom: nameless',
  },
  {
    path: 'restaurants/{id}/slots/{startMs}',
    erased: 'kept',
    why: 'named by ids of the ledger; lapses a day after the slot',
  },
  { path: 'orders/{orderId}/private/search', erased: 'kept', why: 'couriers who were asked, by ids of the ledger' },
  { path: 'zones/{id}/matches/{atMs}', erased: 'kept', why: 'couriers by ids of the ledger; lapses after 14 days' },
  {
    path: 'audit/{id}',
    mentions: [{ field: 'by', how: '==' }],
    erased: 'nameless',
    why: 'what operators did has to be answered for',
    paths: { field: 'subject', folders: ['users', 'couriers', 'courierApplications', 'exports', 'courier-documents'] },
  },
  {
    path: 'operatorTasks/{id}',
    idOf: '*',
    erased: 'nameless',
    why: 'of the documents that could not be read, and of orders',
    paths: {
      field: 'path',
      folders: ['users', 'authorities', 'carts', 'couriers', 'courierApplications', 'links', 'exports', 'erasures'],
    },
  },
  { path: 'privacyReports/{id}', erased: 'kept', why: 'the proof: counts under the other id' },
  ...[
    'restaurants/{id}',
    'restaurants/{id}/menus/published',
    'restaurants/{id}/menus/draft',
    'restaurants/{id}/live/stock',
    'restaurants/{id}/private/terms',
    'restaurants/{id}/photos/{id}',
    'searchEntries/{id}',
    'zones/{id}',
    'zones/{id}/versions/{n}',
    'zones/{id}/promotions/{id}',
    'zones/{id}/promotions/{id}/shards/{n}',
    'flags/{id}',
    'flags/{id}/versions/{n}',
    'boards/{zoneId}',
    'zones/{id}/shifts/{id}',
    'zones/{id}/stats/eta',
    'disputes/{id}',
    'reconciliations/{day}',
  ].map((path): PersonalDataEntry => ({ path, erased: 'kept', why: 'nothing personal' })),
];

/**
 * The folders of files that belong to one user. Others are found by the document that they belong to: a proof
 * (`proofs/{orderId}/{uid}/`) is moved under the courier's pseudonym and deleted after 30 days, a claim's photo
 * (`claims/{orderId}/{uid}/`) is deleted, and a restaurant's licence (`merchant-documents/{applicationId}/{uid}/`) has
 * to be kept: it is moved under the pseudonym, or deleted where the application was not approved.
 */
export const FOLDERS = ['exports/{uid}/', 'profile-photos/{uid}/', 'courier-documents/{uid}/'] as const;

/**
 * `orders/{}/messages/{}`: a path without the names of its ids. Restaurants and couriers are owners of reviews alike.
 */
const bare = (path: string): string =>
  path.replaceAll(/\{\w*\}/g, '{}').replace(/^\w+\/\{\}\/(reviews|days)\//, '{}/$1/');

const BY_PATH = new Map(HOLDINGS.map((holding) => [bare(holding.path), holding]));

/** What is registered for the document at a path; undefined for a path that is in no document of the backend. */
export function holdingAt(path: string): PersonalDataEntry | undefined {
  return BY_PATH.get(bare(patternAt(path) ?? withoutIds(path)));
}

/** `users/{}/addresses/{}`: for documents that apps alone write, which the contract has no schema for. */
const withoutIds = (path: string): string =>
  path
    .split('/')
    .map((one, index) => (index % 2 === 0 ? one : '{}'))
    .join('/');

const collectionOf = (path: string): string => path.split('/').slice(0, -1).join('/');
const EXPORTED = new Set(HOLDINGS.filter(({ exported }) => exported).map(({ path }) => collectionOf(bare(path))));

/** Does the export have documents of a collection? */
export const isExportedIn = (collection: string): boolean =>
  EXPORTED.has(collectionOf(bare(withoutIds(`${collection}/id`))));
