import { Timestamp } from 'firebase-admin/firestore';
import type { Requests } from '#functions/calls/callables.js';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import {
  aCourier,
  aMenu,
  aPresence,
  aPromotion,
  aRestaurant,
  aZone,
  BELIEVING,
  courierName,
  KITCHEN_AT,
  START_MS,
  theTerms,
} from '#fixtures/catalogue.js';
import type { StoredDocument } from '#emulator/store/document.js';
import type { World } from './world/world.js';

const DAY_MS = 24 * 3_600_000;
export const CUSTOMERS = ['carla', 'nina', 'clara', 'carl', 'connie', 'cem'];

/** A kitchen with its owner, and the couriers of its zone. */
export interface Quarter {
  zoneId: string;
  currency: string;
  restaurantId: string;
  owner: string;
  couriers: readonly string[];
  /** Orders in a quarter of an hour, and portions of counted items; null: without limit. */
  slotCapacity: number | null;
  portions: Readonly<Record<string, number>> | null;
}

/** Two zones, in currencies with and without a minor unit. The second kitchen has few places and portions. */
export const QUARTERS: readonly [Quarter, ...Quarter[]] = [
  {
    zoneId: 'centre',
    currency: 'EUR',
    restaurantId: 'rosa',
    owner: 'mario',
    couriers: [0, 1, 2].map(courierName),
    slotCapacity: null,
    portions: null,
  },
  {
    zoneId: 'harbour',
    currency: 'JPY',
    restaurantId: 'sala',
    owner: 'sara',
    couriers: [3, 4].map(courierName),
    slotCapacity: 2,
    portions: { margherita: 5, calzone: 2 },
  },
];

export const couriers = (): string[] => QUARTERS.flatMap((quarter) => quarter.couriers);

/** Finds the quarter of a kitchen. */
export const quarterOf = (restaurantId: string): Quarter =>
  QUARTERS.find((quarter) => quarter.restaurantId === restaurantId) ?? QUARTERS[0];

const OWNERS = QUARTERS.map(({ owner }) => owner);

/** All people, each with one phone. */
export const listPeople = (): string[] => [...CUSTOMERS, ...OWNERS, 'olga', ...couriers()];

/** The first has no limit; of the second there are two uses, for which customers race. */
const PROMOTION_CODES = ['HALF', 'RACE'] as const;
const PROMOTIONS = PROMOTION_CODES.map((code) => ({
  ...aPromotion({
    id: code.toLowerCase(),
    kind: 'order',
    code,
    benefit: { type: 'percent', ratePpm: 500_000 },
    merchantFundedPpm: 250_000,
  }),
  ...(code === 'RACE' && { totalLimit: 2, perUserLimit: 1 }),
}));

/** The code of a restaurant's own promotion: of each there are two uses. */
const OWN_CODE = 'LOCAL';
/** The codes that customers enter; a restaurant may not have the last one. */
export const ENTERED_CODES = [...PROMOTION_CODES, OWN_CODE] as const;

type OwnPromotion = Requests['saveStorePromotion']['promotion'];
const running = { startsAtMs: START_MS, endsAtMs: START_MS + 30 * DAY_MS };

/** The promotions that restaurants save, by their own ids. The first one begins and ends while people order. */
export const OWN_PROMOTIONS: Readonly<Record<string, OwnPromotion>> = {
  happyHour: {
    ...running,
    kind: 'order',
    benefit: { type: 'percent', ratePpm: 200_000 },
    windows: [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 785, toMinute: 795 }],
  },
  secondFree: {
    ...running,
    kind: 'item',
    itemIds: ['margherita', 'calzone'],
    benefit: { type: 'buyGet', buy: 1, free: 1 },
  },
  freeRide: { ...running, kind: 'delivery', benefit: { type: 'percent', ratePpm: 1_000_000 } },
  local: {
    ...running,
    kind: 'order',
    code: OWN_CODE,
    benefit: { type: 'fixed', amountMinor: 500 },
    totalLimit: 2,
    perUserLimit: 1,
  },
};

