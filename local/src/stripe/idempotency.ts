import { createHash } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { HttpReply } from '../http.js';
import { StripeFailure } from './errors.js';

interface Entry {
  readonly fingerprint: string;
  readonly startedAtMs: number;
  readonly requestId: string;
  reply?: HttpReply;
}

/** Stripe may remove a key once it is at least this old. */
const KEPT_MS = 24 * 3_600_000;
const LONGEST_KEY = 255;

/**
 * Answers by idempotency key. The first request runs. The same key with the same request returns the first answer,
 * errors included. It is refused (400) with another request, and answered with a conflict (409) while the first request
 * is still running. Source: Stripe API reference, "Idempotent requests".
 */
export class IdempotencyKeys {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly clock: Clock) {}

  /** Returns the saved answer, or undefined when the caller has to run the request and then `finish` it. */
  begin(key: string, request: string, requestId: string): HttpReply | undefined {
    if (key.length > LONGEST_KEY) throw conflict(400, `Idempotency keys must be at most ${LONGEST_KEY} characters.`);
    const fingerprint = createHash('sha256').update(request).digest('hex');
    const entry = this.entries.get(key);
    if (!entry || this.clock.now() - entry.startedAtMs >= KEPT_MS) {
      this.entries.set(key, { fingerprint, startedAtMs: this.clock.now(), requestId });
      return undefined;
    }
    if (entry.fingerprint !== fingerprint) {
      throw conflict(
        400,
        'Keys for idempotent requests can only be used with the same parameters they were first used with. ' +
          `Try using a key other than '${key}' if you meant to execute a different request.`,
      );
    }
    if (!entry.reply) {
      throw conflict(
        409,
        `There is currently another in-progress request using this Idempotency Key: ${key}`,
        'idempotency_key_in_use',
      );
    }
    const headers = { ...entry.reply.headers, 'idempotent-replayed': 'true', 'original-request': entry.requestId };
    return { ...entry.reply, headers };
  }

  /** Saves the answer, or releases the key when the request never began its work. */
  finish(key: string, reply: HttpReply | undefined): void {
    const entry = this.entries.get(key);
    if (entry && reply) entry.reply = reply;
    else this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }
}

function conflict(status: 400 | 409, message: string, code?: string): StripeFailure {
  return new StripeFailure(status, { type: 'idempotency_error', message, ...(code ? { code } : {}) }, false);
}
