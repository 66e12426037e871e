const INTERVAL_MS = 100;
const TIMEOUT_MS = 60_000;

/**
 * Reads a value again and again until the condition holds, for sources without a listener. Throws after a minute;
 * `awaited` describes the condition in the message.
 */
export async function pollUntil<T>(
  read: () => Promise<T>,
  isReached: (value: T) => boolean,
  awaited: string,
): Promise<T> {
  const deadlineMs = Date.now() + TIMEOUT_MS;
  for (;;) {
    const value = await read();
    if (isReached(value)) return value;
    if (Date.now() > deadlineMs)
      throw new Error(`not after ${TIMEOUT_MS / 1000} s: ${awaited}; last read: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}
