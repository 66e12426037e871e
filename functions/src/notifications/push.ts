import type { Push } from '../contract/notifications.js';
import { boundCalls } from '../platform/bounded-calls.js';

export type PushResult = 'sent' | 'unregistered';

/** The provider limits the rate of requests. */
export class PushThrottled extends Error {
  constructor(readonly retryAfterMs: number) {
    super('push throttled');
    this.name = 'PushThrottled';
  }
}

/** The provider accepts no such push for this device; it responds to others. */
export class PushRejected extends Error {
  constructor(cause: unknown) {
    super('push rejected', { cause });
    this.name = 'PushRejected';
  }
}

/** The provider did not respond in time. The push may still arrive; a repeated push replaces it on the phone. */
export class PushTimeout extends Error {
  constructor(reason: string) {
    super(`push: ${reason}`);
    this.name = 'PushTimeout';
  }
}

export interface PushSender {
  /** Throws when a retry may succeed. */
  send(push: Push, nowMs: number): Promise<PushResult>;
}

/**
 * Applies the limits of `boundCalls` to the provider: during an outage, a batch passes every push to a task of its own.
 */
export function boundPush(push: PushSender, timeoutMs: number): PushSender {
  const isOutage = (error: unknown): boolean => !(error instanceof PushThrottled || error instanceof PushRejected);
  return boundCalls(push, timeoutMs, { timeout: (_, reason) => new PushTimeout(reason), isOutage }).calls;
}
