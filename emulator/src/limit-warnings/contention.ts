import { Tally } from './tally.js';
import { type LimitWarning } from './warnings.js';

/** The number of waits within the window that is reported. Occasional waits are normal for locks. */
const MANY_WAITS = 10;
const WINDOW_SECONDS = 10;

/**
 * Finds documents and collections for whose locks transactions wait often. Source: Firestore docs, "Transaction
 * serializability and isolation".
 */
export class Contention {
  private readonly waits = new Tally(WINDOW_SECONDS * 1000);

  /** Records one wait for a lock on a document or, in a query, on a collection. */
  recordWait(place: string, nowMs: number): LimitWarning | undefined {
    const waits = this.waits.count(place, nowMs);
    if (waits < MANY_WAITS) return undefined;
    const text = `Transactions waited ${waits} times within ${WINDOW_SECONDS} s for ${place}; production aborts transactions under such load.`;
    return { kind: 'contention', place, figure: waits, text };
  }

  /** Records a wait that ended with an abort. */
  recordAbort(place: string): LimitWarning {
    const text = `A write was aborted because a transaction held the lock of ${place} too long.`;
    return { kind: 'contention', place, figure: 1, text };
  }
}
