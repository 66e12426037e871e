import type { Order } from '../../../functions/src/contract/orders.js';
import { when } from './breach.js';
import { FINAL, type Books } from './snapshot.js';

const GRACE_MS = 150_000;

export function deadlineBreaches(id: string, { status, due }: Order, { nowMs, graceMs = GRACE_MS }: Books): string[] {
  const needsDue = !FINAL.includes(status);
  return [
    ...when(needsDue && due === null, `order ${id}: ${status} without a deadline`),
    ...when(
      FINAL.includes(status) && due !== null && due.kind !== 'settle' && due.kind !== 'payOut',
      `order ${id}: ${status}, but ${due?.kind} is due`,
    ),
    ...when(
      due !== null && due.atMs + graceMs < nowMs,
      `order ${id}: ${due?.kind} is ${nowMs - (due?.atMs ?? 0)} ms late`,
    ),
  ];
}

export function eventBreaches(id: string, { events, status }: Order): string[] {
  const numbered = events.every((event, index) => event.n === index + 1);
  const chained = events.every((event, index) => event.from === (index === 0 ? null : events[index - 1]?.to));
  const inTime = events.every((event, index) => event.atMs >= (events[index - 1]?.atMs ?? 0));
  return [
    ...when(!numbered, `order ${id}: events are not numbered 1..n`),
    ...when(!chained || events.at(-1)?.to !== status, `order ${id}: replaying the events does not give ${status}`),
    ...when(!inTime, `order ${id}: events are not in time`),
    ...when(
      new Set(events.map((event) => event.causeId)).size !== events.length,
      `order ${id}: one cause was applied twice`,
    ),
    ...when(openAssignments(events) > 1, `order ${id}: assigned twice`),
  ];
}

/** Assignments not yet given back: a step between two of them lets the first courier go. */
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
