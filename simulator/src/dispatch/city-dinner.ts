import type { TravelSeconds } from '../../../functions/src/dispatch/model/route.js';
import { drawCity } from '../city/population.js';
import { place, type Streets } from '../city/streets.js';
import { Routes } from '../city/routes.js';
import { Random } from '../random.js';
import type { DataSet } from './data-set.js';

/** Couriers' speed in the streets of the simulated city, as its quotes assume it. */
const METERS_PER_SECOND = 5;
const DINNER_MINUTES = 180;
/**
 * Source: grubhub/mdrplib, instance_characteristics.txt of 0o100t100s1p100 … 9o100t100s1p100: 8,515 hours in 2,651
 * shifts.
 */
const SHIFT_MINUTES = 193;

/**
 * Draws a dinner in the simulated city: its kitchens, homes and couriers with their vehicles, and rides along its
 * streets. Most orders come in the middle of the period, and most shifts lie around it.
 */
export function drawCityDinner(
  seed: number,
  { orders, couriers }: { orders: number; couriers: number },
): { dataSet: DataSet; travel: TravelSeconds } {
  const city = drawCity(seed, { restaurants: 12, couriers, customers: Math.max(24, Math.ceil(orders / 2)) });
  const random = new Random(seed).fork('evening');
  const inTheMiddle = () => (random.next() + random.next()) * (DINNER_MINUTES / 2);
  const drawnOrders = Array.from({ length: orders }, (_, index) => {
    const { location, prepMinutes } = random.pick(city.restaurants);
    const { home } = random.pick(city.customers);
    const placedMinute = inTheMiddle();
    const readyMinute = placedMinute + prepMinutes + random.between(2, 12);
    return { id: `o${index + 1}`, pickUpAt: location, dropOffAt: home, placedMinute, readyMinute };
  });
  const drawnCouriers = city.couriers.map(({ uid, start, vehicle }) => {
    const onMinute = Math.max(0, inTheMiddle() - SHIFT_MINUTES / 2);
    return {
      id: uid,
      at: place(city.streets.crossings, start),
      vehicle,
      onMinute,
      offMinute: onMinute + SHIFT_MINUTES,
    };
  });
  return { dataSet: { orders: drawnOrders, couriers: drawnCouriers }, travel: ridesAlong(city.streets) };
}

/**
 * Computes rides along the streets. A ride from or to a place off the streets includes the distance to the nearest one.
 */
function ridesAlong(streets: Streets): TravelSeconds {
  const ways = new Routes(streets);
  return (from, to) => {
    const [start, end] = [ways.snap(from), ways.snap(to)];
    return (start.offMeters + ways.metersBetween(start, end) + end.offMeters) / METERS_PER_SECOND;
  };
}
