import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Place } from '../../../functions/src/contract/common.js';
import { Vehicle } from '../../../functions/src/contract/couriers.js';
import type { Service, TravelSeconds } from '../../../functions/src/dispatch/model/route.js';
import type { Random } from '../random.js';

const Point = z.strictObject({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) });
const Minutes = z.number().min(0).max(100_000);

/** Orders and couriers to dispatch. Times are minutes since the start of the data set. */
export const DataSet = z.strictObject({
  orders: z
    .array(
      z.strictObject({
        id: z.string(),
        pickUpAt: Point,
        dropOffAt: Point,
        placedMinute: Minutes,
        readyMinute: Minutes,
      }),
    )
    .min(1)
    .max(100_000),
  couriers: z
    .array(
      z.strictObject({ id: z.string(), at: Point, onMinute: Minutes, offMinute: Minutes, vehicle: Vehicle.optional() }),
    )
    .min(1)
    .max(10_000),
});
export type DataSet = z.infer<typeof DataSet>;

/** Reads a JSON file of that shape, or a folder with orders.txt, restaurants.txt and couriers.txt (tab-separated). */
export async function readDataSet(path: string): Promise<DataSet> {
  if (path.endsWith('.json')) return DataSet.parse(JSON.parse(await readFile(path, 'utf8')));
  const [orders, restaurants, couriers] = await Promise.all(
    ['orders', 'restaurants', 'couriers'].map(async (name) => table(await readFile(join(path, `${name}.txt`), 'utf8'))),
  );
  const kitchens = new Map(restaurants?.map((row) => [row['restaurant'], toPlace(row)]));
  return DataSet.parse({
    orders: orders?.map((row) => ({
      id: row['order'],
      pickUpAt: kitchens.get(row['restaurant']),
      dropOffAt: toPlace(row),
      placedMinute: Number(row['placement_time']),
      readyMinute: Number(row['ready_time']),
    })),
    couriers: couriers?.map((row) => ({
      id: row['courier'],
      at: toPlace(row),
      onMinute: Number(row['on_time']),
      offMinute: Number(row['off_time']),
    })),
  });
}

function table(text: string): Record<string, string>[] {
  const [head = '', ...lines] = text.trim().split('\n');
  const names = head.trim().split('\t');
  return lines.map((line) => {
    const cells = line.trim().split('\t');
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

/** Source: one degree at the equator, on the sphere that distances are measured on. */
const METERS_PER_DEGREE = 111_195;

/**
 * Reads `lat` and `lng`, or converts `x` and `y` in metres to a place at the equator, where degrees of latitude and
 * longitude are equally long.
 */
function toPlace(row: Record<string, string>): Place {
  const degrees = (name: string) => Number(row[name]) / METERS_PER_DEGREE;
  return 'lat' in row ? { lat: Number(row['lat']), lng: Number(row['lng']) } : { lat: degrees('y'), lng: degrees('x') };
}

export interface Load {
  ordersPerCourierHour: number;
  /** The ride from another kitchen to this one, the ride to the customer, and the service time at both. */
  minutesPerOrder: number;
  /**
   * The share of the couriers' time that all orders need. From 1 on, only the sequence of the orders can reduce delays.
   */
  load: number;
  /** Minutes from order to door if a courier waited at every counter: the lower bound for every dispatch policy. */
  atBestMinutes: number;
}

/** Computes how much work a data set has for its couriers. */
export function computeLoad({ orders, couriers }: DataSet, travel: TravelSeconds, service: Service): Load {
  const courierMinutes = couriers.reduce((sum, { onMinute, offMinute }) => sum + offMinute - onMinute, 0);
  const seconds = orders.reduce((sum, { pickUpAt, dropOffAt }, index) => {
    const other = orders[(index + Math.ceil(orders.length / 2)) % orders.length];
    return sum + travel(other?.pickUpAt ?? pickUpAt, pickUpAt) + travel(pickUpAt, dropOffAt);
  }, 0);
  const direct = orders.map(
    ({ pickUpAt, dropOffAt, placedMinute, readyMinute }) =>
      readyMinute - placedMinute + (service.pickUpSeconds + travel(pickUpAt, dropOffAt)) / 60,
  );
  const minutesPerOrder = (seconds / orders.length + service.pickUpSeconds + service.dropOffSeconds) / 60;
  return {
    ordersPerCourierHour: (60 * orders.length) / courierMinutes,
    minutesPerOrder,
    atBestMinutes: direct.reduce((sum, minutes) => sum + minutes, 0) / orders.length,
    load: (minutesPerOrder * orders.length) / courierMinutes,
  };
}

const HOURS = 13;
/** Shares of a day's orders by hour, from ten in the morning: a lunch peak and a longer dinner peak. */
const ORDERS_BY_HOUR = [1, 3, 7, 6, 3, 2, 3, 6, 12, 13, 9, 5, 2];
const METERS = 11_000;

/** Draws a day of a city: kitchens in clusters, customers around them, couriers on shifts that follow the orders. */
export function drawDataSet(random: Random, { orders, couriers }: { orders: number; couriers: number }): DataSet {
  const at = (x: number, y: number): Place => ({ lat: y / METERS_PER_DEGREE, lng: x / METERS_PER_DEGREE });
  const near = (center: readonly [number, number], meters: number): [number, number] => {
    const [angle, distance] = [random.next() * 2 * Math.PI, random.next() * meters];
    return [center[0] + Math.cos(angle) * distance, center[1] + Math.sin(angle) * distance];
  };
  const centers = Array.from({ length: 6 }, () => [random.next() * METERS, random.next() * METERS] as const);
  const kitchens = Array.from({ length: Math.ceil(orders / 5) }, () => near(random.pick(centers), 1800));
  const total = ORDERS_BY_HOUR.reduce((sum, share) => sum + share, 0);
  const toHour = (share: number): number => {
    let left = share * total;
    for (const [hour, part] of ORDERS_BY_HOUR.entries()) if ((left -= part) < 0) return hour;
    return HOURS - 1;
  };
  return {
    orders: Array.from({ length: orders }, (_, index) => {
      const kitchen = random.pick(kitchens);
      const placedMinute = toHour(random.next()) * 60 + random.next() * 60;
      const readyMinute = placedMinute + random.between(5, 37);
      return {
        id: `o${index + 1}`,
        pickUpAt: at(...kitchen),
        dropOffAt: at(...near(kitchen, 4000)),
        placedMinute,
        readyMinute,
      };
    }),
    couriers: Array.from({ length: couriers }, (_, index) => {
      const onMinute = Math.max(0, toHour(random.next()) * 60 - 60);
      return { id: `c${index + 1}`, at: at(...near(random.pick(centers), 3000)), onMinute, offMinute: onMinute + 180 };
    }),
  };
}
