/**
 * A PaymentIntent can be captured for seven days: a later slot is charged shortly before it, on the card saved for it.
 */
const LONGEST_HOLD_MS = 6 * 24 * 3_600_000;

/**
 * True for a slot further away than a PaymentIntent may stay open. Its order may not be paid for weeks, so it reserves
 * nothing until then that others may want: no counted portions, and no promotion with a total limit applies.
 */
export const isFarSlot = (scheduledForMs: number | null, nowMs: number): boolean =>
  scheduledForMs !== null && scheduledForMs > nowMs + LONGEST_HOLD_MS;
