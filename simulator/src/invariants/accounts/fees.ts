import { addDays, toUtcDay } from '../../../../functions/src/ledger/model/days.js';
import { ACCOUNTS } from '../../../../functions/src/ledger/model/chart.js';
import { type Posting } from '../../../../functions/src/ledger/model/journals.js';
import type { Books, BalanceChange } from '../snapshot.js';
import type { Expected } from './operators.js';

/**
 * Returns what the nightly runs should have posted of the provider's fees and of its payouts to the bank, by the
 * provider's own list. A run posts the day before it, and late entries of the day before that.
 */
export function expectFees({ balance = [], reconciliations = [] }: Books): Expected[] {
  const done = reconciliations.filter(([, report]) => report.state === 'done').map(([, { day }]) => day);
  const booked = new Set(done.flatMap((day) => [day, addDays(day, -1)]));
  return balance.filter(({ atMs }) => booked.has(toUtcDay(atMs))).map(expectChange);
}

/** The journals of the disputes hold the disputes' fees. */
function expectChange({ kind, currency, amountMinor, feeMinor }: BalanceChange): Expected {
  const ownMinor = kind === 'fee' ? -amountMinor : 0;
  const feesMinor = kind === 'dispute' ? 0 : feeMinor + ownMinor;
  const bankMinor = kind === 'bank' ? -amountMinor : 0;
  const postings: Posting[] = [
    [ACCOUNTS.providerFees, feesMinor],
    [ACCOUNTS.bank, bankMinor],
    [ACCOUNTS.provider, -(feesMinor + bankMinor)],
  ];
  return { currency, postings };
}
