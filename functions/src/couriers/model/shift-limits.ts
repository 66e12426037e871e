import type { Courier, Shift } from '../../contract/couriers.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';

type Shifts = NonNullable<Courier['shifts']>;

/** The number of a courier's shifts: the rules check each of them, and rules have no loop. */
const MAX_SHIFTS = 4;

/**
 * Adds a shift to a courier's shifts or removes one, the next first; past shifts are dropped. `taken` is the change of
 * the shift's places.
 */
export function withShift(
  held: Shifts,
  { id, fromMs, untilMs, left }: Shift & { id: string },
  answer: 'take' | 'giveBack',
  nowMs: number,
): Outcome<{ shifts: Shifts; taken: -1 | 0 | 1 }> {
  const shifts = held.filter((one) => one.untilMs > nowMs);
  const isHeld = shifts.some((one) => one.id === id);
  if (isHeld === (answer === 'take')) return accept({ shifts, taken: 0 });
  if (answer === 'giveBack') {
    if (fromMs <= nowMs) return refuse('TOO_LATE');
    return accept({ shifts: shifts.filter((one) => one.id !== id), taken: -1 });
  }
  const clashes = untilMs <= nowMs || shifts.some((one) => one.fromMs < untilMs && fromMs < one.untilMs);
  if (clashes || shifts.length >= MAX_SHIFTS) return refuse('SHIFT_CLASH', { held: shifts.length });
  if (left === 0) return refuse('SHIFT_FULL');
  const more = [...shifts, { id, fromMs, untilMs }].toSorted((a, b) => a.fromMs - b.fromMs);
  return accept({ shifts: more, taken: 1 });
}
