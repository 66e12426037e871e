import { type TransactionOptions } from '../protocol/documents.js';
import { type Consistency } from '../protocol/requests.js';
import { type Database } from '../store/database.js';
import { type StoredDocument } from '../store/document.js';
import { type Overlay } from '../store/history.js';
import { type LockKey } from '../store/locks.js';
import { parseId, type Transaction } from '../store/transactions.js';
import { type Micros, toMicros } from '../values/time.js';

/** The state that a read sees: the current one, or that of a past time. */
export interface Snapshot {
  readonly time: Micros;
  readonly overlay: Overlay | undefined;
  /** The transaction that the read opened, if any; the answer begins with its id. */
  readonly opened: Transaction | undefined;
  get(name: string): StoredDocument | undefined;
}

/** Begins a transaction by its options. Throws for a read time that cannot be read. */
export function openTransaction(database: Database, options: TransactionOptions | undefined): Transaction {
  const retried = options?.readWrite?.retryTransaction;
  if (retried && retried.length > 0) parseId(retried);
  if (!options?.readOnly) return database.transactions.begin();
  const { readTime } = options.readOnly;
  const time = readTime ? toMicros(readTime) : database.clock.current();
  database.history.check(time, database.clock.current());
  return database.transactions.begin(time);
}

/** Takes the locks that the read needs and returns the state that it sees. */
export async function snapshotFor(
  database: Database,
  consistency: Partial<Consistency>,
  keys: () => readonly LockKey[],
): Promise<Snapshot> {
  const opened = consistency.newTransaction ? openTransaction(database, consistency.newTransaction) : undefined;
  const transaction = opened ?? usedTransaction(database, consistency.transaction);
  if (transaction && !transaction.isReadOnly) await lock(database, transaction, keys());
  const readTime = transaction?.readTime ?? (consistency.readTime && toMicros(consistency.readTime));
  const overlay = database.overlayAt(readTime);
  return { time: readTime ?? database.clock.current(), overlay, opened, get: (name) => database.getAt(name, overlay) };
}

async function lock(database: Database, transaction: Transaction, keys: readonly LockKey[]): Promise<void> {
  const waiting = database.locks.share(transaction, keys);
  if (!waiting) return;
  try {
    await waiting;
  } catch (timeout) {
    database.transactions.end(transaction);
    throw timeout;
  }
}

/** Returns the transaction that a request names, or undefined when it names none. Throws for an unknown one. */
export function usedTransaction(database: Database, id: Uint8Array | undefined): Transaction | undefined {
  return id && id.length > 0 ? database.transactions.use(id) : undefined;
}
