import type { Courier } from '../../functions/src/contract/couriers.js';
import type { Journal, Order } from '../../functions/src/contract/orders.js';
import { isFinal } from '../../functions/src/orders/order-state.js';

export interface Stored<T> {
  id: string;
  data: T;
}

/** The database as it stands, at a moment. */
export interface Facts {
  nowMs: number;
  orders: readonly Stored<Order>[];
  couriers: readonly Stored<Courier>[];
  journals: readonly Stored<Journal>[];
}

export interface Check {
  name: string;
  /** What breaks it, with ids; empty when it holds. */
  violations: string[];
}

/** A deadline may be this late: the sweep comes once a minute and takes a batch at a time. */
const LATE_MS = 5 * 60_000;
const MAX_ACTIVE = 2;

/** The invariants of the domain, each with whatever breaks it. */
export function checkInvariants(facts: Facts): Check[] {
  return [
    { name: 'every journal sums to zero', violations: unbalancedJournals(facts) },
    { name: 'per order authorised ≥ captured ≥ refunded, and the ledger has what was captured', violations: wrongMoney(facts) },
    { name: 'every order that is not final has a live deadline', violations: withoutDeadline(facts) },
    { name: 'no hold outlives its order', violations: orphanHolds(facts) },
    { name: 'a courier holds at most two deliveries, of orders that name the courier', violations: wrongCouriers(facts) },
    { name: 'an order is assigned at most once at a time', violations: doubleAssignments(facts) },
    { name: 'events are numbered without a gap and replay to the status', violations: brokenEvents(facts) },
    { name: 'one cause is applied once', violations: repeatedCauses(facts) },
  ];
}

/** What stands on each account, in minor units. */
export function balancesOf(journals: readonly Stored<Journal>[]): Map<string, number> {
  const balances = new Map<string, number>();
  for (const { account, amountMinor } of journals.flatMap((journal) => journal.data.entries)) {
    balances.set(account, (balances.get(account) ?? 0) + amountMinor);
  }
  return balances;
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

function unbalancedJournals({ journals }: Facts): string[] {
  return journals.filter(({ data }) => sum(data.entries.map((entry) => entry.amountMinor)) !== 0).map(({ id }) => id);
}

function wrongMoney({ orders, journals }: Facts): string[] {
  const settled = new Map<string, number>();
  for (const { data } of journals.filter((journal) => journal.data.kind === 'settlement')) {
    const amount = sum(data.entries.filter((entry) => entry.account === 'stripe').map((entry) => entry.amountMinor));
    settled.set(data.orderId, (settled.get(data.orderId) ?? 0) + amount);
  }
  return orders.flatMap(({ id, data: { payment } }) => {
    const ordered = payment.authorizedMinor >= payment.capturedMinor && payment.capturedMinor >= payment.refundedMinor;
    const inLedger = settled.get(id) ?? 0;
    if (!ordered) return [`${id}: authorised ${payment.authorizedMinor}, captured ${payment.capturedMinor}`];
    return inLedger === payment.capturedMinor ? [] : [`${id}: captured ${payment.capturedMinor}, ledger ${inLedger}`];
  });
}

function withoutDeadline({ orders, nowMs }: Facts): string[] {
  return orders.flatMap(({ id, data: { status, due } }) => {
    if (due === null) return isFinal(status) ? [] : [`${id}: ${status} without a deadline`];
    return due.atMs + LATE_MS < nowMs ? [`${id}: ${status}, ${due.kind} was due ${nowMs - due.atMs} ms ago`] : [];
  });
}

function orphanHolds({ orders }: Facts): string[] {
  return orders
    .filter(({ data: { status, due, payment } }) => isFinal(status) && due === null && payment.status === 'authorized')
    .map(({ id, data }) => `${id}: ${data.status} with a hold`);
}

function wrongCouriers({ couriers, orders }: Facts): string[] {
  const carrierOf = new Map(orders.map(({ id, data }) => [id, data.courierId]));
  return couriers.flatMap(({ id, data }) => {
    const active = Object.keys(data.active);
    const strays = active.filter((orderId) => carrierOf.get(orderId) !== id).map((orderId) => `${id} carries ${orderId}`);
    const load = active.length + (data.offer ? 1 : 0);
    return [
      ...strays,
      ...(active.length > MAX_ACTIVE ? [`${id} carries ${active.length}`] : []),
      ...(load === data.load ? [] : [`${id}: load ${data.load}, in fact ${load}`]),
    ];
  });
}

/** Assignments and withdrawals alternate. */
function doubleAssignments({ orders }: Facts): string[] {
  return orders.flatMap(({ id, data }) => {
    const turns = data.events.map((event) => event.action).filter((action) => ['assign', 'unassign', 'restore'].includes(action));
    return turns.some((action, index) => action === 'assign' && turns[index + 1] === 'assign') ? [id] : [];
  });
}

function brokenEvents({ orders }: Facts): string[] {
  return orders.flatMap(({ id, data: { events, status } }) => {
    const numbered = events.every((event, index) => event.n === index + 1);
    const chained = events.every((event, index) => event.from === (events[index - 1]?.to ?? null));
    return numbered && chained && events.at(-1)?.to === status ? [] : [`${id}: ${events.map((event) => event.to).join(' → ')}`];
  });
}

function repeatedCauses({ orders }: Facts): string[] {
  return orders
    .filter(({ data }) => new Set(data.events.map((event) => event.causeId)).size !== data.events.length)
    .map(({ id }) => id);
}
