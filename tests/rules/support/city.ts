import { toAccountId } from '#functions/ledger/model/account-id.js';
import { toStaffKey } from '#functions/core/staff-key.js';
import type { Command } from '#functions/contract/commands.js';
import type { Courier } from '#functions/contract/couriers.js';
import { ORDER_KINDS, ORDER_STATUSES, type Order } from '#functions/contract/orders.js';
import {
  aBilling,
  aDevice,
  anAuthority,
  anAddress,
  anInboxItem,
  aUser,
  somePreferences,
} from '#fixtures/documents/accounts.js';
import { aDayBook, aMonthBook, aReconciliation } from '#fixtures/documents/books.js';
import {
  anActiveDelivery,
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
  anOffer,
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
import { toOrderDocument } from '#functions/platform/order-document.js';
import { toRefundDocument } from '#functions/platform/refund-document.js';
import { AUTH_TIME, type Data, type Fields } from './attempt.js';

/** Of the orders of these tests. */
export const ORDER_KEY = Buffer.alloc(32, 1);

/** A document as the client writes it: no fields that are undefined, timestamps as dates. */
export function fieldsOf(document: object): Fields {
  return Object.fromEntries(
    Object.entries(document)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, dataOf(value)]),
  );
}

/** A document without some of its fields. */
function without(document: object, ...names: readonly string[]): object {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)));
}

