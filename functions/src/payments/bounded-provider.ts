import { boundCalls } from '../platform/bounded-calls.js';
import type { Payments } from './payments.js';
import { isOutage } from '../core/outage.js';

/** An outage, in the form in which the provider's SDK reports one: the caller tries again later. */
class ProviderTimeout extends Error {
  readonly type = 'StripeConnectionError';
  constructor(call: string, reason: string) {
    super(`${call}: ${reason}`);
    this.name = 'ProviderTimeout';
  }
}

export interface BoundedProvider {
  payments: Payments;
  /** True where the provider failed so often in a row that it is not called any more. */
  isDown(): boolean;
}

/** Applies the limits of `boundCalls` to the payment provider: each of its calls is idempotent. Throws an outage. */
export function boundProvider(payments: Payments, timeoutMs: number): BoundedProvider {
  const timeout = (call: string, reason: string): Error => new ProviderTimeout(call, reason);
  const { calls, isDown } = boundCalls(payments, timeoutMs, { timeout, isOutage });
  return { payments: calls, isDown };
}
