import type { Place } from '../../contract/common.js';
import type { LivePosition, Vehicle } from '../../contract/couriers.js';
import type { Doubt } from '../../contract/held-pays.js';
import type { Credibility } from '../../contract/zones.js';
import { distanceMeters } from '../../core/geo.js';
import { ARRIVED_METERS } from './guards.js';

/** Evidence of a delivery, or of the attempt, besides the courier's own report. */
export interface DeliveryEvidence {
  pickUpAt: Place;
  dropOff: Place;
  pickedUpAtMs: number;
  /** When the courier reported the arrival at the door; the end itself without such a report. */
  atDoorMs: number;
  endedAtMs: number;
  vehicle: Vehicle;
  /** The courier's own stream; null where there is none. */
  position: Pick<LivePosition, 'fixes' | 'at'> | null;
  /** The photo given as proof was used for another order. */
  photoSeen: boolean;
}

/**
 * Finds the reasons why a delivery is not credible; empty for one that is. More distance in the same time, or less time
 * for the same distance, never removes a doubt.
 */
export function findDoubts(evidence: DeliveryEvidence, limits: Credibility): Doubt[] {
  const { photoSeen } = evidence;
  return [
    ...(isTooFast(evidence, limits) ? (['speed'] as const) : []),
    ...positionDoubts(evidence, limits),
    ...(photoSeen ? (['photo_seen'] as const) : []),
  ];
}

/** Two instances' clocks differ by less. */
const GRACE_MS = 1000;

/** Along the straight line between the outer edges of both geofences: no street is shorter. */
function isTooFast(evidence: DeliveryEvidence, { fastestMetersPerSecond }: Credibility): boolean {
  const { pickUpAt, dropOff, pickedUpAtMs, atDoorMs, vehicle } = evidence;
  const meters = distanceMeters(pickUpAt, dropOff);
  return isImpossible(meters, atDoorMs - pickedUpAtMs, fastestMetersPerSecond[vehicle]);
}

/** True where a courier cannot have covered the distance in the time. */
export function isImpossible(meters: number, tookMs: number, fastestMetersPerSecond: number): boolean {
  return (tookMs + GRACE_MS) * fastestMetersPerSecond < Math.max(0, meters - 2 * ARRIVED_METERS) * 1000;
}

/** Computes the distance to a place from an earlier one, less what the courier may have covered since. In metres. */
export function computeAwayMeters(
  { at, ...from }: Place & { at: number },
  to: Place,
  nowMs: number,
  fastestMetersPerSecond: number,
): number {
  const nearerMeters = (Math.max(0, nowMs - at) / 1000) * fastestMetersPerSecond;
  return Math.max(0, Math.round(distanceMeters(from, to) - nearerMeters));
}

/** The last fix of the stream must be fresh, and near the door. */
function positionDoubts({ position, dropOff, endedAtMs }: DeliveryEvidence, limits: Credibility): Doubt[] {
  const { requiresStream, streamMaxAgeSeconds, streamMaxMeters } = limits;
  if (!requiresStream) return [];
  const last = position?.fixes?.at(-1);
  if (!last || position?.at === undefined) return ['position_missing'];
  if (endedAtMs - position.at > streamMaxAgeSeconds * 1000) return ['position_stale'];
  return distanceMeters(last, dropOff) > streamMaxMeters ? ['position_far'] : [];
}
