import type { Stack } from './stack.js';

export const USAGE_KINDS = [
  'reads',
  'indexReads',
  'listenerReads',
  'ruleReads',
  'aggregationReads',
  'writes',
  'deletes',
] as const;

/** Billed operations of one caller in one collection, as the emulator's meter counts them. */
export type Usage = Record<(typeof USAGE_KINDS)[number], number>;

/** The emulator's price list: per 100,000 documents, and per million invocations. */
export interface Prices {
  asOf: string;
  location: string;
  currency: string;
  reads: number;
  writes: number;
  deletes: number;
  invocations: number;
}

export interface Bill {
  prices: Prices;
  callers: Readonly<Record<string, Readonly<Record<string, Usage>>>>;
}

const meterUrl = ({ host, ports, projectId }: Stack) =>
  `http://${host}:${ports.firestore}/emulator/v1/projects/${projectId}:billing`;

export async function resetBill(stack: Stack): Promise<void> {
  await fetch(meterUrl(stack), { method: 'DELETE', headers: { authorization: 'Bearer owner' } });
}

export async function readBill(stack: Stack): Promise<Bill> {
  const response = await fetch(meterUrl(stack), { headers: { authorization: 'Bearer owner' } });
  // The response of the project's own emulator. Its tests check the shape.
  return (await response.json()) as Bill;
}

export interface Operations {
  reads: number;
  writes: number;
  deletes: number;
}

/** Operations of an order without those of moving couriers (presence and live positions). */
export interface BillByPart {
  core: Operations;
  /** Of a zone that checks risky orders: a placing reads how its customer is related to the restaurant. */
  triage: Operations;
  tracking: Operations;
  /** The feed, restaurants, menus, reviews and favourites that apps read before an order exists. */
  browsing: Operations;
}

/** The sweep costs the same per minute with ten orders as with ten thousand. */
const SWEEP = 'function:sweep';

const PLACING = 'function:placeOrder';
const FEED = 'function:discover';

/**
 * Splits a bill into its parts. A courier's own writes to `couriers` are presence, each with one read by the courier's
 * own listener. All operations on `couriers/live` are tracking.
 */
export function splitBill({ callers }: Bill): BillByPart {
  const core: Operations = { reads: 0, writes: 0, deletes: 0 };
  const triage: Operations = { reads: 0, writes: 0, deletes: 0 };
  const tracking: Operations = { reads: 0, writes: 0, deletes: 0 };
  const browsing: Operations = { reads: 0, writes: 0, deletes: 0 };
  for (const [caller, collections] of Object.entries(callers)) {
    if (caller === SWEEP) continue;
    for (const [collection, usage] of Object.entries(collections)) {
      const isPresence = caller.startsWith('user:') && collection === 'couriers';
      const isOfUser = caller.startsWith('user:') && /^restaurants|^users\/favourites$/.test(collection);
      const isBrowsing = isOfUser || caller === FEED;
      if (collection === 'couriers/live') add(tracking, usage);
      else if (isBrowsing) add(browsing, usage);
      else if (caller === PLACING && collection === 'links') add(triage, usage);
      else if (isPresence) addPresence(core, tracking, usage);
      else add(core, usage);
    }
  }
  return { core, triage, tracking, browsing };
}

function add(to: Operations, usage: Usage): void {
  to.reads += usage.reads + usage.indexReads + usage.listenerReads + usage.ruleReads + usage.aggregationReads;
  to.writes += usage.writes;
  to.deletes += usage.deletes;
}

function addPresence(core: Operations, tracking: Operations, usage: Usage): void {
  const echoes = Math.min(usage.listenerReads, usage.writes);
  tracking.writes += usage.writes;
  tracking.reads += echoes;
  add(core, { ...usage, writes: 0, listenerReads: usage.listenerReads - echoes });
}

export const countOperations = ({ reads, writes, deletes }: Operations) => reads + writes + deletes;

/** Returns the cost of operations in the currency of the price list. */
export function computeCost({ reads, writes, deletes }: Operations, prices: Prices): number {
  return (reads * prices.reads + writes * prices.writes + deletes * prices.deletes) / 100_000;
}

export function computePrice(usage: Usage, prices: Prices): number {
  const operations: Operations = { reads: 0, writes: 0, deletes: 0 };
  add(operations, usage);
  return computeCost(operations, prices);
}

/** Groups the bill by kind of caller: each function by its name, the users by their role. */
export function groupByCaller({ callers }: Bill): Map<string, [collection: string, usage: Usage][]> {
  const kinds = new Map<string, [string, Usage][]>();
  for (const [caller, collections] of Object.entries(callers)) {
    const kind = caller.replace(/^user:(\w+)-\d+$/, '$1s');
    kinds.set(kind, [...(kinds.get(kind) ?? []), ...Object.entries(collections)]);
  }
  return kinds;
}
