import type { Order } from '../../clients/typescript/src/index.js';
import { computeCost, countOperations, type BillByPart, type Operations, type Prices } from './bill.js';
import type { PrepErrors } from './kitchens/compare.js';
import { EVENT_LABELS, SIDE_EVENTS, type SideEvent } from './events.js';
import { euros } from './narrator.js';

type Row = readonly string[];

/** How the orders ended, by status. */
export function endingRows(orders: readonly Order[]): Row[] {
  const statuses = [...new Set(orders.map((order) => order.status))].toSorted();
  return statuses.map((status) => [status, String(orders.filter((order) => order.status === status).length)]);
}

/** How often each event besides ordinary deliveries happened, zeros included, in two columns. */
export function sideEventRows(happened: ReadonlyMap<SideEvent, number>): Row[] {
  const cells = SIDE_EVENTS.map((what): Row => [EVENT_LABELS[what], String(happened.get(what) ?? 0)]);
  const half = Math.ceil(cells.length / 2);
  return cells.slice(0, half).map((left, index) => [...left, ...(cells[half + index] ?? [])]);
}

const STEPS: readonly (readonly [string, Order['events'][number]['action'], Order['events'][number]['action']])[] = [
  ['placed → paid', 'place', 'confirmPayment'],
  ['paid → accepted', 'confirmPayment', 'accept'],
  ['accepted → courier found', 'accept', 'assign'],
  ['accepted → ready', 'accept', 'markReady'],
  ['ready → picked up', 'markReady', 'pickUp'],
  ['picked up → delivered', 'pickUp', 'deliver'],
  ['placed → delivered', 'place', 'deliver'],
];

/** Seconds between the events of delivered orders, p50 and p95. */
export function stepRows(orders: readonly Order[]): Row[] {
  const rows = STEPS.map(([label, from, to]) => {
    const seconds = orders.flatMap((order) => secondsBetween(order, from, to)).toSorted((a, b) => a - b);
    return [label, `${percentile(seconds, 0.5)} s`, `${percentile(seconds, 0.95)} s`, String(seconds.length)];
  });
  return [['step', 'p50', 'p95', 'orders'], ...rows];
}

/** The mean absolute error of promised preparation times: with a fixed number, and with what was learned. */
export function prepRows({ fixed, hours, load, orders }: PrepErrors): Row[] {
  const row = (label: string, error: number): Row => [
    label,
    error.toFixed(1),
    `${Math.round((100 * error) / fixed)} %`,
  ];
  return [
    [`${orders} orders`, 'minutes off', ''],
    row("the kitchen's own number", fixed),
    row('learned by hour', hours),
    row('learned by hour and load', load),
  ];
}

function secondsBetween(order: Order, from: string, to: string): number[] {
  const at = (action: string) => order.events.find((event) => event.action === action)?.atMs;
  const [start, end] = [at(from), at(to)];
  return start === undefined || end === undefined ? [] : [(end - start) / 1000];
}

/** Nearest rank; a dash for an empty list. */
function percentile(sorted: readonly number[], share: number): string {
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return value === undefined ? '–' : value.toFixed(2);
}

/** Debits and credits of the ledger by kind of account; they sum to zero. */
export function ledgerRows(balances: ReadonlyMap<string, number>): Row[] {
  const byKind = new Map<string, number>();
  for (const [account, amountMinor] of balances) {
    const kind = account.split(':')[0] ?? account;
    byKind.set(kind, (byKind.get(kind) ?? 0) + amountMinor);
  }
  const sum = [...byKind.values()].reduce((total, amount) => total + amount, 0);
  return [...[...byKind].map(([kind, amount]): Row => [kind, euros(amount)]), ['sum', euros(sum)]];
}

/** Source: the project's budget for one delivered order. `npm run bill:naive` measures the naive flow. */
const LOWER_BOUND = { core: 37, tracking: 161, invocations: 8 };
const GOAL = { core: 46, withTracking: 250, invocations: 10 };
const NAIVE = { all: 2640, invocations: 257, dollars: 2.2 };

/** Operations and invocations per delivered order, beside the lower bound, the goal and the naive flow. */
export function billRows(
  { core, triage, tracking }: BillByPart,
  invocations: number,
  delivered: number,
  prices: Prices,
): Row[] {
  const per = (count: number) => (count / delivered).toFixed(1);
  const kinds = ({ reads, writes, deletes }: Operations) => `${per(reads)} / ${per(writes)} / ${per(deletes)}`;
  const all = {
    reads: core.reads + triage.reads + tracking.reads,
    writes: core.writes + triage.writes + tracking.writes,
    deletes: core.deletes + triage.deletes + tracking.deletes,
  };
  const perThousand = (dollars: number) => ((dollars * 1000) / delivered).toFixed(2);
  const called = perThousand((invocations * prices.invocations) / 1_000_000);
  return [
    ['per delivered order', 'measured', 'reads / writes / deletes', 'lower bound', 'goal', 'naive flow'],
    ['core operations', per(countOperations(core)), kinds(core), `${LOWER_BOUND.core}`, `≤ ${GOAL.core}`, ''],
    ['for the zone’s triage', per(countOperations(triage)), kinds(triage), '', '', ''],
    ['tracking operations', per(countOperations(tracking)), kinds(tracking), `${LOWER_BOUND.tracking}`, '', ''],
    [
      'all operations',
      per(countOperations(all)),
      kinds(all),
      `${LOWER_BOUND.core + LOWER_BOUND.tracking}`,
      `≤ ${GOAL.withTracking}`,
      `${NAIVE.all}`,
    ],
    [
      'function invocations',
      per(invocations),
      '',
      `${LOWER_BOUND.invocations}`,
      `≤ ${GOAL.invocations}`,
      `${NAIVE.invocations}`,
    ],
    [
      `${prices.currency} per 1,000 orders`,
      perThousand(computeCost(all, prices)),
      `Firestore, ${prices.location}; invocations ${called} more`,
      '0.23',
      '',
      NAIVE.dollars.toFixed(2),
    ],
  ];
}
