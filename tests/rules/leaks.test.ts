import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { compileRules } from '#emulator/rules/index.js';
import { Device, CustomerBalance, User } from '#functions/contract/accounts.js';
import { Command } from '#functions/contract/commands.js';
import { ActiveDelivery, Courier, LivePosition } from '#functions/contract/couriers.js';
import { Member, Restaurant } from '#functions/contract/restaurants.js';
import { OrderDocument } from '#functions/contract/order-documents.js';
import { OrderLine, ORDER_STATUSES } from '#functions/contract/orders.js';
import { RefundDocument, Tip } from '#functions/contract/payments.js';
import { ShownPromotion, ShownPromotions } from '#functions/contract/shown-promotions.js';
import { Surge } from '#functions/contract/surge.js';
import { Zone } from '#functions/contract/zones.js';
import { StorePromotion, StorePromotions } from '#functions/contract/store-promotions.js';
import { StoreStrike, StoreStrikes } from '#functions/contract/strikes.js';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import { ALL_PERSONAS, type Persona } from './support/attempt.js';
import { city } from './support/city.js';
import { isAllowedBy } from './support/engine-driver.js';

const { ruleset } = compileRules(readFileSync('firestore.rules', 'utf8'), 'firestore.rules');
const CITY = city(Date.now() - 60_000);

const sorted = (personas: readonly Persona[]): Persona[] => ALL_PERSONAS.filter((one) => personas.includes(one));
/** A user who may get a document reads all of it: rules cannot hide fields. */
const readersOf = (path: string): Persona[] =>
  ALL_PERSONAS.filter((as) => ruleset && isAllowedBy(ruleset, { as, op: 'get', path }));

const SIGNED_IN = ALL_PERSONAS.filter((persona) => persona !== 'anonymous');
/** Of an open order, by the keys in it. */
const MEMBERS = ['owner', 'manager', 'kitchen', 'chainOwner'] as const;
/** By claims that may be an hour old, so that listening costs no look-up. */
const STAFF = [...MEMBERS, 'dismissedManager', 'blockedManager'] as const;
const MANAGERS = ['owner', 'manager', 'chainOwner'] as const;

/** Who sees an order of Ana, from Luigi, given to Cora, in each status. She is gone from what is collected. */
const ORDERS: Readonly<Record<(typeof ORDER_STATUSES)[number], readonly Persona[]>> = {
  pending_payment: ['customer', 'operator'],
  scheduled: ['customer', ...MEMBERS, 'operator'],
  placed: ['customer', ...MEMBERS, 'operator'],
  accepted: ['customer', ...MEMBERS, 'courier', 'operator'],
  preparing: ['customer', ...MEMBERS, 'courier', 'operator'],
  ready: ['customer', ...MEMBERS, 'courier', 'operator'],
  picked_up: ['customer', ...MEMBERS, 'courier', 'operator'],
  undeliverable: ['customer', ...MEMBERS, 'courier', 'operator'],
  delivered: ['customer', ...STAFF, 'operator'],
  collected: ['customer', ...STAFF, 'operator'],
  returned: ['customer', ...STAFF, 'operator'],
  completed: ['customer', ...STAFF, 'operator'],
  expired: ['customer', 'operator'],
  rejected: ['customer', ...STAFF, 'operator'],
  // The courier for an hour.
  cancelled: ['customer', ...STAFF, 'courier', 'operator'],
};

/**
 * Who reads every other document of the city. Documents that are not named are read by no user; operators read those of
 * their tools.
 */
