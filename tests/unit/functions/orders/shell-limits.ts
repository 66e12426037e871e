/**
 * Limits that the shell applies, by their path in `ZoneLimits`, with what they govern. Their cases are in
 * `tests/functions/platform/shell-limits.emulator.test.ts`.
 */
export const SHELL_LIMITS = {
  quoteMinutes: 'how long a price is valid',
  scheduleDays: 'how far ahead a slot may be',
  scarcePaymentMinutes: 'when an unpaid order of the last units expires',
  missedOrdersBeforePause: 'after how many missed orders a store is paused',
  strikesBeforeTask: 'after how many cancelled orders of a kitchen an operator is asked',
  strikeDays: 'when a cancelled order of a kitchen is forgotten',
  pauseMinutes: 'how long a store is paused',
  offerSeconds: 'when an offer expires',
  merchantDebtDays: 'when a debt that no payout deducts becomes an operator task',
  offerWaves: 'after how many waves an operator is asked',
} as const;
export type ShellLimit = keyof typeof SHELL_LIMITS;
