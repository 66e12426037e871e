import type { Order, OrderEvent } from '../../contract/orders.js';
import type { PrepSample } from '../../contract/prep-times.js';
import { findCounterArrivalMs } from './delivery-promise.js';

const MINUTE_MS = 60_000;
/** A courier who stands at the counter for longer than this waits for the food. */
const WAITS_MS = 3 * MINUTE_MS;
const HAND_OVER_MS = MINUTE_MS;
const MAX_MINUTES = 180;

/** The fields of an order about its preparation. */
type Prepared = Pick<Order, 'events' | 'kind' | 'scheduledForMs'>;

/**
 * Lists the preparations of a kitchen's completed orders, each with the number of others that were in the kitchen when it
 * was accepted. Only those that a courier picked up: their times show where a kitchen reported food as ready that was
 * not, and a report after the pick-up is impossible. Orders for a slot wait for it, and cancelled ones were cooked twice.
 */
export function listPreparations(orders: readonly Prepared[]): PrepSample[] {
  const cooked = orders.flatMap((order) => {
    const fromMs = findAtMs(order, 'accept');
    const readyMs = findReadyMs(order);
    return fromMs === undefined || readyMs === undefined ? [] : [{ order, fromMs, readyMs }];
  });
  return cooked.flatMap(({ order, fromMs, readyMs }) => {
    const minutes = (readyMs - fromMs) / MINUTE_MS;
    if (!isShown(order) || minutes < 0 || minutes > MAX_MINUTES) return [];
    const load = cooked.filter((one) => one.fromMs < fromMs && one.readyMs > fromMs).length;
    return [{ atMs: fromMs, load, minutes }];
  });
}

/** True where the times of a courier confirm those of the kitchen. */
function isShown({ kind, scheduledForMs, events }: Prepared): boolean {
  const isPickedUp = events.some(({ action, by }) => action === 'pickUp' && by === 'courier');
  return (
    kind === 'delivery' && scheduledForMs === null && isPickedUp && !events.some(({ action }) => action === 'restore')
  );
}

/**
 * Finds when the food was ready: as the kitchen reported, or at the pick-up where the courier had waited at the counter
 * for it.
 */
function findReadyMs(order: Prepared): number | undefined {
  const [reportedMs, pickedUpMs] = [findAtMs(order, 'markReady'), findAtMs(order, 'pickUp')];
  const arrivedMs = findCounterArrivalMs(order);
  if (reportedMs === undefined || pickedUpMs === undefined || arrivedMs === undefined) return reportedMs;
  const waitedMs = pickedUpMs - Math.max(arrivedMs, reportedMs);
  return waitedMs > WAITS_MS ? pickedUpMs - HAND_OVER_MS : reportedMs;
}

function findAtMs({ events }: Prepared, action: OrderEvent['action']): number | undefined {
  return events.findLast((event) => event.action === action)?.atMs;
}