const OTHERS: Readonly<Record<string, readonly Persona[]>> = {
  'users/ana': ['customer', 'operator'],
  'users/otto': ['otherCustomer', 'operator'],
  'users/mario': ['manager', 'operator'],
  'users/ana/devices/phone': ['customer'],
  'users/ana/devices/watch': ['customer'],
  'users/ana/inbox/refund-1': ['customer'],
  'users/ana/inbox/read-1': ['customer'],
  'users/ana/reads/delivery-picked_up': ['customer'],
  'users/ana/addresses/home': ['customer'],
  'users/ana/private/standing': ['customer', 'operator'],
  'users/ana/favourites/luigi': ['customer'],
  'users/ana/photos/face': ['customer'],
  'restaurants/luigi/photos/pizza': MANAGERS,
  'carts/otto': ['otherCustomer'],
  'zones/centre': SIGNED_IN,
  'zones/suburb': SIGNED_IN,
  'flags/tips': SIGNED_IN,
  'appVersions/courier-android': ALL_PERSONAS,
  'deskRecords/digest-1': ['operator'],
  'conversations/ana': ['customer', 'operator'],
  'conversations/ana/supportMessages/person-1': ['customer', 'operator'],
  'restaurants/luigi': SIGNED_IN,
  'restaurants/sakura': SIGNED_IN,
  'restaurants/luigi/menus/published': SIGNED_IN,
  'restaurants/luigi/menus/draft': MANAGERS,
  'restaurants/luigi/menuTexts/de': SIGNED_IN,
  'restaurants/luigi/invitations/invitation-1': MANAGERS,
  'restaurants/luigi/tickets/delivery-accepted-3': MEMBERS,
  'restaurants/luigi/members/kim': [...MANAGERS, 'operator'],
  'restaurants/luigi/members/olga': [...MANAGERS, 'operator'],
  'restaurants/luigi/members/mario': [...MANAGERS, 'operator'],
  'restaurants/luigi/members/chiara': [...MANAGERS, 'operator'],
  'restaurants/luigi/members/bruno': [...MANAGERS, 'operator'],
  'restaurants/luigi/members/cato': [...MANAGERS, 'operator'],
  'restaurants/sakura/members/sato': ['otherOwner', 'otherManager', 'operator'],
  'restaurants/sakura/members/mei': ['otherOwner', 'otherManager', 'operator'],
  'restaurants/sakura/members/ken': ['otherOwner', 'otherManager', 'operator'],
  'merchantApplications/casa-ana': ['customer', 'operator'],
  'orders/cancelled-long-ago': ['customer', ...STAFF, 'operator'],
  'orders/cancelled-paid-out': ['customer', ...STAFF, 'operator'],
  'orders/cancelled-settled-paid-out': ['customer', ...STAFF, 'operator'],
  'orders/cancelled-lately-paid-out': ORDERS.cancelled,
  'orders/cancelled-lately-settled-paid-out': ORDERS.cancelled,
  'orders/returned-paid-out': ORDERS.returned,
  'orders/returned-lately-paid-out': ORDERS.returned,
  'orders/delivered-lately': ORDERS.delivered,
  'orders/delivered-long-ago': ORDERS.delivered,
  'orders/chatty': ORDERS.accepted,
  'orders/talkative': ORDERS.accepted,
  ...Object.fromEntries(
    ['cancel-asked', 'accept-waits', 'accept-refused', 'accept-queued', 'accept-sixty'].map((id) => [
      `orders/${id}`,
      ORDERS.placed,
    ]),
  ),
  // A chat message is read by one other party, once it was filtered.
  'orders/delivery-picked_up/messages/ana-1': ['customer', 'courier', 'operator'],
  'orders/delivery-picked_up/messages/cora-1': ['courier', 'operator'],
  'orders/delivery-picked_up/messages/kim-1': ['customer', ...STAFF, 'operator'],
  // Not filtered yet: its writer alone.
  'orders/delivery-picked_up/messages/kim-2': ['kitchen', 'operator'],
  'orders/delivery-ready/messages/ana-1': ['customer', 'courier', 'operator'],
  'orders/chatty/messages/ana-199': ['customer', 'courier', 'operator'],
  'orders/talkative/messages/ana-200': ['customer', 'courier', 'operator'],
  'orders/delivered-long-ago/messages/ana-1': ['customer', 'operator'],
  'orders/delivered-long-ago/messages/ana-2': ['customer', 'operator'],
  'orders/delivered-long-ago/messages/cora-1': ['customer', 'operator'],
  'orders/delivered-long-ago/messages/kim-1': ['customer', 'operator'],
  'orders/delivery-delivered/claims/claim-1': ['customer', 'operator'],
  'restaurants/luigi/reviews/delivery-delivered': SIGNED_IN,
  'courierApplications/cora': ['courier', 'operator'],
  'courierAccounts/cora': ['courier', 'operator'],
  'courierPayouts/coras-payout': ['courier', 'operator'],
  'courierPayouts/susis-payout': ['suspendedCourier', 'operator'],
  'zones/centre/shifts/evening': ['courier', 'offeredCourier', 'newCourier', 'otherCourier', 'operator'],
  'zones/centre/stats/eta': SIGNED_IN,
  'zones/centre/live/surge': SIGNED_IN,
  'zones/centre/live/promotions': SIGNED_IN,
  'orders/carried-by-susi': ['customer', ...MEMBERS, 'operator'],
  'orders/cancel-asked/commands/ana-command-1': ['customer'],
  'orders/accept-waits/commands/kim-command-1': ['kitchen'],
  'orders/accept-refused/commands/kim-command-1': ['kitchen'],
  'orders/accept-queued/commands/kim-command-9': ['kitchen'],
  'orders/accept-queued/commands/kim-command-29': ['kitchen'],
  'orders/accept-sixty/commands/kim-command-59': ['kitchen'],
  'orders/accept-refused/commands/kim-command-60': ['kitchen'],
  'orders/delivery-delivered/refunds/refund-1': ['customer', ...STAFF, 'operator'],
  'orders/delivery-delivered/tips/paid-tip-1': ['customer', 'courier', 'operator'],
  'orders/delivery-delivered/tips/pending-tip-1': ['customer', 'operator'],
  'orders/delivery-delivered/tips/paid-to-susi': ['customer', 'operator'],
  'restaurants/luigi/settings/promotions': [...MANAGERS, 'operator'],
  'restaurants/luigi/stats/strikes': [...MANAGERS, 'operator'],
  'restaurants/luigi/days/2025-10-09': [...MANAGERS, 'operator'],
  [`ledgerAccounts/${toAccountId('cora')}/days/2025-10-09`]: ['courier', 'operator'],
  'orders/delivery-ready/private/search': ['operator'],
  'zones/centre/matches/1760000000000': ['operator'],
  'couriers/cora': ['courier', 'operator'],
  'couriers/fred': ['offeredCourier', 'operator'],
  'couriers/nele': ['newCourier', 'operator'],
  'couriers/rosa': ['operator'],
  'couriers/theo': ['operator'],
  'couriers/lars': ['operator'],
  'couriers/vito': ['operator'],
  'couriers/paul': ['operator'],
  'couriers/petra': ['operator'],
  'couriers/hanna': ['operator'],
  'couriers/hanna/live/delivery-picked_up': ['customer', ...MEMBERS, 'operator'],
  'couriers/otis': ['otherCourier', 'operator'],
  'couriers/cora/live/delivery-picked_up': ['customer', ...MEMBERS, 'courier', 'operator'],
  'couriers/fred/live/order-of-otto': [
    'otherCustomer',
    'otherOwner',
    'otherManager',
    'otherKitchen',
    'offeredCourier',
    'operator',
  ],
  'couriers/cora/live/order-of-otto': [
    'otherCustomer',
    'otherOwner',
    'otherManager',
    'otherKitchen',
    'courier',
    'operator',
  ],
  'couriers/cora/live/delivery-undeliverable': [...MEMBERS, 'courier', 'operator'],
  'couriers/otis/live/delivery-picked_up': ['customer', ...MEMBERS, 'otherCourier', 'operator'],
  'couriers/susi/live/delivery-picked_up': ['customer', ...MEMBERS, 'suspendedCourier', 'operator'],
  'couriers/rosa/live/delivery-picked_up': ['customer', ...MEMBERS, 'operator'],
  'couriers/lars/live/delivery-picked_up': ['customer', ...MEMBERS, 'operator'],
  'couriers/theo/live/delivery-picked_up': ['customer', ...MEMBERS, 'operator'],
};
const SERVER_ONLY =
  /^(authorities|deviceTokens|quotes|searchEntries|stripeEvents|erasures|limits|shares|signals|links|proofDigests)\/|\/private\/(billing|terms|origin|claims|search)$|\/stats\/prepSamples$|\/promotions\//;

