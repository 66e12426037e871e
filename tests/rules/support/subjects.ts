import { toOrderDocument } from '#functions/platform/order-document.js';
import { toRefundDocument } from '#functions/platform/refund-document.js';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import { toStaffKey } from '#functions/core/staff-key.js';
import { aDevice, anAuthority, anAddress, anInboxItem, aUser } from '#fixtures/documents/accounts.js';
import { aDayBook, aMonthBook, aReconciliation } from '#fixtures/documents/books.js';
import {
  aCourierAccount,
  aCourierApplication,
  aShare,
  aShift,
  anEtaTable,
  aCourierDocument,
  aCourierPayout,
  aLivePosition,
  aMatchDecision,
  aSearch,
} from '#fixtures/documents/couriers.js';
import {
  aBlockedDevice,
  aBoard,
  aSurge,
  aShownPromotion,
  aFlag,
  aConversation,
  aDeskRecord,
  anAppVersion,
  aSupportMessage,
  anAuditEntry,
  anErasure,
  aPhoto,
  aHeldPay,
  aPrivacyReport,
} from '#fixtures/documents/operations.js';
import {
  aDispute,
  aClaim,
  aReport,
  aReview,
  aJournal,
  aMessage,
  anOperatorTask,
  anOrderDocument,
  aQuoteDocument,
  aRefund,
  aTip,
} from '#fixtures/documents/orders.js';
import {
  aCartLine,
  aDraftDocument,
  aMember,
  aMenuDocument,
  anApplication,
  anInvitation,
  aTicket,
  aPromotionDocument,
  aRestaurantDocument,
  aZoneDocument,
  somePrepSamples,
  someStorePromotions,
  someMenuTexts,
  someStrikes,
  someTerms,
} from '#fixtures/documents/restaurants.js';
import { AUTH_TIME, SERVER_TIME, uidOf, type Fields, type Persona, type Query } from './attempt.js';
import { fieldsOf, ORDER_KEY } from './city.js';
import { FIX } from './moves.js';

/** What is asked for: a stored document, its collection, a new document and a change, each as good as it can be. */
export interface Subject {
  readonly stored: string;
  /** Where the new document goes. */
  readonly fresh: (uid: string) => string;
  readonly document: (uid: string) => Fields;
  readonly change: Fields;
  readonly query?: Query;
}

const subject = (stored: string, document: object, change: Fields, rest: Partial<Subject> = {}): Subject => ({
  stored,
  change,
  document: () => fieldsOf(document),
  fresh: () => `${stored.slice(0, stored.lastIndexOf('/'))}/fresh`,
  ...rest,
});

const order = (name: string, query: Query): Subject =>
  subject(
    `orders/${name}`,
    toOrderDocument(anOrderDocument('pending_payment'), ORDER_KEY),
    { status: 'accepted' },
    { query },
  );

const wish = (orderName: string, role: string, request: Fields): Subject => ({
  stored: 'orders/cancel-asked/commands/ana-command-1',
  fresh: (uid) => `orders/${orderName}/commands/${uid}-command-1`,
  document: (uid) => ({
    uid,
    role,
    n: 1,
    request,
    createdAt: SERVER_TIME,
    authTime: AUTH_TIME,
    answer: { state: 'pending' },
  }),
  change: { answer: { state: 'applied', event: 2, answeredAtMs: 0 } },
});

/** What each says of the order that Cora is bringing to Ana. */
const said = (
  role: string,
  changes: { n?: number; restaurantId?: string; courierId?: null },
): Pick<Subject, 'fresh' | 'document'> => ({
  fresh: (uid) => `orders/delivery-picked_up/messages/${uid}-${changes.n ?? (uid === 'ana' ? 2 : 1)}`,
  document: (uid) => ({
    ...fieldsOf(aMessage()),
    uid,
    role,
    n: uid === 'ana' ? 2 : 1,
    state: 'new',
    createdAt: SERVER_TIME,
    authTime: AUTH_TIME,
    ...changes,
  }),
});

const PRESENCE: Fields = { lat: 52.5, lng: 13.4, geohash: 'u33db2m3r', at: SERVER_TIME };
const PACKET: Fields = { seq: 8, fixes: [{ lat: 52.5, lng: 13.4, agoMs: 0 }], at: SERVER_TIME };
const OPEN = ['placed', 'accepted', 'preparing', 'ready'];
const atLuigis: Query = {
  where: [
    ['restaurantId', '==', 'luigi'],
    ['staffKeys', 'array-contains', toStaffKey('kim')],
    ['status', 'in', OPEN],
  ],
  orderBy: 'createdAtMs',
};
const ofAnas = [['customerId', '==', 'ana']] as const;
const ofAna: Query = { where: ofAnas };
const carriedByCora: Query = {
  where: [
    ['courierId', '==', 'cora'],
    ['status', 'in', ['ready', 'picked_up']],
  ],
};

