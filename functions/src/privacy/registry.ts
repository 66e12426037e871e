/**
 * Where the personal data is: every document of contract/documents.ts, with what becomes of it when its person is erased. A
 * test holds the two together, so that no document is made without an answer here.
 */
export interface Holding {
  /** As in contract/documents.ts; its ids may have other names. A path with `{uid}` is that person's. */
  path: string;
  /** Fields that hold the uid of whose data it is. */
  fields?: readonly string[];
  /** Is it in the export? For documents that several people are named in: to whom of them, by field. */
  exported?: boolean | readonly string[];
  /**
   * `nameless`: it stays, under another id, without what only its person said. `lapses`: its TTL policy takes it within
   * the days that `why` names. `kept`: there is nothing personal in it, or the law wants it.
   */
  erased: 'deleted' | 'nameless' | 'lapses' | 'kept';
  why?: string;
}

export const HOLDINGS: readonly Holding[] = [
  { path: 'users/{uid}', exported: true, erased: 'deleted' },
  { path: 'users/{uid}/devices/{id}', exported: true, erased: 'deleted' },
  { path: 'users/{uid}/photos/{id}', exported: true, erased: 'deleted', why: 'with its files' },
  { path: 'users/{uid}/inbox/{id}', exported: true, erased: 'deleted' },
  { path: 'users/{uid}/private/claims', exported: true, erased: 'deleted' },
  { path: 'users/{uid}/private/billing', exported: true, erased: 'deleted' },
  { path: 'users/{uid}/private/origin', exported: true, erased: 'deleted' },
  { path: 'users/{uid}/private/standing', exported: true, erased: 'deleted' },
  { path: 'authorities/{uid}', exported: true, erased: 'deleted' },
  { path: 'deviceTokens/{digest}', fields: ['uid'], exported: true, erased: 'deleted' },
  { path: 'carts/{uid}', exported: true, erased: 'deleted' },
  { path: 'couriers/{uid}', exported: true, erased: 'deleted' },
  { path: 'courierApplications/{uid}', exported: true, erased: 'deleted', why: 'with its papers' },
  { path: 'couriers/{uid}/live/{orderId}', exported: true, erased: 'deleted' },
  { path: 'orders/{orderId}', fields: ['customerId', 'courierId'], exported: ['customerId'], erased: 'nameless' },
  { path: 'orders/{orderId}/commands/{id}', fields: ['uid'], exported: true, erased: 'deleted' },
  { path: 'orders/{orderId}/refunds/{id}', fields: ['customerId'], exported: true, erased: 'nameless' },
  { path: 'orders/{orderId}/messages/{id}', fields: ['uid'], exported: true, erased: 'deleted' },
  { path: 'orders/{orderId}/claims/{id}', fields: ['customerId'], exported: true, erased: 'nameless' },
  { path: 'reports/{id}', fields: ['authorId'], exported: true, erased: 'nameless', why: 'who reported stays as an id that leads nowhere' },
  { path: 'shares/{id}', fields: ['customerId'], exported: true, erased: 'deleted' },
  { path: '{owner}/reviews/{id}', erased: 'kept', why: 'without its author, whom only the order names' },
  { path: 'orders/{orderId}/tips/{id}', fields: ['customerId', 'courierId'], exported: ['customerId'], erased: 'nameless' },
  { path: 'quotes/{id}', fields: ['customerId'], exported: true, erased: 'nameless' },
  { path: 'merchantApplications/{id}', fields: ['ownerId'], exported: true, erased: 'nameless' },
  { path: 'ledgerAccounts/{id}', fields: ['uid'], exported: true, erased: 'deleted', why: 'the postings stay, and lead to nobody' },
  { path: 'ledger/{id}', erased: 'kept', why: 'its accounts are named by ids that lead to nobody once their link is deleted' },
  { path: '{owner}/days/{day}', erased: 'kept', why: 'under the id of an account, as the ledger' },
  { path: 'heldPays/{payId}', fields: ['courierId'], exported: true, erased: 'nameless' },
  { path: 'proofDigests/{digest}', erased: 'lapses', why: '30 or 90 days, as the photos themselves' },
  { path: 'erasures/{uid}', erased: 'deleted', why: 'last of all' },
  { path: 'restaurants/{id}/members/{uid}', erased: 'deleted', why: 'found by the authority document' },
  { path: 'limits/{id}', erased: 'lapses', why: '3 days at most, under a digest' },
  { path: 'blockedDevices/{digest}', erased: 'kept', why: 'a digest, so that who was blocked does not come back by leaving' },
  { path: 'signals/{id}', erased: 'kept', why: 'the digest of a device, card or address; the uid is taken out of it' },
  { path: 'links/{accountId}', erased: 'kept', why: 'deleted with its account, whose uid is taken out of all others' },
  { path: 'restaurants/{id}/invitations/{id}', erased: 'lapses', why: '7 days' },
  { path: 'restaurants/{id}/slots/{startMs}', erased: 'lapses', why: 'a day after the slot' },
  { path: 'orders/{orderId}/private/search', erased: 'kept', why: 'couriers who were asked, by uid: a name that nothing leads to any more' },
  { path: 'zones/{id}/matches/{atMs}', erased: 'lapses', why: '14 days' },
  { path: 'audit/{id}', erased: 'kept', why: 'what operators did has to be answered for: ids and reasons, no names' },
  { path: 'privacyReports/{id}', erased: 'kept', why: 'the proof: counts under the other id' },
  ...[
    'restaurants/{id}', 'restaurants/{id}/menus/published', 'restaurants/{id}/menus/draft', 'restaurants/{id}/live/stock',
    'restaurants/{id}/private/terms', 'restaurants/{id}/photos/{id}', 'searchEntries/{id}', 'zones/{id}', 'zones/{id}/versions/{n}', 'zones/{id}/promotions/{id}',
    'zones/{id}/promotions/{id}/shards/{n}', 'flags/{id}', 'flags/{id}/versions/{n}', 'boards/{zoneId}', 'operatorTasks/{id}', 'zones/{id}/shifts/{id}', 'zones/{id}/stats/eta',
    'disputes/{id}', 'reconciliations/{day}',
  ].map((path): Holding => ({ path, erased: 'kept', why: 'nothing personal' })),
]; // prettier-ignore

/** Files, by the folder that is somebody's own. */
export const FOLDERS = ['exports/{uid}/', 'profile-photos/{uid}/', 'courier-documents/{uid}/'] as const;
/** Folders whose files lapse by themselves, or stay for those whose business they are. */
export const OTHER_FOLDERS = {
  'proofs/{orderId}/{uid}/': 'photos of doors, gone after 30 days',
  'claims/{orderId}/{uid}/': 'photos of food, gone after 90 days',
  'merchant-documents/{applicationId}/{uid}/':
    'deleted with an application that was not approved; a licence has to be kept',
} as const;
