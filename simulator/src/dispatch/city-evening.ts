import type { TravelSeconds } from '../../../functions/src/dispatch/matching/route.js';
import { drawCity } from '../city/population.js';
import { crossingNearest, metersBetween, place, wayBetween, type Place, type Streets } from '../city/streets.js';
import { Random } from '../random.js';
import type { DataSet } from './data-set.js';

/** Couriers' speed in the streets of the simulated city, as its quotes have it. */
const METERS_PER_SECOND = 5;
const EVENING_MINUTES = 180;

/** An evening in the city that the simulator lives in: its kitchens, homes and couriers, and rides along its streets. */
export function cityEvening(
  seed: number,
  { orders, couriers }: { orders: number; couriers: number },
): { dataSet: DataSet; travel: TravelSeconds } {
  const city = drawCity(seed, { restaurants: 12, couriers, customers: Math.max(24, Math.ceil(orders / 2)) });
  const random = new Random(seed).fork('evening');
  const ordersOf = Array.from({ length: orders }, (_, index) => {
    const { location, prepMinutes } = random.pick(city.restaurants);
    const { home } = random.pick(city.customers);
    // Most of it in the middle, as evenings are.
    const placedMinute = (random.next() + random.next()) * (EVENING_MINUTES / 2);
    const readyMinute = placedMinute + prepMinutes + random.between(2, 12);
    return { id: `o${index + 1}`, pickUpAt: location, dropOffAt: home, placedMinute, readyMinute };
  });
  const couriersOf = city.couriers.map(({ uid, start }) => ({
    id: uid, at: place(city.streets.crossings, start), onMinute: 0, offMinute: EVENING_MINUTES + 60,
  })); // prettier-ignore
  return { dataSet: { orders: ordersOf, couriers: couriersOf }, travel: ridesAlong(city.streets) };
}

/** Rides from crossing to crossing; who is between two begins and ends with the way to the nearest. */
function ridesAlong(streets: Streets): TravelSeconds {
  const metersOf = new Map<string, number>();
  const along = (from: number, to: number): number => {
    const key = `${from}-${to}`;
    const known = metersOf.get(key);
    if (known !== undefined) return known;
    const way = wayBetween(streets, from, to).map((crossing) => place(streets.crossings, crossing));
    const meters = way.slice(1).reduce((sum, at, index) => sum + metersBetween(way[index] ?? at, at), 0);
    metersOf.set(key, meters);
    return meters;
  };
  const nearest = (at: Place): { crossing: number; meters: number } => {
    const crossing = crossingNearest(streets, at);
    return { crossing, meters: metersBetween(at, place(streets.crossings, crossing)) };
  };
  return (from, to) => {
    const [start, end] = [nearest(from), nearest(to)];
    return (start.meters + along(start.crossing, end.crossing) + end.meters) / METERS_PER_SECOND;
  };
}
