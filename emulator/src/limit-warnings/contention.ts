import { Tally } from './tally.js';
import { type LimitWarning } from './warnings.js';

/** Some waiting is what locks are for; so many waits in so short a time make a queue. */
const MANY_WAITS = 10;
const WINDOW_SECONDS = 10;

/**
 * Finds what transactions get into each other's way at. Source: Firestore docs, "Transaction serializability and
 * isolation".
 */
export class Contention {
  private readonly waits = new Tally(WINDOW_SECONDS * 1000);

  /** One wait for a lock on a document or, in a query, on a collection. */
  see(place: string, nowMs: number): LimitWarning | undefined {
    const waits = this.waits.count(place, nowMs);
    if (waits < MANY_WAITS) return undefined;
    const text = `Transactions waited ${waits} times within ${WINDOW_SECONDS} s for ${place}; production aborts under such load.`;
    return { kind: 'contention', place, figure: waits, text };
  }

  /** A wait that came to nothing. */
  seeAbort(place: string): LimitWarning {
    const text = `A write was aborted because a transaction held ${place} too long.`;
    return { kind: 'contention', place, figure: 1, text };
  }
}
