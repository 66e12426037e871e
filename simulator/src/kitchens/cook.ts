import type { Order, OrderEvent } from '../../../functions/src/contract/orders.js';
import { toMinuteOfWeek } from '../../../functions/src/hours/hours.js';
import type { Random } from '../random.js';

const MINUTE_MS = 60_000;
export const TIME_ZONE = 'Europe/Berlin';

/** How one simulated kitchen works. */
interface Habits {
  /** Minutes for an order at a quiet hour, with nothing else to cook. */
  baseMinutes: number;
  /** Minutes more at lunch and at dinner, when less can be prepared in advance. */
  lunchMinutes: number;
  dinnerMinutes: number;
  /** Minutes more at the weekend. */
  weekendMinutes: number;
  /** Minutes more for each other order. */
  perOrderMinutes: number;
  /** Orders per hour at the busiest hour. */
  ordersPerHour: number;
  /** How often the kitchen reports food as ready that is not. */
  hasty: number;
}

/** One order that a simulated kitchen cooked. */
export interface Cooked {
  atMs: number;
  /** Other orders in the kitchen at its acceptance. */
  load: number;
  /** How long it really took. */
  minutes: number;
  /** As its parties reported it. */
  order: Pick<Order, 'events' | 'kind' | 'scheduledForMs'>;
}

/** Draws a kitchen, and everything that it cooks between two times. */
export function runKitchen(random: Random, fromMs: number, toMs: number): Cooked[] {
  const habits = drawHabits(random);
  const cooked: Cooked[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += MINUTE_MS) {
    const hour = (toMinuteOfWeek(TIME_ZONE, atMs) / 60) % 24;
    if (!random.chance((habits.ordersPerHour / 60) * demandAt(hour))) continue;
    const load = cooked.slice(-40).filter((one) => one.atMs + one.minutes * MINUTE_MS > atMs).length;
    const minutes = drawMinutes(random, habits, atMs, load);
    cooked.push({ atMs, load, minutes, order: report(random, habits, atMs, minutes) });
  }
  return cooked;
}

function drawHabits(random: Random): Habits {
  return {
    baseMinutes: random.between(9, 16),
    lunchMinutes: random.between(2, 6),
    dinnerMinutes: random.between(6, 14),
    weekendMinutes: random.between(2, 6),
    perOrderMinutes: 1 + random.next(),
    ordersPerHour: random.between(8, 14),
    hasty: random.pick([0, 0, 0.1, 0.3]),
  };
}

/** From nothing to 1: open from 11:00 to 23:00, with a lunch and a dinner. */
function demandAt(hour: number): number {
  if (hour < 11 || hour >= 23) return 0;
  const peak = (at: number, width: number) => Math.exp(-(((hour - at) / width) ** 2));
  return 0.1 + 0.5 * peak(12.75, 0.8) + 0.9 * peak(19.5, 1.3);
}

function drawMinutes(random: Random, habits: Habits, atMs: number, load: number): number {
  const minuteOfWeek = toMinuteOfWeek(TIME_ZONE, atMs);
  const [day, hour] = [Math.floor(minuteOfWeek / 1440), (minuteOfWeek / 60) % 24];
  const atMeal = hour >= 18 && hour < 22 ? habits.dinnerMinutes : hour >= 12 && hour < 14 ? habits.lunchMinutes : 0;
  const usual = habits.baseMinutes + atMeal + (day >= 4 ? habits.weekendMinutes : 0) + habits.perOrderMinutes * load;
  // Each order differs by a tenth, more or less; one in fifty takes half as long again.
  const deviation = 1 + 0.1 * (random.next() + random.next() + random.next() - 1.5) * 2;
  return usual * deviation * (random.chance(0.02) ? 1.5 : 1);
}

/** The events as kitchen and courier report them: a hasty kitchen reports too early, and the courier waits. */
function report(random: Random, { hasty }: Habits, atMs: number, minutes: number): Cooked['order'] {
  const readyMs = atMs + minutes * MINUTE_MS;
  const reportedMs = random.chance(hasty) ? atMs + minutes * 0.6 * MINUTE_MS : readyMs;
  const arrivedMs = reportedMs + (random.next() * 6 - 3) * MINUTE_MS;
  const pickedUpMs = Math.max(readyMs, reportedMs, arrivedMs) + MINUTE_MS;
  const steps: (readonly [OrderEvent['action'], OrderEvent['by'], number])[] = [
    ['accept', 'merchant', atMs],
    ['assign', 'courier', atMs + MINUTE_MS],
    ['markReady', 'merchant', reportedMs],
    ['arrive', 'courier', arrivedMs],
    ['pickUp', 'courier', pickedUpMs],
  ];
  const events = steps
    .toSorted(([, , a], [, , b]) => a - b)
    .map(([action, by, stepMs], index): OrderEvent => ({
      n: index + 1,
      action,
      from: 'accepted',
      to: action === 'pickUp' ? 'picked_up' : 'accepted',
      by,
      atMs: Math.round(stepMs),
      causeId: `step-${index}`,
    }));
  return { events, kind: 'delivery', scheduledForMs: null };
}
