import { StatusError } from '../values/status.js';
import { type Transaction } from './transactions.js';

/** How long a write waits for the locks of transactions. Source: recorded from the official emulator. */
const WRITE_WAIT_MS = 2000;
/**
 * How long a read in a transaction lets other transactions on the same document finish first, counted
 * anew whenever one does. Locks are shared, but two that read and then write one document cannot both
 * commit: most take milliseconds, so waiting for them spares the second its abort and the client's back-off.
 */
const READ_PATIENCE_MS = 100;

function lockTimeout(): StatusError {
  return new StatusError('ABORTED', 'Transaction lock timeout.');
}

/** What is locked: a document by its name, or every collection with an id. */
export type LockKey = `doc:${string}` | `coll:${string}`;

/** Names the lock of one document. */
export function documentLock(name: string): LockKey {
  return `doc:${name}`;
}

/** Names the lock of all documents of a collection id, which queries take. */
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

/** The shared locks of read-write transactions, and the queue of those who wait for them. */
export class LockManager {
  /** Told which of the keys others hold when somebody has to wait for them, or has waited in vain. */
  onWait: ((keys: readonly LockKey[], isAborted: boolean) => void) | undefined;
  private readonly holders = new Map<LockKey, Set<Transaction>>();
  /** Documents that transactions read together without writing them: nobody need wait to read those. */
  private readonly onlyRead = new Set<LockKey>();
  private waiters: Waiter[] = [];

  /** True when no transaction holds anything. */
  get isFree(): boolean {
    return this.holders.size === 0;
  }

  /** Takes shared locks for a read; undefined when there was nothing to wait for. */
  share(transaction: Transaction, keys: readonly LockKey[]): Promise<void> | undefined {
    if (this.mayRead(transaction, keys)) return void this.hold(transaction, keys);
    return this.wait({ transaction, keys, writes: false });
  }

  /** Waits until no other transaction holds any of the keys; undefined when none does. */
  awaitWrite(transaction: Transaction | undefined, keys: readonly LockKey[]): Promise<void> | undefined {
    for (const key of keys) transaction?.written.add(key);
    if (this.holders.size === 0 || !this.isHeldByOthers(transaction, keys)) return undefined;
    return this.wait({ transaction, keys, writes: true });
  }

  /** Ends what a transaction holds and waits for, and lets others go on. */
  release(transaction: Transaction): void {
    for (const waiter of this.waiters)
      if (!waiter.writes && waiter.keys.some((key) => transaction.locks.has(key))) waiter.timer.refresh();
    for (const key of transaction.locks) {
      this.learn(transaction, key);
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
   * Queries wait for no reader: their locks cover whole collections, of which few documents will be written. Nothing is
   * read past a commit that waits already, or a stream of readers would starve it.
   */
  private mayRead(transaction: Transaction, keys: readonly LockKey[]): boolean {
    if (this.holders.size === 0) return true;
    if (this.isBehindWriter(transaction, keys)) return false;
    return !this.isHeldByOthers(
      transaction,
      keys.filter((key) => key.startsWith('doc:') && !this.onlyRead.has(key)),
    );
  }

  /** Does a commit wait for one of the keys? One that waits for this very transaction must not be waited for. */
  private isBehindWriter(transaction: Transaction, keys: readonly LockKey[]): boolean {
    return this.waiters.some(
      (waiter) =>
        waiter.writes &&
        waiter.keys.some((key) => keys.includes(key)) &&
        !waiter.keys.some((key) => this.holders.get(key)?.has(transaction)),
    );
  }

  /** Remembers, of documents that somebody waits to read, whether waiting was of use. */
  private learn(transaction: Transaction, key: LockKey): void {
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
      const giveUp = (): void => {
        this.onWait?.(held, true);
        abort();
      };
      const timer = request.writes
        ? setTimeout(giveUp, WRITE_WAIT_MS)
        : setTimeout(() => this.endPatience(waiter), READ_PATIENCE_MS);
      const waiter: Waiter = { ...request, timer, proceed: settle(resolve), abort };
      this.waiters.push(waiter);
    });
  }

  /** Readers are waited for a while only; a commit that waits, until it is done or has given up. */
  private endPatience(waiter: Waiter): void {
    if (waiter.transaction && this.isBehindWriter(waiter.transaction, waiter.keys)) waiter.timer.refresh();
    else this.admit(waiter);
  }

  /** A reader holds its locks from now on, or the next one in the queue would be let in as well. */
  private admit(waiter: Waiter): void {
    if (!waiter.writes && waiter.transaction) this.hold(waiter.transaction, waiter.keys);
    waiter.proceed();
  }

  /** In the order of their arrival, lets go on whoever can. */
  private wake(): void {
    for (const waiter of [...this.waiters]) {
      const { transaction, keys, writes } = waiter;
      const isFree = writes || !transaction ? !this.isHeldByOthers(transaction, keys) : this.mayRead(transaction, keys);
      if (isFree) this.admit(waiter);
    }
  }
}
