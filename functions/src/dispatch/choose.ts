import type { Place } from '../contract/common.js';
import type { Courier } from '../contract/couriers.js';
import type { ZoneLimits } from '../contract/zones.js';
import { distanceMeters } from '../platform/geo.js';

interface Candidate {
  uid: string;
  courier: Courier;
}

/** What a courier would take at the door, and how much of the platform's cash a courier may carry. */
export interface CashTerms {
  dueMinor: number;
  floatMinor: number;
}

/** Counts what is carried, and what the cash orders under way will bring. */
export function fitsFloat({ cashMinor = 0, active }: Courier, { dueMinor, floatMinor }: CashTerms): boolean {
  const reservedMinor = Object.values(active).reduce((sum, delivery) => sum + (delivery.floatMinor ?? 0), 0);
  return cashMinor + reservedMinor + dueMinor <= floatMinor;
}

export interface Wave {
  wave: number;
  /** Couriers asked before: nobody is asked twice for one order. */
  tried: readonly string[];
}

/** The free couriers to ask now, nearest first: one, or several at once after so many declined. */
export function chooseCouriers<C extends Candidate>(
  candidates: readonly C[],
  pickUpAt: Place,
  { wave, tried }: Wave,
  nowMs: number,
  limits: ZoneLimits,
  cash: CashTerms | null = null,
): C[] {
  const staleBeforeMs = nowMs - limits.presenceStaleSeconds * 1000;
  const free = candidates.filter(
    ({ uid, courier }) =>
      courier.approved && courier.online && courier.offer === null && !tried.includes(uid) &&
      courier.presence !== null && courier.presence.at >= staleBeforeMs &&
      Object.keys(courier.active).length < limits.courierCapacity && (cash === null || fitsFloat(courier, cash)),
  ); // prettier-ignore
  const meters = (one: Candidate) => (one.courier.presence ? distanceMeters(one.courier.presence, pickUpAt) : Infinity);
  const nearest = free.toSorted((a, b) => meters(a) - meters(b) || (a.uid < b.uid ? -1 : 1));
  return nearest.slice(0, wave > limits.declinesBeforeParallel ? limits.parallelOffers : 1);
}
