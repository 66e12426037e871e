import { StatusError } from '../values/status.js';
import { type Transaction } from './transactions.js';

/** How long a write waits for the locks of transactions. Source: recorded from the official emulator. */
const WAIT_MS = 2000;

export function lockTimeout(): StatusError {
  return new StatusError('ABORTED', 'Transaction lock timeout.');
}

/** What is locked: a document by its name, or every collection with an id. */
export type LockKey = `doc:${string}` | `coll:${string}`;

export function documentLock(name: string): LockKey {
  return `doc:${name}`;
}

export function collectionLock(id: string): LockKey {
  return `coll:${id}`;
}

interface Waiter {
  /** Undefined for a write outside of any transaction. */
  readonly transaction: Transaction | undefined;
  readonly keys: readonly LockKey[];
  /** A read asks to share a key; a write asks that nobody else holds one. */
  readonly writes: boolean;
  readonly proceed: () => void;
  readonly abort: () => void;
}

/**
 * Shared locks of read-write transactions, and the queue of those who wait for them. Two transactions
 * that read and then write one document would each wait for the other: the one that waited longer is
 * aborted at once instead of after two seconds. From then on the document is contended: transactions
 * read it one after the other, so that a retry does not run into the same deadlock, until none is left.
 */
export class LockManager {
  private readonly holders = new Map<LockKey, Set<Transaction>>();
  private readonly contended = new Set<LockKey>();
  private waiters: Waiter[] = [];

  /** Takes shared locks for a read; undefined when they were free, as they nearly always are. */
  share(transaction: Transaction, keys: readonly LockKey[]): Promise<void> | undefined {
    if (this.mayShare(transaction, keys)) return void this.hold(transaction, keys);
    return this.wait(transaction, keys, false);
  }

  /** Waits until no other transaction holds any of the keys; undefined when none does. */
  awaitWrite(transaction: Transaction | undefined, keys: readonly LockKey[]): Promise<void> | undefined {
    if (this.mayWrite(transaction, keys)) return undefined;
    return this.wait(transaction, keys, true);
  }

  /** Ends what a transaction holds and waits for, and lets others go on. */
  release(transaction: Transaction): void {
    for (const key of transaction.locks) {
      const holders = this.holders.get(key);
      holders?.delete(transaction);
      if (holders?.size === 0) this.holders.delete(key);
    }
    transaction.locks.clear();
    for (const waiter of this.waiters.filter((w) => w.transaction === transaction)) waiter.abort();
    this.wake();
  }

  clear(): void {
    this.holders.clear();
    this.contended.clear();
    for (const waiter of [...this.waiters]) waiter.abort();
  }

  private hold(transaction: Transaction, keys: readonly LockKey[]): void {
    for (const key of keys) {
      let holders = this.holders.get(key);
      if (!holders) this.holders.set(key, (holders = new Set()));
      holders.add(transaction);
      transaction.locks.add(key);
    }
  }

  private mayWrite(transaction: Transaction | undefined, keys: readonly LockKey[]): boolean {
    if (this.holders.size === 0) return true;
    return keys.every((key) => this.heldOnlyBy(transaction, key));
  }

  private mayShare(transaction: Transaction, keys: readonly LockKey[]): boolean {
    if (this.contended.size === 0) return true;
    return keys.every((key) => !this.contended.has(key) || (this.heldOnlyBy(transaction, key) && !this.isAwaited(transaction, key)));
  }

  private heldOnlyBy(transaction: Transaction | undefined, key: LockKey): boolean {
    const holders = this.holders.get(key);
    if (!holders) return true;
    return holders.size === 1 && transaction !== undefined && holders.has(transaction);
  }

  private isAwaited(transaction: Transaction, key: LockKey): boolean {
    return this.waiters.some((w) => w.writes && w.transaction !== transaction && w.keys.includes(key));
  }

  private wait(transaction: Transaction | undefined, keys: readonly LockKey[], writes: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (done: () => void) => () => {
        clearTimeout(timer);
        this.waiters = this.waiters.filter((w) => w !== waiter);
        done();
      };
      const waiter: Waiter = { transaction, keys, writes, proceed: settle(resolve), abort: settle(() => reject(lockTimeout())) };
      const timer = setTimeout(waiter.abort, WAIT_MS);
      this.waiters.push(waiter);
      this.breakDeadlocks(waiter);
    });
  }

  /** Aborts those that wait for the newcomer while it waits for them. */
  private breakDeadlocks(newcomer: Waiter): void {
    for (const waiter of this.waiters) {
      if (waiter === newcomer || !this.waitsFor(waiter, newcomer)) continue;
      const shared = newcomer.keys.filter((key) => this.holds(waiter.transaction, key));
      if (shared.length === 0) continue;
      for (const key of shared) this.contended.add(key);
      waiter.abort();
    }
  }

  private waitsFor(waiter: Waiter, other: Waiter): boolean {
    return waiter.keys.some((key) => this.holds(other.transaction, key));
  }

  private holds(transaction: Transaction | undefined, key: LockKey): boolean {
    return transaction?.locks.has(key) === true;
  }

  /** In the order of their arrival, lets go on whoever can. */
  private wake(): void {
    for (const waiter of [...this.waiters]) this.wakeOne(waiter);
    for (const key of this.contended) if (!this.holders.has(key) && !this.waiters.some((w) => w.keys.includes(key))) this.contended.delete(key);
  }

  private wakeOne(waiter: Waiter): void {
    const { transaction, keys, writes } = waiter;
    if (writes || !transaction) {
      if (this.mayWrite(transaction, keys)) waiter.proceed();
    } else if (this.mayShare(transaction, keys)) {
      // Held from now on, or the next reader in the queue would be let in as well.
      this.hold(transaction, keys);
      waiter.proceed();
    }
  }
}
