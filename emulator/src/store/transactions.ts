import { invalid, StatusError } from '../values/status.js';
import { type Micros } from '../values/time.js';
import { type LockKey, type LockManager } from './locks.js';

/** A transaction that is not used for this long ends. Source: Firestore docs, recorded. */
const IDLE_MS = 60_000;
const ID_PREFIX = 0x11;

export class Transaction {
  readonly locks = new Set<LockKey>();
  /** The lock keys of its writes, known from its commit on. */
  readonly written = new Set<LockKey>();
  idle: NodeJS.Timeout | undefined;

  constructor(
    readonly id: Uint8Array,
    /** The time that a read-only transaction reads at; undefined in a read-write one, which reads the latest state. */
    readonly readTime: Micros | undefined,
  ) {}

  get isReadOnly(): boolean {
    return this.readTime !== undefined;
  }
}

/** The open transactions of one database. Ids are a byte 11 and a counter as uint64, little-endian. */
export class Transactions {
  private readonly open = new Map<bigint, Transaction>();
  private counter = 0n;

  constructor(private readonly locks: LockManager) {}

  begin(readTime?: Micros): Transaction {
    const transaction = new Transaction(this.nextId(), readTime);
    this.open.set(this.counter, transaction);
    this.touch(transaction);
    return transaction;
  }

  /** Takes a number for a commit outside of a transaction. Source: recorded ids. */
  countCommit(): void {
    this.counter++;
  }

  /** Returns an open transaction and restarts its idle time. Throws ABORTED for an ended one. */
  use(id: Uint8Array): Transaction {
    const transaction = this.open.get(parseId(id));
    if (!transaction) throw new StatusError('ABORTED', 'The referenced transaction has expired or is no longer valid.');
    this.touch(transaction);
    return transaction;
  }

  /** Ends a transaction if it is still open. */
  end(transaction: Transaction): void {
    clearTimeout(transaction.idle);
    this.open.delete(parseId(transaction.id));
    this.locks.release(transaction);
  }

  /** Rolls a transaction back. An ended transaction is accepted; an id that was never assigned is refused. */
  rollback(id: Uint8Array): void {
    const transaction = this.open.get(parseId(id));
    if (transaction) this.end(transaction);
  }

  clear(): void {
    for (const transaction of this.open.values()) clearTimeout(transaction.idle);
    this.open.clear();
    this.locks.clear();
  }

  private touch(transaction: Transaction): void {
    clearTimeout(transaction.idle);
    transaction.idle = setTimeout(() => this.end(transaction), IDLE_MS);
    transaction.idle.unref();
  }

  private nextId(): Uint8Array {
    const id = Buffer.alloc(9, ID_PREFIX);
    id.writeBigUInt64LE(++this.counter, 1);
    return new Uint8Array(id);
  }
}

/** Parses an id. Throws INVALID_ARGUMENT for bytes that cannot be the id of a transaction. */
export function parseId(id: Uint8Array): bigint {
  if (id.length !== 9 || id[0] !== ID_PREFIX) throw invalid('Invalid transaction.');
  return Buffer.from(id).readBigUInt64LE(1);
}
