import { toDayEndMs, toDayStartMs } from '../ledger/model/days.js';
import { listAll, type BalanceMove } from '../payments/payments.js';
import type { Context } from '../platform/context.js';

/** The changes of the provider's balance on a day, in one currency. */
export interface ProviderDay {
  /** The provider's fees; those of disputes are in the disputes' journals. */
  feesMinor: number;
  /** Payouts to the platform's bank account. */
  bankMinor: number;
  /** All other changes: by orders, fees of disputes included. */
  ordersMinor: number;
}

export const NOTHING_CHANGED: ProviderDay = { feesMinor: 0, bankMinor: 0, ordersMinor: 0 };

/** Lists the provider's balance of a day to the end, by currency. */
export async function listProviderDay({ payments }: Context, day: string): Promise<Map<string, ProviderDay>> {
  const span = { fromMs: toDayStartMs(day), untilMs: toDayEndMs(day) };
  const days = new Map<string, ProviderDay>();
  for await (const move of listAll(span, (part) => payments.listBalance(part)))
    days.set(move.currency, withMove(days.get(move.currency) ?? NOTHING_CHANGED, move));
  return days;
}

function withMove({ feesMinor, bankMinor, ordersMinor }: ProviderDay, move: BalanceMove): ProviderDay {
  const { kind, amountMinor, feeMinor } = move;
  switch (kind) {
    case 'fee':
      return { feesMinor: feesMinor - amountMinor + feeMinor, bankMinor, ordersMinor };
    case 'bank':
      return { feesMinor: feesMinor + feeMinor, bankMinor: bankMinor - amountMinor, ordersMinor };
    case 'dispute':
      return { feesMinor, bankMinor, ordersMinor: ordersMinor + amountMinor - feeMinor };
    case 'other':
      return { feesMinor: feesMinor + feeMinor, bankMinor, ordersMinor: ordersMinor + amountMinor };
  }
}
