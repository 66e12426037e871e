/** Runs work, and returns its result. */
export type RunWork = <T>(work: () => Promise<T>) => Promise<T>;

/** Returns a function that runs each work after the one before it has ended, whether that succeeded or failed. */
export function createQueue(): RunWork {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** Runs work at once. */
export const runAtOnce: RunWork = (work) => work();
