import type { Courier, Found, Order } from '../../../../clients/typescript/src/index.js';

/** How long the search for a courier goes on before an operator assigns one; the city's clock runs fast. */
const SEARCH_MS = 10_000;

type Flagged = Pick<Order, 'status' | 'flags' | 'scheduledForMs' | 'searchEndedAtMs' | 'triageMinutes'>;

/**
 * Decides what an operator does about a flagged order at `nowMs`: checks a risky one that waits for it, or assigns a
 * courier once the search has ended or takes long. Null: it can wait.
 */
export function decideOnFlags(order: Flagged, nowMs: number): 'triage' | 'assign' | null {
  const { status, flags = [], scheduledForMs, searchEndedAtMs, triageMinutes } = order;
  const since = (kind: string) => flags.find((flag) => flag.kind === kind)?.sinceMs;
  if (triageMinutes !== undefined && status === 'scheduled' && scheduledForMs === null) return 'triage';
  const missingSinceMs = since('no_courier');
  if (missingSinceMs === undefined) return null;
  return searchEndedAtMs !== undefined || nowMs - missingSinceMs >= SEARCH_MS ? 'assign' : null;
}

/**
 * Decides what an operator does for a person who wrote about an order: takes the steps of a kitchen that does not
 * answer, gives the food on board to another courier, or answers only.
 */
export function decideOnMessage(
  { status, courierId, customerId }: Pick<Order, 'status' | 'courierId' | 'customerId'>,
  from: string,
): 'stepIn' | 'handOver' | 'answer' {
  if (status === 'placed' && from === customerId) return 'stepIn';
  return status === 'picked_up' && from === courierId ? 'handOver' : 'answer';
}

/** Chooses a courier who carries nothing and has no offer; null where each one online is busy. */
export function chooseFreeCourier(online: readonly Found<Courier>[], except: string | null): string | null {
  const free = online.filter(({ id, data }) => id !== except && data.load === 0 && data.offer === null);
  return free.map(({ id }) => id).toSorted()[0] ?? null;
}
