import type { TravelSeconds } from '../../../functions/src/dispatch/model/route.js';
import { drawCity } from '../city/population.js';
import { place, type Streets } from '../city/streets.js';
import { Ways } from '../city/routes.js';
import { Random } from '../random.js';
import type { DataSet } from './data-set.js';

/** Couriers' speed in the streets of the simulated city, as its quotes have it. */
const METERS_PER_SECOND = 5;
const EVENING_MINUTES = 180;
/**
 * Source: grubhub/mdrplib, instance_characteristics.txt of 0o100t100s1p100 … 9o100t100s1p100: 8,515 hours in 2,651
 * shifts.
 */
const SHIFT_MINUTES = 193;

/**
 * A dinner in the city that the simulator lives in: its kitchens, homes and couriers with their vehicles, and rides
 * along its streets. Most orders come in the middle; shifts are laid around them, as those who plan them do.
 */
export function cityEvening(
  seed: number,
  { orders, couriers }: { orders: number; couriers: number },
): { dataSet: DataSet; travel: TravelSeconds } {
  const city = drawCity(seed, { restaurants: 12, couriers, customers: Math.max(24, Math.ceil(orders / 2)) });
  const random = new Random(seed).fork('evening');
  const inTheMiddle = () => (random.next() + random.next()) * (EVENING_MINUTES / 2);
  const ordersOf = Array.from({ length: orders }, (_, index) => {
    const { location, prepMinutes } = random.pick(city.restaurants);
    const { home } = random.pick(city.customers);
    const placedMinute = inTheMiddle();
    const readyMinute = placedMinute + prepMinutes + random.between(2, 12);
    return { id: `o${index + 1}`, pickUpAt: location, dropOffAt: home, placedMinute, readyMinute };
  });
  const couriersOf = city.couriers.map(({ uid, start, vehicle }) => {
    const onMinute = Math.max(0, inTheMiddle() - SHIFT_MINUTES / 2);
    return {
      id: uid,
      at: place(city.streets.crossings, start),
      vehicle,
      onMinute,
      offMinute: onMinute + SHIFT_MINUTES,
    };
  });
  return { dataSet: { orders: ordersOf, couriers: couriersOf }, travel: ridesAlong(city.streets) };
}

/** Rides along the streets; who is off them begins and ends with the way to the nearest. */
function ridesAlong(streets: Streets): TravelSeconds {
  const ways = new Ways(streets);
  return (from, to) => {
    const [start, end] = [ways.snap(from), ways.snap(to)];
    return (start.offMeters + ways.metersBetween(start, end) + end.offMeters) / METERS_PER_SECOND;
  };
}