/** The fields of documents that other users than operators may read: all of these readers see a new field. */
const FIELDS: readonly (readonly [name: string, schema: z.ZodObject, fields: string])[] = [
  ['users', User, 'claimsVersion createdAtMs displayName locale signedInAfter'],
  ['devices', Device, 'locale muted platform quietHours token'],
  ['standing', CustomerBalance, 'credits hasOrdered slotHold uses'],
  [
    'zones',
    Zone,
    'area autoSurge cash courierPayouts currency limits name onLeaving pricing routing storePromotions timeZone travel triage version',
  ],
  ['surges', Surge, 'atMs free surgePpm untilMs waiting'],
  ['shown promotions', ShownPromotions, 'promotions'],
  ...ShownPromotion.options.map(
    (schema) =>
      [
        'shown promotions: entries',
        schema,
        'benefit capMinor code description endsAtMs firstOrderOnly id itemIds kind minimumItemsMinor restaurantIds startsAtMs title windows',
      ] as const,
  ),
  [
    'restaurants',
    Restaurant,
    'acceptance addressLine availability busy canGoOnline countsStock cover cuisines currency deliveryArea description diets geohash hours kinds location logo menuVersion name pausedUntilMs phone prepMinutes prepTimes promotions rating slotCapacity soldOut staffKeys ticketColumns timeZone usesLearnedPrep zoneId',
  ],
  ['members', Member, 'addedAtMs blocked displayName role'],
  [
    'orders',
    OrderDocument,
    'acceptance ageLimit cashMinor code courierBadge courierId courierName courierVehicle createdAtMs currency customerId customerName distanceMeters due edit events flaggedSinceMs flags kind lines openings pastCourierIds payment pickUpAt prepMinutes promisedAtMs readyAtMs restaurantId restaurantName rider scheduledForMs sealed sealedDelivery searchEndedAtMs searchFromMs staffKeys status tickets travelSeconds triageMinutes zoneId',
  ],
  ['orders: lines', OrderLine, 'grossMinor itemId modifierNames name note quantity'],
  ['orders: events', OrderDocument.shape.events.element, 'action atMs by from late liable n proof readyAtMs reason to'],
  ['orders: payment', OrderDocument.shape.payment, 'disputed method status'],
  ['commands', Command, 'after answer authTime createdAt n queued request role uid'],
  [
    'refunds',
    RefundDocument,
    'amountMinor atMs by creditMinor currency customerId liable lines notifiedAtMs reason restaurantId sealed status taxMinor what',
  ],
  ['tips', Tip, 'amountMinor atMs courierId currency customerId status'],
  [
    'couriers',
    Courier,
    'active approved cashMinor displayName idleSinceMs linked load offer online paused photo plate presence rating shifts staffOf vehicle zoneId',
  ],
  ['couriers: active', ActiveDelivery, 'code dropOff floatMinor pickUpAt restaurantName'],
  ['own promotions', StorePromotions, 'promotions'],
  ['own promotions: one', StorePromotion, 'changedAtMs createdAtMs endedBy promotion state'],
  ['strikes', StoreStrikes, 'expireAt strikes'],
  ['strikes: one', StoreStrike, 'atMs by code status'],
  ['live', LivePosition, 'at customerId fixes restaurantId returning seq staffKeys stopped'],
];

