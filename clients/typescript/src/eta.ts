import { distanceMeters, type LatLng } from './geo.js';
import type { EtaTable, Order, RideRatio, Vehicle, Zone } from './generated/types.js';
import { epochMs, type EpochMs, type Open } from './scalars.js';

/** When an order arrives: half of such orders come before `p50`, nine in ten before `p90`. */
export interface Eta {
  readonly p50AtMs: EpochMs;
  readonly p90AtMs: EpochMs;
}

/** What is known of a delivery. `position` and `door` are known once the courier rides to the door. */
export interface EtaFacts {
  readonly order: Pick<
    Order,
    'status' | 'readyAtMs' | 'travelSeconds' | 'createdAtMs' | 'prepMinutes' | 'events' | 'pickUpAt'
  >;
  readonly position: LatLng | null;
  readonly door: LatLng | null;
  /** See `paceOf`. */
  readonly pace: number;
  /** The zone's table, the read `etaTable`; null where there is none. */
  readonly table: EtaTable | null;
  readonly nowMs: number;
}

/** The courier's time from the counter to the departure. */
const HAND_OVER_MS = 120_000;
/** Without data: a ride takes as long as quoted, one in ten a good third longer. */
const UNLEARNED: Pick<RideRatio, 'p50' | 'p90'> = { p50: 1, p90: 1.35 };
const BEFORE_PICK_UP: readonly string[] = ['placed', 'accepted', 'preparing', 'ready'];

/** Computes how much longer a courier's vehicle takes than was quoted: 1 before a courier is found. */
export function paceOf(
  { travel: { quotedVehicle, metersPerSecond } }: Pick<Zone, 'travel'>,
  vehicle: Open<Vehicle> | null,
): number {
  const speeds = new Map(Object.entries(metersPerSecond));
  const [quoted, own] = [speeds.get(quotedVehicle), speeds.get(vehicle ?? quotedVehicle)];
  return quoted !== undefined && own !== undefined ? quoted / own : 1;
}

/** Computes when an order arrives at the door, as the server does for a shared link. Null when it is not being delivered. */
export function computeEta(facts: EtaFacts): Eta | null {
  const { order, pace, table, nowMs } = facts;
  const hours = new Map(Object.entries(table?.hours ?? {}));
  const ratio = hours.get(String(new Date(nowMs).getUTCHours())) ?? table?.all ?? UNLEARNED;
  const rideMs = order.travelSeconds * 1000 * pace;
  if (BEFORE_PICK_UP.includes(order.status)) {
    const readyAtMs = order.readyAtMs ?? order.createdAtMs + order.prepMinutes * 60_000;
    return at(Math.max(nowMs, readyAtMs) + HAND_OVER_MS, rideMs, ratio);
  }
  return order.status === 'picked_up' ? at(nowMs, rideLeftMs(facts, rideMs), ratio) : null;
}

const at = (fromMs: number, rideMs: number, { p50, p90 }: Pick<RideRatio, 'p50' | 'p90'>): Eta => ({
  p50AtMs: epochMs(Math.round(fromMs + rideMs * p50)),
  p90AtMs: epochMs(Math.round(fromMs + rideMs * p90)),
});

/** The quoted ride in proportion to the remaining distance; without a position, the rest of its time. */
function rideLeftMs({ order, position, door, nowMs }: EtaFacts, rideMs: number): number {
  if (position && door) {
    const wayMeters = distanceMeters(order.pickUpAt, door);
    return wayMeters === 0 ? 0 : rideMs * Math.min(1.5, distanceMeters(position, door) / wayMeters);
  }
  const pickedUpMs = order.events.findLast(({ action }) => action === 'pickUp')?.atMs ?? nowMs;
  return Math.max(0, pickedUpMs + rideMs - nowMs);
}
