import { Timestamp } from 'firebase-admin/firestore';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import {
  BELIEVING,
  courierName,
  aCourier,
  aMenu,
  aPromotion,
  aRestaurant,
  aZone,
  KITCHEN_AT,
  START_MS,
  theTerms,
} from '#fixtures/catalogue.js';
import type { StoredDocument } from '#emulator/store/document.js';
import type { World } from './world/world.js';

const DAY_MS = 24 * 3_600_000;
export const CUSTOMERS = ['carla', 'nina', 'clara', 'carl', 'connie', 'cem'];
const COURIERS = 3;
export const couriers = (): string[] => Array.from({ length: COURIERS }, (_, index) => courierName(index));

/** All people, each with one phone. */
export const listPeople = (): string[] => [...CUSTOMERS, 'mario', 'olga', ...couriers()];

/** The first has no limit; of the second there are two uses, for which customers race. */
export const PROMOTION_CODES = ['HALF', 'RACE'] as const;
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

/** Puts the people and the documents of the city into a world, without events: as if it had existed for long. */
export function loadCity(world: World, documents: readonly StoredDocument[]): void {
  addAccounts(world.identity);
  world.database.load(documents);
}

/** Writes the city: customers, one kitchen with its owner, couriers, two operators; each has one phone. */
export async function writeCity({ observer, identity }: World): Promise<void> {
  addAccounts(identity);
  const batch = observer.batch();
  const set = (path: string, data: object) => batch.set(observer.doc(path), data);
  set(
    'zones/centre',
    aZone({
      limits: { credibility: BELIEVING, declinesBeforeParallel: 1 },
      cash: { maxOrderMinor: 9000, courierFloatMinor: 90_000, coinMinor: 5 },
    }),
  );
  for (const promotion of PROMOTIONS) set(`zones/centre/promotions/${promotion.id}`, promotion);
  set('zones/centre/promotions/race/shards/0', { left: 2 });
  set('restaurants/rosa', aRestaurant());
  set('restaurants/rosa/menus/published', aMenu());
  set('restaurants/rosa/private/terms', theTerms);
  set('restaurants/rosa/members/mario', { role: 'owner', displayName: 'Mario', addedAtMs: START_MS });
  for (const uid of identity.accounts.keys()) {
    set(`users/${uid}/devices/phone`, { token: `device-${uid}`, platform: 'ios' });
    set(`ledgerAccounts/${toAccountId(uid)}`, { uid });
  }
  couriers().forEach((uid, index) => {
    const at = Timestamp.fromMillis(START_MS + 30 * DAY_MS);
    const presence = { ...KITCHEN_AT, lng: KITCHEN_AT.lng + index / 10_000, geohash: `u2edk8b${index}0`, at };
    set(`couriers/${uid}`, { ...aCourier({ displayName: uid }), presence });
  });
  await batch.commit();
}

function addAccounts(identity: World['identity']): void {
  for (const uid of CUSTOMERS) identity.add(uid, { role: 'customer' }, uid);
  identity.add('mario', { role: 'customer', merchant: { rosa: 'owner' } }, 'Mario');
  identity.add('olga', { role: 'operator' }, 'Olga');
  for (const uid of couriers()) identity.add(uid, { role: 'courier' }, uid);
}