export const SUBJECTS = {
  'profile of the customer': subject('users/ana', aUser(), { displayName: 'Anna' }),
  'devices of the customer': subject('users/ana/devices/phone', aDevice(), { token: 'another-token' }),
  'inbox of the customer': subject('users/ana/inbox/refund-1', anInboxItem(), { readAt: SERVER_TIME }),
  'addresses of the customer': subject(
    'users/ana/addresses/home',
    anAddress(),
    { label: 'Work' },
    { fresh: () => 'users/ana/addresses/work' },
  ),
  'billing of the customer': subject(
    'users/ana/private/billing',
    { stripeCustomerId: 'cus_x' },
    { stripeCustomerId: 'cus_x' },
  ),
  'standing of the customer': subject(
    'users/ana/private/standing',
    { credits: { EUR: 500 }, uses: {} },
    { credits: { EUR: 5_000_000 } },
  ),
  'favourites of the customer': subject(
    'users/ana/favourites/luigi',
    {},
    { addedAt: SERVER_TIME },
    { fresh: () => 'users/ana/favourites/sakura', document: () => ({ addedAt: SERVER_TIME }) },
  ),
  'applications of merchants': subject(
    'merchantApplications/casa-ana',
    anApplication(),
    { status: 'approved' },
    { query: { where: [['ownerId', '==', 'ana']] } },
  ),
  'applications of couriers': subject('courierApplications/cora', aCourierApplication(), { status: 'approved' }),
  'accounts of couriers': subject('courierAccounts/cora', aCourierAccount(), { payoutsEnabled: true }),
  'payouts of a courier, listed by courier': subject(
    'courierPayouts/coras-payout',
    aCourierPayout(),
    { status: 'paid' },
    { query: { where: [['courierId', '==', 'cora']] } },
  ),
  shifts: subject('zones/centre/shifts/evening', aShift(), { left: 9 }),
  'shown promotions': subject('zones/centre/live/promotions', { promotions: [aShownPromotion()] }, { promotions: [] }),
  surges: subject('zones/centre/live/surge', aSurge(), { surgePpm: 1_000_000 }),
  'tables of rides': subject('zones/centre/stats/eta', anEtaTable(), { updatedAtMs: 0 }),
  'what claims are derived from': subject('authorities/ana', anAuthority(), { role: 'operator' }),
  'who registered a token': subject('deviceTokens/digest-1', { uid: 'ana', deviceId: 'phone' }, { uid: 'otto' }),
  'shared orders': subject('shares/shared-token-of-22-char', aShare(), { orderId: 'another' }),
  'search entries': subject('searchEntries/luigi', { zoneId: 'centre', tokens: [] }, { tokens: ['best'] }),
  // The other customer has stored a cart, the customer is about to.
  carts: subject(
    'carts/otto',
    { restaurantId: 'luigi', lines: [aCartLine()] },
    { restaurantId: 'sakura', updatedAt: SERVER_TIME },
    {
      fresh: () => 'carts/ana',
      document: () => ({ restaurantId: 'luigi', lines: [fieldsOf(aCartLine())], updatedAt: SERVER_TIME }),
    },
  ),
  zones: subject('zones/centre', aZoneDocument(), { version: 2 }),
  'earlier versions of zones': subject('zones/centre/versions/1', aZoneDocument(), { version: 2 }),
  flags: subject('flags/tips', aFlag(), { isOn: false }),
  'records of the desk': subject('deskRecords/digest-1', aDeskRecord(), { notes: 2 }),
  'support conversations': subject('conversations/ana', aConversation(), { open: false }),
  'support messages': subject('conversations/ana/supportMessages/person-1', aSupportMessage(), { text: 'Hi' }),
  'versions of apps': subject('appVersions/courier-android', anAppVersion(), { minimum: '9.0.0' }),
  'earlier versions of apps': subject('appVersions/courier-android/versions/1', anAppVersion(), { minimum: '9.0.0' }),
  'earlier versions of flags': subject('flags/tips/versions/1', aFlag(), { isOn: false }),
  boards: subject('boards/centre', aBoard(), { overdue: 9 }),
  limits: subject('limits/wrongCode-1', { tokens: 4, atMs: 0 }, { tokens: 99 }),
  'blocked devices': subject('blockedDevices/digest-1', aBlockedDevice(), { by: 'me' }),
  'origin of the customer': subject('users/ana/private/origin', { device: 'd'.repeat(32) }, { device: 'e'.repeat(32) }),
  'photos of the customer': subject('users/ana/photos/face', aPhoto(), { status: 'refused' }),
  'photos of a restaurant': subject('restaurants/luigi/photos/pizza', aPhoto(), { status: 'refused' }),
  'signals of accounts': subject(`signals/device-${'d'.repeat(32)}`, { accounts: ['me'] }, { accounts: [] }),
  'links of accounts': subject('links/ana', { signals: [], linked: [] }, { linked: ['me'] }),
  'held pays': subject('heldPays/delivery-done-courier', aHeldPay(), { amountMinor: 1 }),
  'digests of proofs': subject(`proofDigests/${'d'.repeat(32)}`, { orderId: 'mine' }, { orderId: 'mine' }),
  erasures: subject('erasures/fay', anErasure(), { counts: {} }),
  'privacy reports': subject('privacyReports/erased-1', aPrivacyReport(), { counts: {} }),
  audit: subject('audit/entry-1', anAuditEntry(), { reason: 'none' }),
  promotions: subject('zones/centre/promotions/welcome', aPromotionDocument(), { version: 2 }),
  restaurants: subject('restaurants/luigi', aRestaurantDocument(), { prepMinutes: 25 }),
  'published menus': subject('restaurants/luigi/menus/published', aMenuDocument(), { version: 2 }),
  'drafts of menus': subject(
    'restaurants/luigi/menus/draft',
    aDraftDocument(),
    { currency: 'USD' },
    { fresh: () => 'restaurants/sakura/menus/draft' },
  ),
  'texts of menus': subject('restaurants/luigi/menuTexts/de', someMenuTexts(), { version: 2 }),
  'other menus': subject('restaurants/luigi/menus/old', aMenuDocument(), { version: 2 }),
  invitations: subject('restaurants/luigi/invitations/invitation-1', anInvitation(), { role: 'owner' }),
  'tickets of a kitchen': subject('restaurants/luigi/tickets/delivery-accepted-3', aTicket(), { code: 'X' }),
  members: subject('restaurants/luigi/members/kim', aMember(), { role: 'owner' }),
  'own promotions of a restaurant': subject('restaurants/luigi/settings/promotions', someStorePromotions(), {
    promotions: {},
  }),
  'strikes of a restaurant': subject('restaurants/luigi/stats/strikes', someStrikes(), { strikes: {} }),
  'preparations of a restaurant': subject('restaurants/luigi/stats/prepSamples', somePrepSamples(), { samples: [] }),
  'terms of a restaurant': subject('restaurants/luigi/private/terms', someTerms(), { commissionPpm: 0 }),
  quotes: subject('quotes/delivery-placed', aQuoteDocument(), { tipPpm: 0 }),
  'unpaid orders, listed by customer': order('delivery-pending_payment', ofAna),
  "orders under way, listed by Kim's key": order('delivery-picked_up', atLuigis),
  'delivered orders, listed by courier': order('delivery-delivered', carriedByCora),
  'lapsed orders, listed without a filter': order('delivery-expired', {}),
  'orders cancelled just now, listed by restaurant alone': order('delivery-cancelled', {
    where: [['restaurantId', '==', 'luigi']],
  }),
  'commands, to cancel': wish('delivery-placed', 'customer', { type: 'cancel', reason: 'changed my mind' }),
  'commands, of a kitchen': wish('delivery-placed', 'merchant', {
    type: 'move',
    move: { action: 'accept', prepMinutes: 20 },
  }),
  'commands, of a courier': wish('delivery-undeliverable', 'courier', {
    type: 'move',
    move: { action: 'return', fix: FIX },
  }),
  'messages, listed by customer as shown': subject(
    'orders/delivery-picked_up/messages/ana-1',
    aMessage(),
    { text: 'Third floor' },
    { ...said('customer', {}), query: { where: [...ofAnas, ['state', '==', 'shown']], orderBy: 'createdAt' } },
  ),
  'messages of the kitchen, listed by restaurant': subject(
    'orders/delivery-picked_up/messages/kim-1',
    aMessage(),
    { state: 'removed' },
    {
      ...said('merchant', { restaurantId: 'luigi', courierId: null }),
      query: {
        where: [
          ['restaurantId', '==', 'luigi'],
          ['state', '==', 'shown'],
        ],
        orderBy: 'createdAt',
      },
    },
  ),
  'messages, listed by courier without a filter': subject(
    'orders/delivery-picked_up/messages/cora-1',
    aMessage(),
    { state: 'shown' },
    { ...said('courier', { n: 2 }), query: { where: [['courierId', '==', 'cora']] } },
  ),
  'how far a customer has read': subject(
    'users/ana/reads/delivery-picked_up',
    {},
    { readUpTo: SERVER_TIME },
    { fresh: () => 'users/ana/reads/delivery-ready', document: () => ({ readUpTo: SERVER_TIME }) },
  ),
  'refunds, listed by customer': subject(
    'orders/delivery-delivered/refunds/refund-1',
    toRefundDocument(aRefund(), ORDER_KEY),
    { amountMinor: 90_000 },
    { query: ofAna },
  ),
  'refunds, listed by restaurant': subject(
    'orders/delivery-delivered/refunds/refund-1',
    toRefundDocument(aRefund(), ORDER_KEY),
    { liable: 'platform' },
    { query: { where: [['restaurantId', '==', 'luigi']] } },
  ),
  'reviews of a restaurant, listed as shown': subject(
    'restaurants/luigi/reviews/delivery-delivered',
    aReview(),
    { stars: 5 },
    { query: { where: [['state', '==', 'shown']] } },
  ),
  'reviews that are held, listed without a filter': subject(
    'restaurants/luigi/reviews/delivery-completed',
    aReview('held'),
    { state: 'shown' },
  ),
  'reviews of a courier': subject('couriers/cora/reviews/delivery-delivered', aReview(), { stars: 5 }),
  reports: subject('reports/restaurantReview-delivery-delivered', aReport(), { state: 'final' }),
  'claims, listed by customer': subject(
    'orders/delivery-delivered/claims/claim-1',
    aClaim(),
    { status: 'refunded' },
    { query: ofAna },
  ),
  'claims of a customer, remembered': subject('users/ana/private/claims', { claims: [] }, { claims: [] }),
  'paid tips, listed by customer': subject(
    'orders/delivery-delivered/tips/paid-tip-1',
    aTip(),
    { amountMinor: 30_000 },
    { query: ofAna },
  ),
  'tips that are not paid, listed by courier': subject(
    'orders/delivery-delivered/tips/pending-tip-1',
    aTip('pending'),
    { status: 'paid' },
    { query: { where: [['courierId', '==', 'cora']] } },
  ),
  disputes: subject('disputes/dp_1', aDispute(), { status: 'won' }),
  'searches for couriers': subject('orders/delivery-ready/private/search', aSearch(), { wave: 3 }),
  'decisions of dispatch': subject('zones/centre/matches/1760000000000', aMatchDecision(), { atMs: 1 }),
  couriers: subject('couriers/cora', aCourierDocument(), { online: true, presence: PRESENCE }),
  'unapproved couriers': subject('couriers/otis', aCourierDocument(), { online: true, presence: PRESENCE }),
  'suspended couriers': subject('couriers/susi', aCourierDocument(), { online: true, presence: PRESENCE }),
  'positions on the way to the customer': subject('couriers/cora/live/delivery-picked_up', aLivePosition(), PACKET),
  'positions on the way to another customer': subject('couriers/fred/live/order-of-otto', aLivePosition(), PACKET),
  ledger: subject('ledger/delivery-delivered-1', aJournal(), { currency: 'JPY' }),
  'books of a restaurant': subject('restaurants/luigi/days/2025-10-09', aDayBook('merchant'), { journals: 2 }),
  'whose account it is': subject(`ledgerAccounts/${toAccountId('cora')}`, { uid: 'cora' }, { uid: 'me' }),
  'books of a courier': subject(`ledgerAccounts/${toAccountId('cora')}/days/2025-10-09`, aDayBook('courier'), {
    journals: 2,
  }),
  'closed months of the platform': subject('books/platform/months/2025-09', aMonthBook(), { journals: 2 }),
  'books of the platform': subject('books/platform/days/2025-10-09', aDayBook('stripe'), { journals: 2 }),
  reconciliations: subject('reconciliations/2025-10-09', aReconciliation(), { state: 'running' }),
  'operator tasks': subject('operatorTasks/no-courier-1', anOperatorTask(), { open: false }),
  'collections without rules': subject('stripeEvents/evt_1', { type: 'x' }, { type: 'y' }),
} satisfies Record<string, Subject>;
export type SubjectName = keyof typeof SUBJECTS;

export const freshPath = (name: SubjectName, persona: Persona): string => SUBJECTS[name].fresh(uidOf(persona));
