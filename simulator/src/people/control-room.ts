import { ZONE_ID } from '../city/population.js';
import type { App } from './app.js';
import { pause } from './pause.js';

/** How long an intervention lasts; the city's clock runs fast. */
const A_WHILE_MS = 8_000;

/** Raises the delivery price for a while, then rolls the zone back. */
export async function surgeForAWhile(app: App): Promise<void> {
  const { version } = await app.call('setSurge', { zoneId: ZONE_ID, surgePpm: 1_500_000, reason: 'it rains' });
  await pause(A_WHILE_MS);
  await app.call('rollBackZone', { zoneId: ZONE_ID, toVersion: version - 1, reason: 'it is dry again' });
}

export async function pauseForAWhile(app: App, restaurantId: string): Promise<void> {
  await app.call('pauseStore', { restaurantId, minutes: 30, reason: 'smoke in the kitchen' });
  await pause(A_WHILE_MS);
  await app.call('pauseStore', { restaurantId, minutes: 0, reason: 'only toast' });
}

/** Saves a flag off, then on, then rolls it back. */
export async function tryFlag(app: App): Promise<void> {
  const flagId = 'group-orders';
  const known = await app.tiffin.get('flag', { flagId });
  const save = (isOn: boolean, basedOnVersion: number) =>
    app.call('saveFlag', { flagId, flag: { isOn, zoneIds: [ZONE_ID] }, basedOnVersion, reason: 'a trial' });
  const off = await save(false, known?.version ?? 0);
  await save(true, off.version);
  await app.call('rollBackFlag', { flagId, toVersion: off.version, reason: 'carts were mixed up' });
}