/** Secrets that no other user may read in any document. */
const SECRETS: Readonly<Record<string, readonly Persona[]>> = {
  'Lindenstraße 1, Berlin': ['customer'],
  '12#34': ['customer'],
  'fcm-token': ['customer'],
  cus_ana: [],
  // The secrets of the open order: its courier reads them.
  'Uferweg 9, Berlin': ['courier', 'operator'],
  '+4930123456': ['courier', 'operator'],
  '77*8': ['courier', 'operator'],
  'Ana at work': ['courier', 'operator'],
};

describe('leaks: orders', () => {
  for (const status of ORDER_STATUSES) {
    it(`that are ${status} are read by their parties only`, () => {
      assert.deepEqual(readersOf(`orders/delivery-${status}`), sorted(ORDERS[status]));
      const collectable = ORDERS[status].filter((persona) => persona !== 'courier');
      assert.deepEqual(readersOf(`orders/pickup-${status}`), sorted(collectable));
    });
  }
});

describe('leaks: every other document', () => {
  const others = [...CITY.keys()].filter((path) => !/^orders\/(delivery|pickup)-\w+$/.test(path));
  for (const path of others) {
    const expected = OTHERS[path] ?? (SERVER_ONLY.test(path) ? [] : ['operator' as const]);
    it(`${path} is read by ${sorted(expected).join(', ') || 'no user'}`, () =>
      assert.deepEqual(readersOf(path), sorted(expected)));
  }

  it('is in the test city', () => {
    assert.deepEqual(
      Object.keys(OTHERS).filter((path) => !CITY.has(path)),
      [],
    );
  });
});

describe('leaks: fields', () => {
  for (const [name, schema, fields] of FIELDS)
    it(`of ${name} are those that all their readers may see`, () =>
      assert.deepEqual(Object.keys(schema.shape).toSorted(), fields.split(' ')));
});

describe('leaks: secrets', () => {
  const read = new Map(
    ALL_PERSONAS.map((as) => [as, textOf([...CITY.keys()].filter((path) => readersOf(path).includes(as)))]),
  );

  for (const [secret, expected] of Object.entries(SECRETS)) {
    it(`${secret} is read by ${expected.join(', ') || 'no user'}`, () => {
      assert.ok(textOf([...CITY.keys()]).includes(secret), 'it is there');
      assert.deepEqual(
        ALL_PERSONAS.filter((persona) => read.get(persona)?.includes(secret)),
        sorted(expected),
      );
    });
  }
});

function textOf(paths: readonly string[]): string {
  return JSON.stringify(paths.map((path) => CITY.get(path)));
}
