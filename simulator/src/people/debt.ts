import { minor, type Minor } from '../../../clients/typescript/src/index.js';
import type { Events } from '../events.js';
import type { App } from './app.js';

/** A delivered order that was paid by card, and the app of its courier. */
export interface Ride {
  orderId: string;
  courier: App;
}

/** Enough for a payout after its fee. */
const PAYABLE_MINOR = 200;

/**
 * A courier is paid at once, then one of the rides is refunded at the courier's cost, and the courier repays what is
 * owed. Uses the first ride whose courier can be paid; none where no courier can.
 */
export async function settleDebt(operator: App, rides: readonly Ride[], events: Events): Promise<void> {
  for (const { orderId, courier } of rides) {
    const { availableMinor } = await readBalance(operator, courier.user.uid);
    if (availableMinor < PAYABLE_MINOR) continue;
    await courier.call('requestInstantPayout', { idempotencyKey: crypto.randomUUID() });
    await refundFirstDish(operator, orderId);
    await repay(operator, courier.user.uid);
    return events.emit({ type: 'happened', what: 'debtSettled' });
  }
}

async function refundFirstDish(operator: App, orderId: string): Promise<void> {
  await operator.call('refundOrder', {
    orderId,
    idempotencyKey: crypto.randomUUID(),
    what: { type: 'lines', lines: [{ line: 0, quantity: 1 }] },
    liable: 'courier',
    reason: 'it was spilled on the way',
    to: 'card',
  });
}

async function repay(operator: App, courierId: string): Promise<void> {
  const { currency, owedMinor } = await readBalance(operator, courierId);
  if (owedMinor >= 0) throw new Error(`${courierId} owes nothing after a refund of a ride that was paid`);
  const debt = { courierId, currency, amountMinor: minor(-owedMinor), how: 'repaid' as const };
  const settled = await operator.call('settleCourierDebt', {
    ...debt,
    reason: 'sent to the bank account',
    idempotencyKey: crypto.randomUUID(),
  });
  if (settled.owedMinor !== 0) throw new Error(`${courierId} owes ${settled.owedMinor} after repaying it`);
}

interface Balance {
  currency: string;
  owedMinor: Minor;
  availableMinor: Minor;
}

/** Reads the balance in the currency of the city. */
async function readBalance(operator: App, courierId: string): Promise<Balance> {
  const { balances } = await operator.call('courierBalance', { courierId });
  const [balance] = balances;
  if (!balance) throw new Error(`${courierId} has no balance`);
  return balance;
}
