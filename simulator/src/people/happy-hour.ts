import { epochMs, isRefused } from '../../../clients/typescript/src/index.js';
import type { Events } from '../events.js';
import type { App } from './app.js';

const HOUR_MS = 3_600_000;
const LASTS_DAYS = 30;
const PROMOTION_ID = 'happy-hour';

/**
 * Begins a weekly happy hour of a restaurant, at its own cost: at this time of each day, by the clocks of the zone. It
 * is paused and resumed once. One that an operator ended stays ended.
 */
export async function beginHappyHour(app: App, restaurantId: string, events: Events): Promise<void> {
  const switchTo = (to: 'paused' | 'running') =>
    app.call('switchStorePromotion', { restaurantId, promotionId: PROMOTION_ID, to });
  const startsAtMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const fromMinute = Math.max(0, toHour(startsAtMs) - 1) * 60;
  try {
    await app.call('saveStorePromotion', {
      restaurantId,
      promotionId: PROMOTION_ID,
      promotion: {
        kind: 'order',
        benefit: { type: 'percent', ratePpm: 150_000 },
        startsAtMs: epochMs(startsAtMs),
        endsAtMs: epochMs(startsAtMs + LASTS_DAYS * 24 * HOUR_MS),
        windows: [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute, toMinute: fromMinute + 4 * 60 }],
      },
    });
    await switchTo('paused');
    await switchTo('running');
    events.emit({ type: 'happened', what: 'happyHourBegun' });
  } catch (error) {
    if (!isRefused(error, 'PROMOTION_ENDED')) throw error;
  }
}

/** The hour of the day in the zone of the demo city. */
const toHour = (atMs: number): number =>
  Number(
    new Intl.DateTimeFormat('en-US', { timeZone: 'Europe/Vienna', hourCycle: 'h23', hour: 'numeric' }).format(atMs),
  );