function dataOf(value: unknown): Data {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(dataOf);
  if (typeof value === 'object') return fieldsOf(value);
  throw new Error(`no data: ${typeof value}`);
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const CHAT = 'orders/delivery-picked_up/messages';
const OF_THE_KITCHEN = { uid: 'kim', role: 'merchant', restaurantId: 'luigi', courierId: null };

/** The kitchen's command to accept, asked or answered. */
const anAcceptance = (nowMs: number, answer: Command['answer']) => ({
  uid: 'kim',
  role: 'merchant',
  n: 1,
  request: { type: 'move', move: { action: 'accept' } },
  createdAt: new Date(nowMs),
  authTime: AUTH_TIME,
  answer,
});

const aPresence = (atMs: number) => ({ lat: 52.5, lng: 13.4, geohash: 'u33db2m3r', at: new Date(atMs) });

/** An order with a step by the system that leaves its status. */
const withStep = (order: Order, action: 'settle' | 'payOut', atMs: number): Order => ({
  ...order,
  events: [
    ...order.events,
    {
      n: order.events.length + 1,
      action,
      from: order.status,
      to: order.status,
      by: 'system',
      atMs,
      causeId: `${action}-late`,
    },
  ],
});
const withLateSettling = (order: Order, nowMs: number) => withStep(order, 'settle', nowMs - MINUTE_MS);
const withLatePayOut = (order: Order, nowMs: number) => withStep(order, 'payOut', nowMs - MINUTE_MS);

/** One order of each kind in each status, e.g. `orders/delivery-picked_up`, and some of their own. */
function orders(nowMs: number): [path: string, order: Order][] {
  const each = ORDER_KINDS.flatMap((kind) =>
    ORDER_STATUSES.map((status): [string, Order] => [
      `orders/${kind}-${status}`,
      anOrderDocument(status, kind, nowMs - HOUR_MS / 2),
    ]),
  );
  return [
    ...each,
    ['orders/cancelled-long-ago', anOrderDocument('cancelled', 'delivery', nowMs - 1.1 * HOUR_MS)],
    [
      'orders/cancelled-paid-out',
      withLatePayOut(anOrderDocument('cancelled', 'delivery', nowMs - 1.1 * HOUR_MS), nowMs),
    ],
    [
      'orders/cancelled-settled-paid-out',
      withLatePayOut(withLateSettling(anOrderDocument('cancelled', 'delivery', nowMs - 1.1 * HOUR_MS), nowMs), nowMs),
    ],
    [
      'orders/cancelled-lately-settled-paid-out',
      withLatePayOut(withLateSettling(anOrderDocument('cancelled', 'delivery', nowMs - 0.9 * HOUR_MS), nowMs), nowMs),
    ],
    [
      'orders/cancelled-lately-paid-out',
      withLatePayOut(anOrderDocument('cancelled', 'delivery', nowMs - 0.9 * HOUR_MS), nowMs),
    ],
    ['orders/returned-paid-out', withLatePayOut(anOrderDocument('returned', 'delivery', nowMs - 2.1 * HOUR_MS), nowMs)],
    [
      'orders/returned-lately-paid-out',
      withLatePayOut(anOrderDocument('returned', 'delivery', nowMs - 1.9 * HOUR_MS), nowMs),
    ],
    ['orders/carried-by-susi', { ...anOrderDocument('ready'), courierId: 'susi' }],
    ['orders/cancel-asked', anOrderDocument('placed')],
    ['orders/accept-waits', anOrderDocument('placed')],
    ['orders/accept-refused', anOrderDocument('placed')],
    ['orders/accept-queued', anOrderDocument('placed')],
    ['orders/accept-sixty', anOrderDocument('placed')],
    ['orders/delivered-lately', anOrderDocument('delivered', 'delivery', nowMs - 1.9 * HOUR_MS)],
    ['orders/delivered-long-ago', anOrderDocument('delivered', 'delivery', nowMs - 2.1 * HOUR_MS)],
    ['orders/chatty', anOrderDocument('accepted')],
    ['orders/talkative', anOrderDocument('accepted')],
  ];
}

const pause = (untilMs: number) => ({ untilMs, reason: 'handBack' as const });

/** Four shifts, the one of now at this place among them, the others over. */
function shifts(nowMs: number, nowAt: number): Courier['shifts'] {
  return [0, 1, 2, 3].map((i) =>
    i === nowAt
      ? { id: 'now', fromMs: nowMs - HOUR_MS, untilMs: nowMs + HOUR_MS }
      : { id: `over-${i}`, fromMs: nowMs - 3 * HOUR_MS, untilMs: nowMs - 2 * HOUR_MS },
  );
}

/** All documents that are stored before the requests. */
export function city(nowMs: number): ReadonlyMap<string, Fields> {
  const documents: [string, object][] = [
    ['users/ana', { ...aUser(), signedInAfter: AUTH_TIME }],
    // Signed out everywhere since this session began.
    ['users/otto', { ...aUser(), signedInAfter: AUTH_TIME + 1 }],
    ['users/mario', aUser()],
    ['authorities/ana', anAuthority()],
    ['deviceTokens/digest-1', { uid: 'ana', deviceId: 'phone' }],
    ['users/ana/devices/phone', aDevice()],
    ['users/ana/devices/watch', { ...aDevice(), ...somePreferences() }],
    ['users/ana/inbox/refund-1', anInboxItem()],
    ['users/ana/inbox/read-1', { ...anInboxItem(), readAt: new Date(nowMs) }],
    ['users/ana/addresses/home', anAddress()],
    ['users/ana/private/billing', aBilling()],
    ['users/ana/private/standing', { credits: { EUR: 500 }, uses: {} }],
    ['users/ana/favourites/luigi', { addedAt: new Date(nowMs) }],
    ['carts/otto', { restaurantId: 'luigi', lines: [aCartLine()], updatedAt: new Date(nowMs) }],
    ['zones/centre', aZoneDocument({ shiftsRequired: true })],
    // Saved before zones could require shifts.
    ['zones/suburb', { ...aZoneDocument(), limits: {} }],
    ['zones/centre/versions/1', aZoneDocument()],
    ['flags/tips', aFlag()],
    ['flags/tips/versions/1', aFlag()],
    ['deskRecords/digest-1', aDeskRecord()],
    ['conversations/ana', aConversation()],
    ['conversations/ana/supportMessages/person-1', aSupportMessage()],
    ['appVersions/courier-android', anAppVersion()],
    ['appVersions/courier-android/versions/1', anAppVersion()],
    ['audit/entry-1', anAuditEntry()],
    ['boards/centre', aBoard()],
    ['erasures/fay', anErasure()],
    ['users/ana/photos/face', aPhoto()],
    ['restaurants/luigi/photos/pizza', aPhoto()],
    ['blockedDevices/digest-1', aBlockedDevice()],
    ['limits/wrongCode-1', { tokens: 4, atMs: nowMs, expireAt: new Date(nowMs) }],
    ['users/ana/private/origin', { device: 'd'.repeat(32) }],
    [`signals/device-${'d'.repeat(32)}`, { accounts: ['ana', 'cora'] }],
    ['links/ana', { signals: [`device-${'d'.repeat(32)}`], linked: ['cora'] }],
    ['heldPays/delivery-done-courier', aHeldPay()],
    [`proofDigests/${'d'.repeat(32)}`, { orderId: 'delivery-done', expireAt: new Date(nowMs) }],
    ['privacyReports/erased-1', aPrivacyReport()],
    ['zones/centre/promotions/welcome', aPromotionDocument()],
    ['restaurants/luigi', aRestaurantDocument()],
    [
      'restaurants/sakura',
      aRestaurantDocument({ name: 'Sakura', availability: 'paused', pausedUntilMs: nowMs - HOUR_MS }),
    ],
    ['restaurants/luigi/menus/published', aMenuDocument()],
    ['restaurants/luigi/menus/draft', aDraftDocument()],
    ['restaurants/luigi/menuTexts/de', someMenuTexts()],
    ['restaurants/luigi/invitations/invitation-1', anInvitation()],
    ['restaurants/luigi/tickets/delivery-accepted-3', aTicket()],
    ['merchantApplications/casa-ana', anApplication()],
    ['searchEntries/luigi', { zoneId: 'centre', tokens: ['lu', 'lui'] }],
    ['restaurants/luigi/members/kim', aMember()],
    ['restaurants/luigi/members/olga', aMember('owner')],
    ['restaurants/luigi/members/mario', aMember('manager')],
    ['restaurants/luigi/members/chiara', aMember('owner')],
    ['restaurants/luigi/members/bruno', { ...aMember('manager'), blocked: true }],
    // Owns other restaurants.
    ['restaurants/luigi/members/cato', { ...aMember('owner'), blocked: true }],
    ['restaurants/sakura/members/sato', aMember('owner')],
    ['restaurants/sakura/members/mei', aMember('manager')],
    ['restaurants/sakura/members/ken', aMember('kitchen')],
    ['restaurants/luigi/private/terms', someTerms()],
    ['restaurants/luigi/settings/promotions', someStorePromotions()],
    ['restaurants/luigi/stats/strikes', someStrikes()],
    ['restaurants/luigi/stats/prepSamples', somePrepSamples()],
    ['quotes/delivery-placed', aQuoteDocument()],
    [
      'orders/cancel-asked/commands/ana-command-1',
      {
        uid: 'ana',
        role: 'customer',
        n: 1,
        request: { type: 'cancel', reason: 'changed my mind' },
        createdAt: new Date(nowMs),
        authTime: AUTH_TIME,
        answer: { state: 'pending' },
      },
    ],
    // Kim has asked just now: her clock and the server's do not agree.
    ['orders/accept-waits/commands/kim-command-1', anAcceptance(nowMs + HOUR_MS, { state: 'pending' })],
    [
      'orders/accept-refused/commands/kim-command-1',
      anAcceptance(nowMs - MINUTE_MS, { state: 'refused', code: 'aborted', reason: 'BUSY', answeredAtMs: nowMs }),
    ],
    [
      'orders/accept-queued/commands/kim-command-9',
      { ...anAcceptance(nowMs + HOUR_MS, { state: 'pending' }), n: 9, queued: 8 },
    ],
    [
      'orders/accept-queued/commands/kim-command-29',
      { ...anAcceptance(nowMs + HOUR_MS, { state: 'pending' }), n: 29, queued: 9 },
    ],
    [
      'orders/accept-sixty/commands/kim-command-59',
      { ...anAcceptance(nowMs - MINUTE_MS, { state: 'pending' }), n: 59 },
    ],
    [
      'orders/accept-refused/commands/kim-command-60',
      { ...anAcceptance(nowMs - MINUTE_MS, { state: 'pending' }), n: 60 },
    ],
    ['orders/delivery-delivered/refunds/refund-1', toRefundDocument(aRefund(), ORDER_KEY)],
    ['orders/delivery-delivered/tips/paid-tip-1', aTip()],
    ['orders/delivery-delivered/tips/pending-tip-1', aTip('pending')],
    ['orders/delivery-delivered/tips/paid-to-susi', { ...aTip(), courierId: 'susi' }],
    [`${CHAT}/ana-1`, { ...aMessage(), createdAt: new Date(nowMs - MINUTE_MS) }],
    [
      `${CHAT}/cora-1`,
      { ...aMessage(), uid: 'cora', role: 'courier', state: 'new', createdAt: new Date(nowMs - MINUTE_MS) },
    ],
    [`${CHAT}/kim-1`, { ...aMessage(), ...OF_THE_KITCHEN, createdAt: new Date(nowMs - MINUTE_MS) }],
    [
      `${CHAT}/kim-2`,
      { ...aMessage({ n: 2, state: 'new' }), ...OF_THE_KITCHEN, createdAt: new Date(nowMs - MINUTE_MS) },
    ],
    // Over for two hours: courier and kitchen are no longer named.
    [
      'orders/delivered-long-ago/messages/ana-1',
      { ...aMessage(), createdAt: new Date(nowMs - 2.2 * HOUR_MS), courierId: null, closed: 'courier' },
    ],
    [
      'orders/delivered-long-ago/messages/ana-2',
      {
        ...aMessage({ n: 2, state: 'removed', courierId: null }),
        createdAt: new Date(nowMs - 2.2 * HOUR_MS),
        closed: 'courier',
      },
    ],
    [
      'orders/delivered-long-ago/messages/cora-1',
      {
        ...aMessage(),
        createdAt: new Date(nowMs - 2.2 * HOUR_MS),
        uid: 'cora',
        role: 'courier',
        courierId: null,
        closed: 'courier',
      },
    ],
    [
      'orders/delivered-long-ago/messages/kim-1',
      {
        ...aMessage(),
        createdAt: new Date(nowMs - 2.2 * HOUR_MS),
        ...OF_THE_KITCHEN,
        restaurantId: null,
        closed: 'restaurant',
      },
    ],
    // Ana has just written there: her clock and the server's do not agree.
    ['orders/delivery-ready/messages/ana-1', { ...aMessage(), createdAt: new Date(nowMs + HOUR_MS) }],
    ['orders/chatty/messages/ana-199', { ...aMessage({ n: 199 }), createdAt: new Date(nowMs - MINUTE_MS) }],
    ['orders/talkative/messages/ana-200', { ...aMessage({ n: 200 }), createdAt: new Date(nowMs - MINUTE_MS) }],
    ['users/ana/reads/delivery-picked_up', { readUpTo: new Date(nowMs) }],
    ['orders/delivery-delivered/claims/claim-1', aClaim()],
    [
      'users/ana/private/claims',
      { claims: [{ id: 'claim-key-1', orderId: 'delivery-delivered', atMs: 1_760_000_000_000 }] },
    ],
    ['restaurants/luigi/reviews/delivery-delivered', aReview()],
    ['restaurants/luigi/reviews/delivery-completed', aReview('held')],
    ['couriers/cora/reviews/delivery-delivered', aReview()],
    ['orders/delivery-ready/private/search', aSearch()],
    ['zones/centre/matches/1760000000000', aMatchDecision()],
    ['reports/restaurantReview-delivery-delivered', aReport()],
    ['disputes/dp_1', aDispute()],
    ['courierApplications/cora', aCourierApplication()],
    ['courierAccounts/cora', aCourierAccount()],
    ['courierPayouts/coras-payout', aCourierPayout()],
    ['courierPayouts/susis-payout', aCourierPayout({ courierId: 'susi' })],
    ['zones/centre/shifts/evening', aShift()],
    ['zones/centre/stats/eta', anEtaTable()],
    ['zones/centre/live/surge', aSurge()],
    ['zones/centre/live/promotions', { promotions: [aShownPromotion()] }],
    ['shares/shared-token-of-22-char', aShare()],
    [
      'couriers/cora',
      aCourierDocument({ online: true, load: 1, active: { 'delivery-picked_up': anActiveDelivery() } }),
    ],
    [
      'couriers/fred',
      aCourierDocument({
        displayName: 'Fred',
        online: true,
        shifts: shifts(nowMs, 0),
        offer: anOffer(),
        load: 1,
      }),
    ],
    [
      'couriers/nele',
      aCourierDocument({
        displayName: 'Nele',
        online: true,
        presence: null,
        shifts: [
          { id: 'over', fromMs: nowMs - 2 * HOUR_MS, untilMs: nowMs - HOUR_MS },
          { id: 'to-come', fromMs: nowMs + HOUR_MS, untilMs: nowMs + 2 * HOUR_MS },
        ],
      }),
    ],
    ['couriers/rosa', aCourierDocument({ displayName: 'Rosa', shifts: shifts(nowMs, 1) })],
    // She has written just now: her clock and the server's do not agree.
    ['couriers/hanna', { ...aCourierDocument({ displayName: 'Hanna' }), presence: aPresence(nowMs + HOUR_MS) }],
    ['couriers/hanna/live/delivery-picked_up', { ...aLivePosition(), at: new Date(nowMs + HOUR_MS) }],
    [
      'couriers/theo',
      {
        ...aCourierDocument({ displayName: 'Theo', shifts: shifts(nowMs, 2) }),
        presence: aPresence(nowMs - MINUTE_MS),
      },
    ],
    ['couriers/vito', aCourierDocument({ displayName: 'Vito', zoneId: 'suburb', shifts: [] })],
    ['couriers/paul', aCourierDocument({ displayName: 'Paul', online: true, paused: pause(nowMs + HOUR_MS) })],
    ['couriers/petra', aCourierDocument({ displayName: 'Petra', paused: pause(nowMs - HOUR_MS) })],
    ['couriers/lars', aCourierDocument({ displayName: 'Lars', shifts: shifts(nowMs, 3) })],
    ['couriers/susi', aCourierDocument({ displayName: 'Susi' })],
    ['couriers/otis', aCourierDocument({ displayName: 'Otis', approved: false })],
    ['couriers/cora/live/delivery-picked_up', { ...aLivePosition(), at: new Date(nowMs - MINUTE_MS) }],
    [
      'couriers/fred/live/order-of-otto',
      aLivePosition({ customerId: 'otto', restaurantId: 'sakura', staffKeys: ['sato', 'mei', 'ken'].map(toStaffKey) }),
    ],
    // She has two orders with her.
    [
      'couriers/cora/live/order-of-otto',
      aLivePosition({ customerId: 'otto', restaurantId: 'sakura', staffKeys: ['sato', 'mei', 'ken'].map(toStaffKey) }),
    ],
    ['couriers/cora/live/delivery-undeliverable', aLivePosition({ returning: true })],
    ['couriers/otis/live/delivery-picked_up', without(aLivePosition(), 'seq', 'fixes')],
    ['couriers/susi/live/delivery-picked_up', aLivePosition()],
    ['couriers/rosa/live/delivery-picked_up', aLivePosition({ stopped: true })],
    ['couriers/theo/live/delivery-picked_up', aLivePosition()],
    ['couriers/lars/live/delivery-picked_up', aLivePosition()],
    ['ledger/delivery-delivered-1', aJournal()],
    ['restaurants/luigi/days/2025-10-09', aDayBook('merchant')],
    [`ledgerAccounts/${toAccountId('cora')}`, { uid: 'cora' }],
    [`ledgerAccounts/${toAccountId('cora')}/days/2025-10-09`, aDayBook('courier')],
    [`ledgerAccounts/${toAccountId('susi')}/days/2025-10-09`, aDayBook('courier')],
    ['books/platform/days/2025-10-09', aDayBook('stripe')],
    ['books/platform/months/2025-09', aMonthBook()],
    ['reconciliations/2025-10-09', aReconciliation()],
    ['operatorTasks/no-courier-1', anOperatorTask()],
    ['stripeEvents/evt_1', { type: 'payment_intent.succeeded' }],
  ];
  const stored = [
    ...documents,
    ...orders(nowMs).map(([path, order]) => [path, toOrderDocument(order, ORDER_KEY)] as const),
  ];
  return new Map(stored.map(([path, document]) => [path, fieldsOf(document)]));
}
