import type { Push } from '../contract/notifications.js';

export type PushResult = 'sent' | 'unregistered';

/** The provider asks for patience. */
export class PushThrottled extends Error {
  constructor(readonly retryAfterMs: number) {
    super('push throttled');
    this.name = 'PushThrottled';
  }
}

/** Throws when a later try may succeed. */
export interface PushSender {
  send(push: Push, nowMs: number): Promise<PushResult>;
}
