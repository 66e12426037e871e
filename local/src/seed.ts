import type { Auth } from 'firebase-admin/auth';
import { Timestamp, type DocumentData, type Firestore } from 'firebase-admin/firestore';
import { geohashForLocation } from 'geofire-common';
import type { Authority, Claims, User } from '../../functions/src/contract/accounts.js';
import type { CourierAccount } from '../../functions/src/contract/courier-payouts.js';
import type { Courier } from '../../functions/src/contract/couriers.js';
import type { Hours } from '../../functions/src/contract/hours.js';
import type { Member, Menu, Restaurant, RestaurantTerms } from '../../functions/src/contract/restaurants.js';
import { LEARNED_DAYS } from '../../functions/src/catalog/model/prep-times.js';
import { toMenuTexts } from '../../functions/src/catalog/model/check-texts.js';
import { computeDiets } from '../../functions/src/catalog/model/diets.js';
import { computeSearchTokens } from '../../functions/src/catalog/model/search-tokens.js';
import { Zone } from '../../functions/src/contract/zones.js';
import { toAccountId } from '../../functions/src/ledger/model/account-id.js';
import { toStaffKey } from '../../functions/src/core/staff-key.js';
import { DEMO_AREA } from '../../simulator/src/city/area.js';
import {
  PASSWORD,
  ZONE_ID,
  type City,
  type Person,
  type RestaurantDraft,
} from '../../simulator/src/city/population.js';
import { gainExperience, type Experience } from '../../simulator/src/kitchens/experience.js';
import { Random } from '../../simulator/src/random.js';
import type { Admin } from './admin.js';
import { listenToAccounts, openConnectedAccount, openCourierAccount } from './connected-accounts.js';

/** The demo zone: fees, taxes and limits as in many European cities; prices include tax, and fees are taxed too. */
export const DEMO_ZONE: Zone = Zone.parse({
  name: 'Demoville',
  version: 1,
  currency: 'EUR',
  timeZone: 'Europe/Vienna',
  area: DEMO_AREA,
  pricing: {
    deliveryBrackets: [
      { upToMeters: 1500, feeMinor: 199 },
      { upToMeters: 3000, feeMinor: 299 },
      { upToMeters: 6000, feeMinor: 449 },
    ],
    deliveryFeeCapMinor: 799,
    minimumOrderMinor: 500,
    smallOrderBelowMinor: 1000,
    smallOrderFeeMinor: 150,
    serviceFee: { ratePpm: 50_000, minMinor: 49, maxMinor: 399 },
    bagFeeMinor: 20,
    taxes: {
      food: { ratePpm: 100_000, mode: 'inclusive' },
      drinks: { ratePpm: 200_000, mode: 'inclusive' },
      delivery: { ratePpm: 200_000, mode: 'inclusive' },
      service: { ratePpm: 200_000, mode: 'inclusive' },
    },
    commissionTaxPpm: 200_000,
    courierPay: { baseMinor: 320, perKilometerMinor: 90, wayBackPpm: 600_000 },
  },
  // Routes follow the city's streets; the local stack has a stand-in for OSRM.
  routing: 'osrm',
  cash: { maxOrderMinor: 6000, courierFloatMinor: 15_000 },
  // A few waiting orders are enough, since the city has few couriers.
  autoSurge: { minWaiting: 2, maxPpm: 1_500_000, holdMinutes: 1 },
  courierPayouts: { interval: 'daily', instant: { ratePpm: 10_000, minMinor: 50 } },
  // Operators check the first large order of an account, such as one for a party.
  triage: { waitMinutes: 2, largeOrderMinor: 25_000 },
  // The city's clock runs fast, so that a match does not take a quarter of a minute.
  limits: {
    matchWindowSeconds: 1,
    // The city's clock runs fast: a courier passes a crossing in 25 ms of real time.
    credibility: {
      fastestMetersPerSecond: { foot: 1e6, bicycle: 1e6, ebike: 1e6, scooter: 1e6, car: 1e6 },
    },
    // A few customers place all the orders.
    trust: { unpaidOrders: 20, cashOrders: 20, reservedUnits: 99, reservedPlaces: 20, most: 99 },
    // A claim for a missing dish is paid automatically.
    claimAutoMinor: 2000,
    // The customers of the demo have no earlier orders.
    claimMinOrders: 0,
    lateCredit: [
      { overMinutes: 15, ratePpm: 100_000, maxMinor: 500 },
      { overMinutes: 30, ratePpm: 250_000, maxMinor: 1500 },
    ],
  },
});

/** Writes the city with the Admin SDK. Only the seed and the final audit access the database without an app. */
export async function seedCity({ db, auth }: Pick<Admin, 'db' | 'auth'>, city: City): Promise<void> {
  await db.doc(`zones/${ZONE_ID}`).set(DEMO_ZONE);
  const people: [Person, Claims][] = [
    [city.operator, { role: 'operator' }],
    [city.secondOperator, { role: 'operator', desk: 'support' }],
    [city.newcomer.owner, { role: 'customer' }],
    ...city.customers.map((one): [Person, Claims] => [one, { role: 'customer' }]),
    ...city.couriers.map((one): [Person, Claims] => [one, { role: 'courier' }]),
    ...city.restaurants.map((one): [Person, Claims] => [
      one.owner,
      { role: 'customer', merchant: { [one.id]: 'owner' } },
    ]),
  ];
  await Promise.all(people.map(([person, claims]) => seedPerson(db, auth, person, claims)));
  await Promise.all(city.restaurants.map((restaurant) => seedRestaurant(db, restaurant)));
  await Promise.all(city.couriers.map((courier) => seedCourier(db, courier)));
  await listenToAccounts();
}

