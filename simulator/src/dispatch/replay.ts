import { distanceMeters } from '../../../functions/src/core/geo.js';
import type { Service, TravelSeconds } from '../../../functions/src/dispatch/model/route.js';
import {
  PORT_OFFSET,
  readOptions,
  withUsageErrors,
  applyPortOffset,
  UsageError,
} from '../../../local/src/command-line.js';
import { tableLines } from '../../../local/src/terminal.js';
import { Random } from '../random.js';
import { isReproducible } from '../../../functions/src/dispatch/model/plan.js';
import { drawCityDinner } from './city-dinner.js';
import { readFileDecisions, readStackDecisions, type StoredDecisions } from './decisions.js';
import { drawDataSet, computeLoad, readDataSet, type DataSet } from './data-set.js';
import { replayDataSet, type ReplayResult, type Policy } from './replay-data-set.js';
import { matching, nearestIdle } from './policies.js';

const HELP = `Usage: npm run dispatch:replay -- [--data PATH] [options]

       npm run dispatch:replay -- --decisions FILE | --stack

Replays a day of orders under three dispatch policies and prints the results side by side: the nearest idle courier as
soon as an order is placed, matching one order to a courier, and matching with stacking. The same data and seed give the
same figures.

  --data PATH         a JSON file, or a folder with orders.txt, restaurants.txt and couriers.txt (tab-separated);
                      default: a drawn city
  --orders N          number of orders of the drawn city (default 1500)
  --couriers N        number of couriers of the drawn city (default 200)
  --seed N            seed of the drawn city (default 1)
  --city              a dinner in the simulated city instead, along its streets (default 200 orders and 16 couriers,
                      which gives each courier as much work as in the public data set)
  --meters-per-minute N   speed of the couriers (default 320)
  --service-minutes N     time at a counter and at a customer's door (default 4)
  --window-seconds N      interval of matching (default 30)
  --look-ahead-minutes N  how long before an order is ready it is matched (default 10)
  --promise-minutes N     promised time from order to door; later deliveries count as late (default 40)

  --decisions FILE    instead: replays the decisions in a JSON file; exits with code 1 if a result differs
  --stack             the same with the decisions of the running stack (npm start)
  --port-offset N     port offset of that stack

Dispatch stores its decisions in zones/{zone}/matches: { "atMs", "input", "result", … }. A file holds an array of them.
JSON: { "orders": [{ "id", "pickUpAt": { "lat", "lng" }, "dropOffAt": { "lat", "lng" }, "placedMinute", "readyMinute" }],
        "couriers": [{ "id", "at": { "lat", "lng" }, "onMinute", "offMinute" }] }
Text: orders.txt has the columns order, x, y, placement_time, restaurant, ready_time; restaurants.txt restaurant, x, y;
      couriers.txt courier, x, y, on_time, off_time. x and y are metres (or lat and lng), times minutes.
`;

const NUMBERS = {
  orders: 1500,
  couriers: 200,
  seed: 1,
  'meters-per-minute': 320,
  'service-minutes': 4,
  'window-seconds': 30,
  'look-ahead-minutes': 10,
  'promise-minutes': 40,
} as const;
type NumberName = keyof typeof NUMBERS;

async function main(args: readonly string[]): Promise<void> {
  const option = { type: 'string' } as const;
  const names: NumberName[] = Object.keys(NUMBERS).filter((name): name is NumberName => name in NUMBERS);
  const values: Readonly<Record<string, string | boolean | undefined>> = readOptions(args, HELP, {
    stack: { type: 'boolean' },
    city: { type: 'boolean' },
    decisions: option,
    data: option,
    ...PORT_OFFSET,
    ...Object.fromEntries(names.map((name) => [name, option])),
  });
  withUsageErrors(() => applyPortOffset(String(values['port-offset'])));
  if (values.stack === true || typeof values.decisions === 'string') {
    const stored =
      typeof values.decisions === 'string' ? await readFileDecisions(values.decisions) : await readStackDecisions();
    return report(stored);
  }
  const given = new Map(Object.entries(values));
  const number = (name: NumberName): number => withUsageErrors(() => positive(name, given.get(name) ?? NUMBERS[name]));
  if (values.city === true) {
    const size = withUsageErrors(() => ({
      orders: positive('orders', given.get('orders') ?? 200),
      couriers: positive('couriers', given.get('couriers') ?? 16),
    }));
    const { dataSet, travel } = drawCityDinner(number('seed'), size);
    const minutes = (name: NumberName) =>
      withUsageErrors(() => positive(name, given.get(name) ?? (name === 'service-minutes' ? 2 : NUMBERS[name])));
    for (const line of compare(dataSet, minutes, travel)) console.log(line);
    return;
  }
  const dataSet =
    typeof values.data === 'string'
      ? await readDataSet(values.data)
      : drawDataSet(new Random(number('seed')), { orders: number('orders'), couriers: number('couriers') });
  for (const line of compare(dataSet, number)) console.log(line);
}

