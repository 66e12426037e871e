import type { CourierPayoutTerms } from '../../contract/zones.js';
import { getChargeUnit } from '../../pricing/currencies.js';
import { computeShare } from '../../pricing/money.js';

/** What is owed to a courier and what the courier carries, in one currency. */
export interface OwedPay {
  /** Below 0: the courier owes the platform, for instance for refunds. */
  owedMinor: number;
  cashMinor: number;
}

/** The parts of what is owed: set off against cash, kept as a fee, and sent. */
export interface PayoutParts {
  setOffMinor: number;
  feeMinor: number;
  amountMinor: number;
}

/** Computes what may be paid: what is owed, less the cash that the courier carries. */
export const computeAvailable = ({ owedMinor, cashMinor }: OwedPay): number =>
  Math.max(0, owedMinor - Math.max(0, cashMinor));

/**
 * Splits what is owed to a courier: first the courier's cash is set off, then the fee is kept, and the rest is sent,
 * unless it is below the minimum. What is below the provider's step of the currency stays owed. The parts never sum to
 * more than is owed.
 */
export function splitPayout(
  pay: OwedPay,
  { minimumMinor, fee, currency }: { minimumMinor: number; fee: CourierPayoutTerms['instant']; currency: string },
): PayoutParts {
  const setOffMinor = Math.max(0, Math.min(pay.owedMinor, pay.cashMinor));
  const availableMinor = computeAvailable(pay);
  const feeMinor = fee ? Math.max(fee.minMinor, computeShare(availableMinor, fee.ratePpm)) : 0;
  const leftMinor = Math.max(0, availableMinor - feeMinor);
  const amountMinor = leftMinor - (leftMinor % getChargeUnit(currency));
  if (amountMinor < Math.max(1, minimumMinor)) return { setOffMinor, feeMinor: 0, amountMinor: 0 };
  return { setOffMinor, feeMinor, amountMinor };
}
