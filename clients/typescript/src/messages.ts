import { countMessages, flushWrites, sendMessage, type Parties } from './chat.js';
import { isDenied } from './errors.js';
import type { Session } from './session.js';
import { Turns, wait } from './turns.js';

/** The rules accept a message each second; with a margin for the clocks. */
const PACE_MS = 1_100;

/** What a queue of messages needs of Firestore. */
export interface MessageStore {
  /** Resolves once the server has stored the user's n-th message about the order; rejects where the rules deny it. */
  write(n: number, parties: Parties, text: string): Promise<void>;
  /** Counts the user's messages about the order. */
  count(): Promise<number>;
  /** Resolves once what the phone had written before is stored or denied. */
  flush(): Promise<void>;
}

/**
 * The messages that one user writes about one order, in both of its chats. Each waits until the server has stored the one
 * before it, and a second. A message whose number is used already, by another phone of the account for example, gets the
 * next one. While the phone is offline, Firestore keeps the first message; the others are in memory until it is sent.
 */
export class MessageQueue {
  readonly #turns = new Turns();
  #count: number | undefined;
  #lastAtMs = -Infinity;

  /** @param paceMs how long after a message the next one is written */
  constructor(
    private readonly store: MessageStore,
    private readonly paceMs: number = PACE_MS,
  ) {}

  /** Sends a message, after those before it. Resolves once the server has stored it; rejects where the rules deny it. */
  send(parties: Parties, text: string): Promise<void> {
    return this.#turns.take(async () => {
      this.#count ??= await this.#countStored();
      for (;;) {
        const n: number = this.#count + 1;
        await wait(this.#lastAtMs + this.paceMs - performance.now());
        try {
          await this.store.write(n, parties, text);
          this.#count = n;
          return;
        } catch (error) {
          if (!isDenied(error)) throw error;
          this.#count = undefined;
          this.#count = await this.#countStored();
          if (this.#count === n - 1) throw error;
        } finally {
          this.#lastAtMs = performance.now();
        }
      }
    });
  }

  /** Counts once those that an earlier start of the app left on the phone are sent: the last may be a moment old. */
  async #countStored(): Promise<number> {
    const count = await this.store.count();
    if (count === 0) return 0;
    await this.store.flush();
    this.#lastAtMs = performance.now();
    return count;
  }
}

/** Opens the queue of the user's messages about an order. An app keeps one for each order. */
export function openMessages(
  session: Session,
  orderId: string,
  role: 'customer' | 'merchant' | 'courier',
): MessageQueue {
  return new MessageQueue({
    write: (n, parties, text) => sendMessage(session, { ...parties, orderId }, role, n, text),
    count: () => countMessages(session, orderId),
    flush: () => flushWrites(session),
  });
}