function report({ decisions, unreadable }: StoredDecisions): void {
  const cut = decisions.filter(({ decision }) => decision.leftOut?.isReproducible === false);
  const different = decisions.filter((one) => !cut.includes(one) && !isReproducible(one.decision));
  const identical = decisions.length - cut.length - different.length;
  const offers = decisions.reduce((sum, { decision }) => sum + decision.result.matches.length, 0);
  console.log(
    `${decisions.length} decisions, ${offers} matches: ${identical} identical, ${different.length} different`,
  );
  for (const { name } of cut) console.log(`  not replayable (its input was too large to store): ${name}`);
  for (const { name } of different) console.log(`  different: ${name}`);
  for (const name of unreadable)
    console.log(`  not readable (another version of the contract, or no decision): ${name}`);
  if (different.length + unreadable.length > 0) process.exitCode = 1;
}

function positive(name: string, value: unknown): number {
  const number = Number(value);
  if (!(number > 0)) throw new UsageError(`--${name} is "${String(value)}", but it takes a number above 0`);
  return number;
}

function compare(dataSet: DataSet, number: (name: NumberName) => number, streets?: TravelSeconds): string[] {
  const metersPerSecond = number('meters-per-minute') / 60;
  const travel: TravelSeconds = streets ?? ((from, to) => distanceMeters(from, to) / metersPerSecond);
  const serviceSeconds = number('service-minutes') * 60;
  const service = { pickUpSeconds: serviceSeconds, dropOffSeconds: serviceSeconds };
  const world = { travel, service, windowSeconds: number('window-seconds'), promiseMinutes: number('promise-minutes') };
  const soon = number('look-ahead-minutes');
  const live = (policy: Policy, lookAheadMinutes: number) =>
    replayDataSet(dataSet, policy, { ...world, lookAheadMinutes });
  const nearest = live(nearestIdle, Infinity);
  return [
    ...loadLines(dataSet, travel, service),
    ...tableLines([
      [
        '',
        'click to door, mean',
        'p90',
        'of nearest',
        'late, mean',
        'too late',
        'ETA off by, median',
        'undelivered',
        'km per order',
        'stacked',
        'slowest match',
      ],
      row('nearest idle courier', nearest, nearest),
      row('matching', live(matching(travel, service, 1), soon), nearest),
      row('matching, two at once', live(matching(travel, service, 2), soon), nearest),
    ]),
  ];
}

/**
 * Prints the load beside that of the public data set, where dispatch by nearest idle courier leaves 1,032 orders
 * undelivered.
 */
function loadLines(dataSet: DataSet, travel: TravelSeconds, service: Service): string[] {
  const { ordersPerCourierHour, minutesPerOrder, load, atBestMinutes } = computeLoad(dataSet, travel, service);
  return [
    `${dataSet.orders.length} orders, ${dataSet.couriers.length} couriers`,
    `${ordersPerCourierHour.toFixed(2)} orders per courier hour, each ${minutesPerOrder.toFixed(1)} min of riding and standing: load ${load.toFixed(2)}`,
    'public data set (grubhub/mdrplib, its ten original instances): 15,701 orders, 2,651 couriers',
    '1.84 orders per courier hour, each 34.6 min of riding and standing: load 1.06',
    `if a courier waited at every counter: ${atBestMinutes.toFixed(1)} min from click to door`,
  ];
}

function row(name: string, result: ReplayResult, nearest: ReplayResult): string[] {
  const { clickToDoorMinutes, lateMinutes, etaErrorMinutes, undelivered, meters, stacked, slowestMatchMs } = result;
  const delivered = clickToDoorMinutes.length;
  const p90 = clickToDoorMinutes.toSorted((a, b) => a - b)[Math.floor(0.9 * delivered)] ?? NaN;
  return [
    name,
    `${mean(clickToDoorMinutes).toFixed(1)} min`,
    `${p90.toFixed(1)} min`,
    (mean(clickToDoorMinutes) / mean(nearest.clickToDoorMinutes)).toFixed(2),
    `${mean(lateMinutes).toFixed(1)} min`,
    `${Math.round((100 * (lateMinutes.filter((minutes) => minutes > 0).length + undelivered)) / (delivered + undelivered))} %`,
    `${median(etaErrorMinutes).toFixed(1)} min`,
    `${undelivered}`,
    (meters / 1000 / delivered).toFixed(2),
    `${Math.round((100 * stacked) / delivered)} %`,
    `${slowestMatchMs.toFixed(0)} ms`,
  ];
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
