import type { Payments } from './payments.js';
import { isOutage } from '../core/outage.js';

/** So many calls in a row that failed show that the provider is down. */
const FAILURES_UNTIL_DOWN = 10;

/** An outage as the provider's SDK reports one: the caller tries again later. */
class ProviderTimeout extends Error {
  readonly type = 'StripeConnectionError';
  constructor(call: string, reason: string) {
    super(`${call}: ${reason}`);
    this.name = 'ProviderTimeout';
  }
}

export interface BoundedProvider {
  payments: Payments;
  /** The provider failed so often in a row that it is not called any more. */
  isDown(): boolean;
}

/**
 * The provider for a batch with a time limit of its own: each call is waited for so many milliseconds at most, and after
 * ten failures in a row every further call fails at once. A call that was given up may still succeed at the provider: each
 * is idempotent, so it is safe to make it again. Throws an outage.
 */
export function boundProvider(payments: Payments, timeoutMs: number): BoundedProvider {
  let failures = 0;
  const isDown = (): boolean => failures >= FAILURES_UNTIL_DOWN;
  const bound = async (name: string, call: () => unknown): Promise<unknown> => {
    if (isDown()) throw new ProviderTimeout(name, 'not called, the provider is down');
    try {
      const answer = await withTimeout(name, call, timeoutMs);
      failures = 0;
      return answer;
    } catch (error) {
      // What the provider refuses, it has answered.
      failures = isOutage(error) ? failures + 1 : 0;
      throw error;
    }
  };
  return { payments: wrapMethods(payments, bound), isDown };
}

/** A promise that settles with the call, or rejects after `timeoutMs`. */
async function withTimeout(name: string, call: () => unknown, timeoutMs: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ProviderTimeout(name, `no answer within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([call(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

type Method = (...args: unknown[]) => unknown;
const isMethod = (value: unknown): value is Method => typeof value === 'function';

/** The same object whose methods, all of which return promises, run through `around`. */
function wrapMethods<T extends object>(target: T, around: (name: string, call: () => unknown) => unknown): T {
  return new Proxy(target, {
    get(_, key): unknown {
      const value: unknown = Reflect.get(target, key);
      if (!isMethod(value)) return value;
      return (...args: unknown[]) => around(String(key), () => value.apply(target, args));
    },
  });
}