async function seedPerson(db: Firestore, auth: Auth, { uid, name, email }: Person, claims: Claims): Promise<void> {
  await auth
    .createUser({ uid, email, password: PASSWORD, displayName: name, emailVerified: true })
    .catch((error: unknown) => {
      // The user exists already: seeding twice is allowed and creates the same users.
      if (!(error instanceof Error && 'code' in error && error.code === 'auth/uid-already-exists')) throw error;
    });
  await auth.setCustomUserClaims(uid, claims);
  const user: User = { displayName: name, locale: 'en', claimsVersion: 1, createdAtMs: Date.now() };
  const batch = db.batch();
  batch.set(db.doc(`users/${uid}`), user);
  batch.set(db.doc(`ledgerAccounts/${toAccountId(uid)}`), { uid });
  batch.set(db.doc(`authorities/${uid}`), toAuthority(claims));
  batch.set(db.doc(`users/${uid}/devices/phone`), { token: `token-${uid}`, platform: 'android' });
  await batch.commit();
}

/** Returns the authority document from which the claims are derived. */
const toAuthority = ({ role, merchant = {} }: Claims): Authority => ({
  role: role ?? null,
  merchant,
  blocked: false,
  version: 1,
  appliedVersion: 1,
  endSessions: false,
});

/** Open at all hours, because an order may be simulated at any time. */
const ALWAYS: Hours = {
  weekly: [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 1440 }],
  holidays: [],
  lastOrderMinutes: 0,
};

async function seedRestaurant(db: Firestore, draft: RestaurantDraft): Promise<void> {
  const { id, name, cuisine, description, phone, location, addressLine, prepMinutes, menu, owner } = draft;
  const restaurant: Restaurant = {
    name,
    cuisines: [cuisine],
    logo: null,
    cover: null,
    description,
    phone,
    kinds: ['delivery', 'pickup'],
    zoneId: ZONE_ID,
    currency: menu.currency,
    timeZone: DEMO_ZONE.timeZone,
    location,
    geohash: geohashForLocation([location.lat, location.lng], 9),
    addressLine,
    availability: 'online',
    pausedUntilMs: null,
    acceptance: 'manual',
    prepMinutes,
    menuVersion: menu.version,
    diets: computeDiets(menu),
    soldOut: {},
    slotCapacity: null,
    ticketColumns: null,
    countsStock: false,
    canGoOnline: true,
    hours: ALWAYS,
    busy: null,
    deliveryArea: null,
    staffKeys: [toStaffKey(owner.uid)],
  };
  const terms: RestaurantTerms = {
    commissionPpm: 220_000,
    stripeAccountId: await openConnectedAccount(id),
    payoutsEnabled: true,
  };
  const experience =
    draft.isExperienced && gainExperience(new Random(prepMinutes), prepMinutes, DEMO_ZONE.timeZone, Date.now());
  const member: Member = { role: 'owner', displayName: owner.name, addedAtMs: Date.now() };
  const batch = db.batch();
  batch.set(db.doc(`restaurants/${id}`), { ...restaurant, ...(experience && { prepTimes: experience.prepTimes }) });
  if (experience) batch.set(db.doc(`restaurants/${id}/stats/prepSamples`), toSamples(experience));
  const texts = toMenuTexts({ ...menu, ...(draft.texts && { texts: draft.texts }) }, menu.version);
  const languages = texts.size > 0 ? { languages: [...texts.keys()] } : {};
  batch.set(db.doc(`restaurants/${id}/menus/published`), { ...servedAllDay(menu), ...languages });
  for (const [language, one] of texts) batch.set(db.doc(`restaurants/${id}/menuTexts/${language}`), one);
  const tokens = computeSearchTokens(restaurant, menu, [...texts.values()]);
  batch.set(db.doc(`searchEntries/${id}`), { zoneId: ZONE_ID, tokens });
  batch.set(db.doc(`restaurants/${id}/private/terms`), terms);
  batch.set(db.doc(`restaurants/${id}/members/${owner.uid}`), member);
  await batch.commit();
}

/** The weeks of an experienced kitchen, as the nightly job keeps them. */
function toSamples({ samples, prepTimes: { learnedAtMs } }: Experience): DocumentData {
  return { samples, throughMs: learnedAtMs, expireAt: Timestamp.fromMillis(learnedAtMs + LEARNED_DAYS * DAY_MS) };
}

const DAY_MS = 24 * 3_600_000;

/**
 * Returns a menu whose first dish, which belongs to a part of the day, is served all day: the same seed has the same
 * prices at any hour.
 */
function servedAllDay(menu: Menu): Menu {
  const [first, ...rest] = menu.items;
  const items = first ? [{ ...first, dayparts: [{ daypartId: 'all-day' }] }, ...rest] : [];
  return { ...menu, items, dayparts: [{ id: 'all-day', name: 'All day', windows: ALWAYS.weekly }] };
}

async function seedCourier(db: Firestore, { uid, name, vehicle }: City['couriers'][number]): Promise<void> {
  const courier: Courier = {
    displayName: name,
    zoneId: ZONE_ID,
    vehicle,
    approved: true,
    online: false,
    presence: null,
    offer: null,
    load: 0,
    active: {},
  };
  const account: CourierAccount = {
    stripeAccountId: await openCourierAccount(uid),
    payoutsEnabled: true,
    bank: null,
    payouts: 0,
  };
  await Promise.all([db.doc(`couriers/${uid}`).set(courier), db.doc(`courierAccounts/${uid}`).set(account)]);
}
