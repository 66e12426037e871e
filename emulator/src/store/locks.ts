import { StatusError } from '../values/status.js';
import { type Transaction } from './transactions.js';

/** How long a write waits for the locks of transactions. Source: recorded from the official emulator. */
const WRITE_WAIT_MS = 2000;
/**
 * How long a read in a transaction waits for other transactions on the same document; each one that finishes restarts
 * the wait. Locks are shared, but two transactions that read and then write one document cannot both commit. Most
 * transactions take milliseconds, so waiting saves the second one an abort and its client a back-off.
 */
const READ_WAIT_MS = 100;

function lockTimeout(): StatusError {
  return new StatusError('ABORTED', 'Transaction lock timeout.');
}

/** The key of a lock: a document by its name, or every collection with an id. */
export type LockKey = `doc:${string}` | `coll:${string}`;

/** Returns the lock key of one document. */
export function documentLock(name: string): LockKey {
  return `doc:${name}`;
}

/** Returns the lock key of all collections with an id, which queries take. */
export function collectionLock(id: string): LockKey {
  return `coll:${id}`;
}

interface Waiter {
  /** Undefined for a write outside of any transaction. */
  readonly transaction: Transaction | undefined;
  readonly keys: readonly LockKey[];
  readonly writes: boolean;
  readonly timer: NodeJS.Timeout;
  readonly proceed: () => void;
  readonly abort: () => void;
}

/** The shared locks of read-write transactions, and the queue of transactions and writes that wait for them. */
export class LockManager {
  /** Called when a request has to wait, and again when it is aborted, with the keys that other transactions hold. */
  onWait: ((keys: readonly LockKey[], isAborted: boolean) => void) | undefined;
  private readonly holders = new Map<LockKey, Set<Transaction>>();
  /** Documents that several transactions read without writing them, so that reads of these documents need not wait. */
  private readonly onlyRead = new Set<LockKey>();
  private waiters: Waiter[] = [];

  /** True when no transaction holds a lock. */
  get isFree(): boolean {
    return this.holders.size === 0;
  }

  /** Takes shared locks for a read; returns undefined when it need not wait. */
  share(transaction: Transaction, keys: readonly LockKey[]): Promise<void> | undefined {
    if (this.mayRead(transaction, keys)) return void this.hold(transaction, keys);
    return this.wait({ transaction, keys, writes: false });
  }

  /** Waits until no other transaction holds any of the keys; returns undefined when none does. */
  awaitWrite(transaction: Transaction | undefined, keys: readonly LockKey[]): Promise<void> | undefined {
    for (const key of keys) transaction?.written.add(key);
    if (this.holders.size === 0 || !this.isHeldByOthers(transaction, keys)) return undefined;
    return this.wait({ transaction, keys, writes: true });
  }

  /** Releases a transaction's locks, aborts its pending requests and continues other requests. */
  release(transaction: Transaction): void {
    for (const waiter of this.waiters)
      if (!waiter.writes && waiter.keys.some((key) => transaction.locks.has(key))) waiter.timer.refresh();
    for (const key of transaction.locks) {
      this.recordUse(transaction, key);
      const holders = this.holders.get(key);
      holders?.delete(transaction);
      if (holders?.size === 0) this.holders.delete(key);
    }
    transaction.locks.clear();
    for (const waiter of this.waiters.filter((w) => w.transaction === transaction)) waiter.abort();
    this.continueWaiters();
  }

  clear(): void {
    this.holders.clear();
    this.onlyRead.clear();
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

  private isHeldByOthers(transaction: Transaction | undefined, keys: readonly LockKey[]): boolean {
    return keys.some((key) => {
      const holders = this.holders.get(key);
      return holders !== undefined && !(holders.size === 1 && transaction !== undefined && holders.has(transaction));
    });
  }

  /**
   * Returns whether a read can take its locks now. A query does not wait for other readers: its locks cover whole
   * collections, of which few documents will be written. A read never overtakes a waiting commit, since a stream of
   * readers would block that commit forever.
   */
  private mayRead(transaction: Transaction, keys: readonly LockKey[]): boolean {
    if (this.holders.size === 0) return true;
    if (this.isBehindWriter(transaction, keys)) return false;
    return !this.isHeldByOthers(
      transaction,
      keys.filter((key) => key.startsWith('doc:') && !this.onlyRead.has(key)),
    );
  }

  /**
   * Returns whether a commit waits for one of the keys. Commits that wait for this transaction are ignored: waiting for
   * them would be a deadlock.
   */
  private isBehindWriter(transaction: Transaction, keys: readonly LockKey[]): boolean {
    return this.waiters.some(
      (waiter) =>
        waiter.writes &&
        waiter.keys.some((key) => keys.includes(key)) &&
        !waiter.keys.some((key) => this.holders.get(key)?.has(transaction)),
    );
  }

  /** Records whether waiting to read a document was useful: the transaction that held its lock wrote the document. */
  private recordUse(transaction: Transaction, key: LockKey): void {
    if (transaction.written.has(key)) this.onlyRead.delete(key);
    else if (this.waiters.some((w) => !w.writes && w.keys.includes(key))) this.onlyRead.add(key);
  }

  private wait(request: Pick<Waiter, 'transaction' | 'keys' | 'writes'>): Promise<void> {
    const held = request.keys.filter((key) => this.isHeldByOthers(request.transaction, [key]));
    this.onWait?.(held, false);
    return new Promise((resolve, reject) => {
      const settle = (done: () => void) => () => {
        clearTimeout(waiter.timer);
        this.waiters = this.waiters.filter((w) => w !== waiter);
        done();
      };
      const abort = settle(() => reject(lockTimeout()));
      const timeOut = (): void => {
        this.onWait?.(held, true);
        abort();
      };
      const timer = request.writes
        ? setTimeout(timeOut, WRITE_WAIT_MS)
        : setTimeout(() => this.endReadWait(waiter), READ_WAIT_MS);
      const waiter: Waiter = { ...request, timer, proceed: settle(resolve), abort };
      this.waiters.push(waiter);
    });
  }

  /** Ends the wait of a reader. Other readers limit it only for a while, a waiting commit until the commit ends. */
  private endReadWait(waiter: Waiter): void {
    if (waiter.transaction && this.isBehindWriter(waiter.transaction, waiter.keys)) waiter.timer.refresh();
    else this.continueRequest(waiter);
  }

  /**
   * Continues a request. A reader takes its locks at once, otherwise the next request in the queue would continue too.
   */
  private continueRequest(waiter: Waiter): void {
    if (!waiter.writes && waiter.transaction) this.hold(waiter.transaction, waiter.keys);
    waiter.proceed();
  }

  /** Continues the requests that need not wait any longer, in the order of their arrival. */
  private continueWaiters(): void {
    for (const waiter of [...this.waiters]) {
      const { transaction, keys, writes } = waiter;
      const isFree = writes || !transaction ? !this.isHeldByOthers(transaction, keys) : this.mayRead(transaction, keys);
      if (isFree) this.continueRequest(waiter);
    }
  }
}
