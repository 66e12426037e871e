import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Place } from '../../../functions/src/contract/common.js';
import { Vehicle } from '../../../functions/src/contract/couriers.js';
import type { Service, TravelSeconds } from '../../../functions/src/dispatch/model/route.js';
import type { Random } from '../random.js';

const Point = z.strictObject({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) });
const Minutes = z.number().min(0).max(100_000);

/** An evening to dispatch. Times are minutes from its beginning. */
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
  const kitchens = new Map(restaurants?.map((row) => [row['restaurant'], pointOf(row)]));
  return DataSet.parse({
    orders: orders?.map((row) => ({
      id: row['order'],
      pickUpAt: kitchens.get(row['restaurant']),
      dropOffAt: pointOf(row),
      placedMinute: Number(row['placement_time']),
      readyMinute: Number(row['ready_time']),
    })),
    couriers: couriers?.map((row) => ({
      id: row['courier'],
      at: pointOf(row),
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

/** `x` and `y` in metres are put at the equator, where a degree is as long one way as the other. */
function pointOf(row: Record<string, string>): Place {
  const degrees = (name: string) => Number(row[name]) / METERS_PER_DEGREE;
  return 'lat' in row ? { lat: Number(row['lat']), lng: Number(row['lng']) } : { lat: degrees('y'), lng: degrees('x') };
}

export interface Load {
  ordersPerCourierHour: number;
  /** From whatever kitchen somebody last was at to the next, to the door, and standing at both. */
  minutesPerOrder: number;
  /** Of the couriers' time, that all orders take so: from 1 on only the order in which they are carried can help. */
  load: number;
  /** From the order to the door, were a courier waiting at every counter: no way to dispatch comes below. */
  atBestMinutes: number;
}

/** How much there is to do for how many. */
export function loadOf({ orders, couriers }: DataSet, travel: TravelSeconds, service: Service): Load {
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
/** Of a day's orders, in each hour from ten in the morning: a lunch and a longer evening. */
const ORDERS_BY_HOUR = [1, 3, 7, 6, 3, 2, 3, 6, 12, 13, 9, 5, 2];
const METERS = 11_000;

/** A day of a city: kitchens in clusters, doors around them, couriers on shifts that follow the orders. */
export function drawDataSet(random: Random, { orders, couriers }: { orders: number; couriers: number }): DataSet {
  const at = (x: number, y: number): Place => ({ lat: y / METERS_PER_DEGREE, lng: x / METERS_PER_DEGREE });
  const near = (center: readonly [number, number], meters: number): [number, number] => {
    const [angle, distance] = [random.next() * 2 * Math.PI, random.next() * meters];
    return [center[0] + Math.cos(angle) * distance, center[1] + Math.sin(angle) * distance];
  };
  const centers = Array.from({ length: 6 }, () => [random.next() * METERS, random.next() * METERS] as const);
  const kitchens = Array.from({ length: Math.ceil(orders / 5) }, () => near(random.pick(centers), 1800));
  const total = ORDERS_BY_HOUR.reduce((sum, share) => sum + share, 0);
  const hourOf = (share: number): number => {
    let left = share * total;
    for (const [hour, part] of ORDERS_BY_HOUR.entries()) if ((left -= part) < 0) return hour;
    return HOURS - 1;
  };
  return {
    orders: Array.from({ length: orders }, (_, index) => {
      const kitchen = random.pick(kitchens);
      const placedMinute = hourOf(random.next()) * 60 + random.next() * 60;
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
      const onMinute = Math.max(0, hourOf(random.next()) * 60 - 60);
      return { id: `c${index + 1}`, at: at(...near(random.pick(centers), 3000)), onMinute, offMinute: onMinute + 180 };
    }),
  };
}
