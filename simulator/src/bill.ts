import type { Stack } from './stack.js';

/** Billed operations of one caller in one collection, as the emulator's meter has them. */
interface Usage {
  reads: number;
  listenerReads: number;
  ruleReads: number;
  aggregationReads: number;
  writes: number;
  deletes: number;
}

export interface Bill {
  callers: Readonly<Record<string, Readonly<Record<string, Usage>>>>;
}

const meterUrl = ({ host, ports, projectId }: Stack) =>
  `http://${host}:${ports.firestore}/emulator/v1/projects/${projectId}:billing`;

export async function resetBill(stack: Stack): Promise<void> {
  await fetch(meterUrl(stack), { method: 'DELETE', headers: { authorization: 'Bearer owner' } });
}

export async function readBill(stack: Stack): Promise<Bill> {
  const response = await fetch(meterUrl(stack), { headers: { authorization: 'Bearer owner' } });
  // Our own emulator's answer; its shape is tested there.
  return (await response.json()) as Bill;
}

export interface Operations {
  reads: number;
  writes: number;
  deletes: number;
}

/** What an order's way costs, apart from what moving couriers cost: presence and live positions. */
export interface BillByPart {
  core: Operations;
  tracking: Operations;
  /** Restaurants and menus read by apps: before there is an order. */
  browsing: Operations;
}

/**
 * Splits a bill. A courier's own writes to `couriers` are presence, each with one read by the courier's own listener;
 * all that concerns `couriers/live` is tracking.
 */
export function splitBill({ callers }: Bill): BillByPart {
  const core: Operations = { reads: 0, writes: 0, deletes: 0 };
  const tracking: Operations = { reads: 0, writes: 0, deletes: 0 };
  const browsing: Operations = { reads: 0, writes: 0, deletes: 0 };
  for (const [caller, collections] of Object.entries(callers)) {
    for (const [collection, usage] of Object.entries(collections)) {
      const isPresence = caller.startsWith('user:') && collection === 'couriers';
      const isBrowsing = caller.startsWith('user:') && collection.startsWith('restaurants');
      if (collection === 'couriers/live') add(tracking, usage);
      else if (isBrowsing) add(browsing, usage);
      else if (isPresence) addPresence(core, tracking, usage);
      else add(core, usage);
    }
  }
  return { core, tracking, browsing };
}

function add(to: Operations, usage: Usage): void {
  to.reads += usage.reads + usage.listenerReads + usage.ruleReads + usage.aggregationReads;
  to.writes += usage.writes;
  to.deletes += usage.deletes;
}

function addPresence(core: Operations, tracking: Operations, usage: Usage): void {
  const echoes = Math.min(usage.listenerReads, usage.writes);
  tracking.writes += usage.writes;
  tracking.reads += echoes;
  add(core, { ...usage, writes: 0, listenerReads: usage.listenerReads - echoes });
}

export const totalOf = ({ reads, writes, deletes }: Operations) => reads + writes + deletes;

/** US dollars for so many operations at Firestore's nam5 list price (per 100,000; November 2026). */
export function dollarsFor({ reads, writes, deletes }: Operations): number {
  return (reads * 0.06 + writes * 0.18 + deletes * 0.02) / 100_000;
}
