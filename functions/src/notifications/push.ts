import type { Push } from '../contract/notifications.js';
import { boundCalls } from '../platform/bounded-calls.js';

export type PushResult = 'sent' | 'unregistered';

/** The provider asks for patience. */
export class PushThrottled extends Error {
  constructor(readonly retryAfterMs: number) {
    super('push throttled');
    this.name = 'PushThrottled';
  }
}

/** The provider did not answer in time. The push may still arrive; sent again, it replaces itself on the phone. */
export class PushTimeout extends Error {
  constructor(reason: string) {
    super(`push: ${reason}`);
    this.name = 'PushTimeout';
  }
}

export interface PushSender {
  /** Throws when a later try may succeed. */
  send(push: Push, nowMs: number): Promise<PushResult>;
}

/** The provider within the limits of `boundCalls`: while it is down, a batch hands every push to a task of its own. */
export function boundPush(push: PushSender, timeoutMs: number): PushSender {
  const isOutage = (error: unknown): boolean => !(error instanceof PushThrottled);
  return boundCalls(push, timeoutMs, { timeout: (_, reason) => new PushTimeout(reason), isOutage }).calls;
}
