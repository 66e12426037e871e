import { EVENT_LABELS, SIDE_EVENTS, type SideEvent } from './events.js';
import type { Check } from './invariants.js';

/** From this number of orders on a run has every event of the mix. */
const WHOLE_MIX_ORDERS = 300;

/** Checks that each event of the mix happened in a run of many orders; null for a shorter run, which has only some. */
export function checkMix(happened: ReadonlyMap<SideEvent, number>, orders: number): Check | null {
  if (orders < WHOLE_MIX_ORDERS) return null;
  const missing = SIDE_EVENTS.filter((what) => (happened.get(what) ?? 0) === 0);
  return {
    name: 'every event of the mix happened',
    breaches: missing.map((what) => `never in ${orders} orders: ${EVENT_LABELS[what]}`),
  };
}
