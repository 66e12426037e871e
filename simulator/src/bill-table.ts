import { groupByCaller, computePrice, USAGE_KINDS, type Bill, type Usage } from './bill.js';

type Row = readonly string[];

const TITLES: Readonly<Record<keyof Usage, string>> = {
  reads: 'reads',
  indexReads: 'of indexes',
  listenerReads: 'by listeners',
  ruleReads: 'by rules',
  aggregationReads: 'aggregated',
  writes: 'writes',
  deletes: 'deletes',
};

/** Returns operations per order and cost per 1,000 orders, by kind of caller and by collection. */
export function moneyTables(bill: Bill, orders: number): { byCaller: Row[]; byCollection: Row[] } {
  const callers = groupByCaller(bill);
  const collections = new Map<string, Usage>();
  for (const usages of callers.values()) for (const [collection, usage] of usages) add(collections, collection, usage);
  const whole = new Map([...callers].map(([caller, usages]) => [caller, sum(usages.map(([, usage]) => usage))]));
  return {
    byCaller: moneyRows('caller', whole, bill, orders),
    byCollection: moneyRows('collection', collections, bill, orders),
  };
}

function moneyRows(title: string, usages: ReadonlyMap<string, Usage>, bill: Bill, orders: number): Row[] {
  const { currency, location, asOf } = bill.prices;
  const row = (name: string, usage: Usage): Row => [
    name,
    ...USAGE_KINDS.map((kind) => (usage[kind] === 0 ? '·' : (usage[kind] / orders).toFixed(1))),
    ((computePrice(usage, bill.prices) * 1000) / orders).toFixed(3),
  ];
  const dearest = [...usages].toSorted(([, a], [, b]) => computePrice(b, bill.prices) - computePrice(a, bill.prices));
  return [
    [title, ...USAGE_KINDS.map((kind) => TITLES[kind]), `${currency} per 1,000 orders (${location}, ${asOf})`],
    ...dearest.map(([name, usage]) => row(name, usage)),
    row('all', sum(usages.values())),
  ];
}

function add(usages: Map<string, Usage>, name: string, usage: Usage): void {
  usages.set(name, sum([usages.get(name) ?? sum([]), usage]));
}

function sum(usages: Iterable<Usage>): Usage {
  const total: Usage = {
    reads: 0,
    indexReads: 0,
    listenerReads: 0,
    ruleReads: 0,
    aggregationReads: 0,
    writes: 0,
    deletes: 0,
  };
  for (const usage of usages) for (const kind of USAGE_KINDS) total[kind] += usage[kind];
  return total;
}
