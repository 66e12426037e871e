import { epochMs } from '../../../clients/typescript/src/index.js';
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

/** A promotion that ends between a customer's quote and the order. */
export const FLASH_CODE = 'FLASH5';

/** Opens the promotion, or ends it. */
export async function switchFlash(app: App, isOpen: boolean): Promise<void> {
  const nowMs = Date.now();
  await app.call('savePromotion', {
    zoneId: ZONE_ID,
    promotion: {
      id: 'flash5',
      code: FLASH_CODE,
      version: 1,
      kind: 'order',
      benefit: { type: 'percent', ratePpm: 50_000 },
      startsAtMs: epochMs(nowMs - 60_000),
      endsAtMs: epochMs(isOpen ? nowMs + 600_000 : nowMs - 1_000),
      merchantFundedPpm: 0,
    },
    shown: { title: '5 % off for ten minutes', showsCode: true },
  });
  const listed = await app.tiffin.get('shownPromotions', { zoneId: ZONE_ID });
  const isListed = listed?.promotions.some((one) => 'code' in one && one.code === FLASH_CODE) ?? false;
  if (isListed !== isOpen) throw new Error(`the promotion ${FLASH_CODE} is ${isListed ? 'still' : 'not'} listed`);
}

/** Pauses a store, begins `during`, and opens it after a while. */
export async function pauseForAWhile(app: App, restaurantId: string, during: () => Promise<void>): Promise<void> {
  await app.call('pauseStore', { restaurantId, minutes: 30, reason: 'smoke in the kitchen' });
  const ordering = during();
  // A failure is reported below; until then it must not end the process.
  ordering.catch(() => undefined);
  await pause(A_WHILE_MS);
  await app.call('pauseStore', { restaurantId, minutes: 0, reason: 'only toast' });
  await ordering;
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
