import type { Order } from '../../../functions/src/contract/orders.js';
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
