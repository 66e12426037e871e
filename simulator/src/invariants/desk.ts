import type { Journal, Order } from '../../../functions/src/contract/orders.js';
import { ACCOUNTS } from '../../../functions/src/ledger/model/chart.js';
import { listIf } from './breach.js';
import type { Books, NotificationLog } from './snapshot.js';

/**
 * An order is paid to the courier who carried it at its end, however often operators handed it over: no journal of it pays
 * another courier.
 */
export function handOverBreaches(id: string, { events, courierId }: Order, { ledger }: Books): string[] {
  const carriers = listFormerCarriers(events, courierId);
  if (carriers.length === 0) return [];
  const journals = ledger.filter(([, journal]) => journal.orderId === id);
  return carriers.flatMap((uid) =>
    listIf(
      journals.some(([, journal]) => pays(journal, uid)),
      `order ${id}: pays ${uid}, who handed it over to ${courierId}`,
    ),
  );
}

/** Returns the couriers whose food an operator gave to another one. */
function listFormerCarriers(events: Order['events'], courierId: string | null): string[] {
  const first = events.findIndex(({ action }) => action === 'handOver');
  if (first === -1) return [];
  const assigned = events.filter(({ action }) => action === 'assign' || action === 'handOver');
  const named = assigned.flatMap((event) => (event.courierId === undefined ? [] : [event.courierId]));
  return [...new Set(named)].filter((uid) => uid !== courierId);
}

const pays = ({ entries }: Pick<Journal, 'entries'>, uid: string): boolean =>
  entries.some(({ account }) => account === ACCOUNTS.courier(uid) || account === ACCOUNTS.held(uid));

/**
 * A risky order reaches the kitchen after its release only, or once an operator has restored it after rejecting it: no
 * step of the kitchen, and no push to its staff, before.
 */
export function triageBreaches(id: string, order: Order, { notifications }: Books): string[] {
  const { triageMinutes, events } = order;
  if (triageMinutes === undefined) return [];
  const released = events.find(({ action }) => action === 'release' || action === 'restore');
  const early = events.filter(({ by, n }) => by === 'merchant' && n < (released?.n ?? Infinity));
  const last = released?.n ?? Infinity;
  return [
    ...early.map(({ action, n }) => `order ${id}: the kitchen took step ${n}, ${action}, before the release`),
    ...listStaffPushes(id, order, last, notifications).map(
      (push) => `order ${id}: the kitchen received ${push} before the release`,
    ),
  ];
}

/** Returns the pushes to the kitchen's staff of events before number `end`. The id of a push names order and event. */
function listStaffPushes(
  id: string,
  { restaurantId }: Order,
  end: number,
  notifications: NotificationLog | undefined,
): string[] {
  if (!notifications) return [];
  const { phones, staff, pushes } = notifications;
  const uids = new Set(staff.filter(([restaurant]) => restaurant === restaurantId).map(([, uid]) => uid));
  const tokens = new Set(phones.filter(([uid]) => uids.has(uid)).map(([, token]) => token));
  return pushes.flatMap((push) => {
    const n = push.id.startsWith(`${id}-`) ? Number(push.id.slice(id.length + 1).split('-')[0]) : NaN;
    return tokens.has(push.token) && n < end ? [push.id] : [];
  });
}
