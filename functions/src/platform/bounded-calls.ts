/** So many calls in a row that failed show that the provider is down. */
const FAILURES_UNTIL_DOWN = 10;

export interface BoundedCalls<T> {
  calls: T;
  /** The provider failed so often in a row that it is not called any more. */
  isDown(): boolean;
}

/** How a provider's outages look. */
export interface Outages {
  /** What a call that has no answer in time, or that is not made any more, throws. */
  timeout: (call: string, reason: string) => Error;
  /** False for what the provider refuses: it has answered. */
  isOutage: (error: unknown) => boolean;
}

/**
 * A provider for a batch with a time limit of its own: each call is waited for so many milliseconds at most, and after
 * ten failures in a row every further call fails at once. A call that was given up may still succeed at the provider,
 * so each has to be idempotent.
 */
export function boundCalls<T extends object>(
  provider: T,
  timeoutMs: number,
  { timeout, isOutage }: Outages,
): BoundedCalls<T> {
  let failures = 0;
  const isDown = (): boolean => failures >= FAILURES_UNTIL_DOWN;
  const bound = async (name: string, call: () => unknown): Promise<unknown> => {
    if (isDown()) throw timeout(name, 'not called, the provider is down');
    try {
      const answer = await withTimeout(call, timeoutMs, (reason) => timeout(name, reason));
      failures = 0;
      return answer;
    } catch (error) {
      failures = isOutage(error) ? failures + 1 : 0;
      throw error;
    }
  };
  return { calls: wrapMethods(provider, bound), isDown };
}

/** Settles with the call, or rejects with the error of `timeout` after `timeoutMs`. The call itself is not stopped. */
export async function withTimeout<T>(
  call: () => T | Promise<T>,
  timeoutMs: number,
  timeout: (reason: string) => Error,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(timeout(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([call(), late]);
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
