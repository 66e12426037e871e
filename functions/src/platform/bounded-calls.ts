/** The number of failed calls in a row after which the provider counts as down. */
const FAILURES_UNTIL_DOWN = 10;

export interface BoundedCalls<T> {
  calls: T;
  /** True where the provider failed so often in a row that it is not called any more. */
  isDown(): boolean;
}

/** How a provider's outages are recognised. */
export interface Outages {
  /** Builds the error of a call without a response in time, or of one that is no longer made. */
  timeout: (call: string, reason: string) => Error;
  /** False for a refusal by the provider, which is a response. */
  isOutage: (error: unknown) => boolean;
}

/**
 * Wraps a provider for a batch with a time limit of its own: each call is waited for at most this many milliseconds,
 * and after ten failures in a row every further call fails at once. A call that was given up may still succeed at the
 * provider, so each has to be idempotent.
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

/** Wraps an object: its methods, all of which return promises, run through `around`. */
function wrapMethods<T extends object>(target: T, around: (name: string, call: () => unknown) => unknown): T {
  return new Proxy(target, {
    get(_, key): unknown {
      const value: unknown = Reflect.get(target, key);
      if (!isMethod(value)) return value;
      return (...args: unknown[]) => around(String(key), () => value.apply(target, args));
    },
  });
}
