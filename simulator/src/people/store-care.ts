import { epochMs } from '../../../clients/typescript/src/index.js';
import type { RestaurantDraft } from '../city/population.js';
import type { Events, SideEvent } from '../events.js';
import type { App } from './app.js';

const COMMISSION_PPM = 210_000;

/** An operator does for a store what it cannot do itself, and reads in the history what was before. */
export async function careForStore(app: App, restaurant: RestaurantDraft, events: Events): Promise<void> {
  const emit = (what: SideEvent) => events.emit({ type: 'happened', what });
  const { id } = restaurant;
  const { restaurants } = await app.call('findRecords', { by: { type: 'id', id }, reason: 'a call' });
  if (restaurants.length !== 1) throw new Error(`the operators do not find ${id}`);
  await sellOutForAWhile(app, id);
  emit('deskWorked');
  await moveDoor(app, restaurant);
  emit('addressEdited');
  await addHoliday(app, id);
  emit('hoursEdited');
  await changeCommission(app, id);
  emit('termsEdited');
}

async function sellOutForAWhile(app: App, restaurantId: string): Promise<void> {
  const soldOut = (untilMs: number) =>
    app.call('actForStore', {
      restaurantId,
      act: { type: 'soldOut', ids: ['no-such-dish'], untilMs: epochMs(untilMs) },
      reason: 'asked by telephone',
    });
  await soldOut(Date.now() + 60_000);
  await soldOut(0);
}

/** The entrance is round the corner: the address changes, the fees do not. */
async function moveDoor(app: App, { id, addressLine, location }: RestaurantDraft): Promise<void> {
  const act = { type: 'place' as const, location, addressLine: `${addressLine}, rear` };
  await app.call('actForStore', { restaurantId: id, act, reason: 'the entrance is in the yard' });
  const before = await readBefore(app, `restaurants/${id}`, 'place');
  if (before['addressLine'] !== addressLine) throw new Error(`the history of ${id} has not the former address`);
}

async function addHoliday(app: App, restaurantId: string): Promise<void> {
  const restaurant = await app.tiffin.get('restaurant', { restaurantId });
  const weekly = restaurant?.hours?.weekly;
  if (!weekly) throw new Error(`the operators cannot read the hours of ${restaurantId}`);
  const hours = { weekly, holidays: [{ date: '2099-12-24', spans: [] }] };
  await app.call('actForStore', {
    restaurantId,
    act: { type: 'settings', changes: { hours } },
    reason: 'closed on Christmas Eve',
  });
  await readBefore(app, `restaurants/${restaurantId}`, 'settings');
}

async function changeCommission(app: App, restaurantId: string): Promise<void> {
  await app.call('saveTerms', { restaurantId, commissionPpm: COMMISSION_PPM, reason: 'the new contract' });
  const [entry] = await app.tiffin.find('auditOf', { subject: `restaurants/${restaurantId}/private/terms` });
  if (entry?.data.before?.['commissionPpm'] === undefined)
    throw new Error(`the history of ${restaurantId} has not the former commission`);
}

/** Reads from the audit what was before the latest act of a kind. */
async function readBefore(app: App, subject: string, act: string): Promise<Readonly<Record<string, unknown>>> {
  const entries = await app.tiffin.find('auditOf', { subject });
  const before = entries.find(({ data }) => data.after?.['act'] === act)?.data.before;
  if (!before) throw new Error(`the history of ${subject} has no ${act}`);
  return before;
}

/** An operator announces the next version of an app. */
export async function announceVersion(app: App, events: Events): Promise<void> {
  const known = await app.tiffin.get('appVersion', { appId: 'courier-android' });
  await app.call('saveAppVersion', {
    appId: 'courier-android',
    app: { minimum: '1.0.0', current: '1.1.0', maintenance: null },
    basedOnVersion: known?.version ?? 0,
    reason: 'released',
  });
  events.emit({ type: 'happened', what: 'versionSaved' });
}
