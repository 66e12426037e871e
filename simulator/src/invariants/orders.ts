import type { Order, OrderFlag, OrderStatus } from '../../../functions/src/contract/orders.js';
import { listIf } from './breach.js';
import { FINAL, type Books } from './snapshot.js';

const GRACE_MS = 150_000;

export function deadlineBreaches(id: string, { status, due }: Order, { nowMs, graceMs = GRACE_MS }: Books): string[] {
  const needsDue = !FINAL.includes(status);
  return [
    ...listIf(needsDue && due === null, `order ${id}: ${status} without a deadline`),
    ...listIf(
      FINAL.includes(status) && due !== null && due.kind !== 'settle' && due.kind !== 'payOut',
      `order ${id}: ${status}, but has the deadline ${due?.kind}`,
    ),
    ...listIf(
      due !== null && due.atMs + graceMs < nowMs,
      `order ${id}: the deadline ${due?.kind} passed ${nowMs - (due?.atMs ?? 0)} ms ago`,
    ),
  ];
}

export function eventBreaches(id: string, { events, status }: Order): string[] {
  const numbered = events.every((event, index) => event.n === index + 1);
  const chained = events.every((event, index) => event.from === (index === 0 ? null : events[index - 1]?.to));
  const inTime = events.every((event, index) => event.atMs >= (events[index - 1]?.atMs ?? 0));
  return [
    ...listIf(!numbered, `order ${id}: events are not numbered 1..n`),
    ...listIf(!chained || events.at(-1)?.to !== status, `order ${id}: replaying the events does not give ${status}`),
    ...listIf(!inTime, `order ${id}: events are not in chronological order`),
    ...listIf(
      new Set(events.map((event) => event.causeId)).size !== events.length,
      `order ${id}: one cause was applied twice`,
    ),
    ...listIf(openAssignments(events) > 1, `order ${id}: assigned to two couriers at once`),
  ];
}

/**
 * Returns the largest number of simultaneous assignments. An `unassign` or `cancel` in between ends the earlier one.
 */
function openAssignments(events: Order['events']): number {
  let open = 0;
  let most = 0;
  for (const { action } of events) {
    if (action === 'assign') open += 1;
    if (action === 'unassign' || action === 'cancel') open = 0;
    most = Math.max(most, open);
  }
  return most;
}

/** The flags that are possible in each status; in any other there are none. */
const POSSIBLE: Partial<Record<OrderStatus, readonly OrderFlag['kind'][]>> = {
  scheduled: ['risk'],
  placed: ['acceptance_late', 'codes_locked', 'risk'],
  accepted: ['kitchen_late', 'no_courier', 'codes_locked', 'risk'],
  preparing: ['kitchen_late', 'no_courier', 'codes_locked', 'risk'],
  ready: ['no_courier', 'pick_up_late', 'codes_locked', 'risk'],
  picked_up: ['delivery_late', 'proof_doubted', 'codes_locked', 'risk'],
  undeliverable: ['undeliverable', 'proof_doubted', 'codes_locked', 'risk'],
};
/** Wrong guesses after which a PIN or code is locked. */
const LOCKED_AT = 5;

/** The flags agree with the order, are each there once, and the oldest is the one by which operators' query sorts. */
export function flagBreaches(id: string, order: Order, { nowMs }: Books): string[] {
  const { status, flags = [], flaggedSinceMs, createdAtMs } = order;
  const kinds = flags.map(({ kind }) => kind);
  const oldestMs = flags.length === 0 ? undefined : Math.min(...flags.map(({ sinceMs }) => sinceMs));
  const missing = listRequiredFlags(order).filter((kind) => !kinds.includes(kind));
  const stray = kinds.filter((kind) => !POSSIBLE[status]?.includes(kind));
  return [
    ...listIf(missing.length > 0, `order ${id}: ${status}, not flagged as ${missing.join(', ')}`),
    ...listIf(stray.length > 0, `order ${id}: ${status}, but flagged as ${stray.join(', ')}`),
    ...listIf(new Set(kinds).size !== kinds.length, `order ${id}: flagged twice as the same`),
    ...listIf(oldestMs !== flaggedSinceMs, `order ${id}: flagged since ${oldestMs}, sorted by ${flaggedSinceMs}`),
    ...listIf(
      flags.some(({ sinceMs }) => sinceMs < createdAtMs || sinceMs > nowMs),
      `order ${id}: flagged at an impossible time`,
    ),
  ];
}

function listRequiredFlags(order: Order): OrderFlag['kind'][] {
  const { status, kind, courierId, rider, wrongPins = 0, wrongCodes = 0 } = order;
  if (!POSSIBLE[status]) return [];
  const waitsForCourier = status === 'ready' && kind === 'delivery' && courierId === null && !rider;
  return [
    ...(status === 'undeliverable' ? (['undeliverable'] as const) : []),
    ...(waitsForCourier ? (['no_courier'] as const) : []),
    ...(Math.max(wrongPins, wrongCodes) >= LOCKED_AT ? (['codes_locked'] as const) : []),
  ];
}