/** Puts the people and the documents of the city into a world, without events: as if it had existed for long. */
export function loadCity(world: World, documents: readonly StoredDocument[]): void {
  addAccounts(world.identity);
  for (const uid of couriers())
    world.payments.accounts.set(toStripeAccount(uid), { owner: { type: 'courier', uid }, payoutsEnabled: true });
  world.database.load(documents);
}

/** Returns the connected account of a courier. */
const toStripeAccount = (uid: string): string => `acct_${uid}`;

/** Writes the city: customers, two kitchens with their owners, couriers, an operator; each has one phone. */
export async function writeCity({ observer, identity }: World): Promise<void> {
  addAccounts(identity);
  const batch = observer.batch();
  const set = (path: string, data: object) => batch.set(observer.doc(path), data);
  for (const quarter of QUARTERS) addQuarter(set, quarter);
  for (const uid of identity.accounts.keys()) {
    set(`users/${uid}/devices/phone`, { token: `device-${uid}`, platform: 'ios' });
    set(`ledgerAccounts/${toAccountId(uid)}`, { uid });
  }
  await batch.commit();
}

type Set = (path: string, data: object) => void;

function addQuarter(set: Set, { zoneId, currency, restaurantId, owner, ...quarter }: Quarter): void {
  const { couriers: riders, slotCapacity, portions } = quarter;
  const zone = aZone({
    currency,
    limits: { credibility: BELIEVING, declinesBeforeParallel: 1 },
    // In the harbour operators check the large orders of new accounts before the kitchen sees them.
    triage: zoneId === 'harbour' ? { waitMinutes: 6, largeOrderMinor: 2500 } : null,
    // There a single order that waits raises the delivery fee.
    autoSurge: zoneId === 'harbour' ? { minWaiting: 1, startsAtPpm: 0, holdMinutes: 1 } : null,
    cash: { maxOrderMinor: 9000, courierFloatMinor: 90_000, coinMinor: 5 },
    courierPayouts: { interval: 'daily', instant: { ratePpm: 10_000, minMinor: 10 } },
  });
  set(`zones/${zoneId}`, zone);
  for (const promotion of PROMOTIONS) set(`zones/${zoneId}/promotions/${promotion.id}`, promotion);
  set(`zones/${zoneId}/promotions/race/shards/0`, { left: 2 });
  const store = aRestaurant({
    zoneId,
    currency,
    slotCapacity,
    countsStock: portions !== null,
    ticketColumns: portions ? 32 : null,
  });
  set(`restaurants/${restaurantId}`, store);
  if (portions) set(`restaurants/${restaurantId}/live/stock`, { left: portions });
  const { items } = aMenu();
  const menu = aMenu({ currency, items: items.map((item) => (item.id === 'cola' ? { ...item, ageLimit: 18 } : item)) });
  set(`restaurants/${restaurantId}/menus/published`, menu);
  set(`restaurants/${restaurantId}/private/terms`, { ...theTerms, stripeAccountId: `acct_${restaurantId}` });
  set(`restaurants/${restaurantId}/members/${owner}`, { role: 'owner', displayName: owner, addedAtMs: START_MS });
  riders.forEach((uid, index) => {
    const at = Timestamp.fromMillis(START_MS + 30 * DAY_MS);
    const presence = { ...aPresence({ lat: KITCHEN_AT.lat, lng: KITCHEN_AT.lng + index / 10_000 }), at };
    set(`couriers/${uid}`, { ...aCourier({ displayName: uid, zoneId }), presence });
    const account = { stripeAccountId: toStripeAccount(uid), payoutsEnabled: true, bank: null, payouts: 0 };
    // The last courier of a zone has no account.
    if (index < riders.length - 1) set(`courierAccounts/${uid}`, account);
  });
}

function addAccounts(identity: World['identity']): void {
  for (const uid of CUSTOMERS) identity.add(uid, { role: 'customer' }, uid);
  for (const { owner, restaurantId } of QUARTERS)
    identity.add(owner, { role: 'customer', merchant: { [restaurantId]: 'owner' } }, owner);
  identity.add('olga', { role: 'operator' }, 'Olga');
  for (const uid of couriers()) identity.add(uid, { role: 'courier' }, uid);
}
