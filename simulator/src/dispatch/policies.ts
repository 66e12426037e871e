import {
  matchDeliveries,
  WEIGHTS,
  type Match,
  type MatchResult,
  type Weights,
} from '../../../functions/src/dispatch/model/match.js';
import type { Service, TravelSeconds } from '../../../functions/src/dispatch/model/route.js';
import { distanceMeters } from '../../../functions/src/core/geo.js';
import type { Policy } from './replay-data-set.js';

/** Gives each order, oldest first, the idle courier nearest to its kitchen, as naive dispatch does. */
export const nearestIdle: Policy = (open, riders): MatchResult => {
  const idle = riders.filter((rider) => rider.stops.length === 0);
  const matches = open.flatMap((delivery): Match[] => {
    const meters = (rider: (typeof idle)[number]) => distanceMeters(rider.start.at, delivery.pickUpAt);
    const [nearest] = idle.toSorted((a, b) => meters(a) - meters(b));
    if (!nearest) return [];
    idle.splice(idle.indexOf(nearest), 1);
    const stops = [
      { type: 'pickUp' as const, delivery },
      { type: 'dropOff' as const, delivery },
    ];
    return [{ deliveryId: delivery.id, riderId: nearest.id, stops, score: Math.round(meters(nearest)) }];
  });
  return { matches, unmatched: [], options: [] };
};

export const matching =
  (travel: TravelSeconds, service: Service, capacity: number, weights: Weights = WEIGHTS): Policy =>
  (deliveries, riders, nowMs) =>
    matchDeliveries({ nowMs, deliveries, riders, weights, limits: { capacity, detourSeconds: 480 }, service }, travel);
