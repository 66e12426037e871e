import { comparePaths, compareStrings } from '../values/compare.js';
import { type DatabaseName } from '../values/names.js';
import { type CommitClock, type Micros } from '../values/time.js';
import { type Author, type Change, type Commit, getCollectionId, type StoredDocument } from './document.js';
import { Collections } from './collections.js';
import { History, type Overlay } from './history.js';
import { LockManager } from './locks.js';
import { Table } from './table.js';
import { Transactions } from './transactions.js';

/** Called in the same step in which a commit becomes visible. */
export type CommitObserver = (commit: Commit) => void;

/** The documents of one database, their recent past, and the transactions open on them. */
export class Database {
  readonly history = new History();
  readonly locks = new LockManager();
  readonly transactions: Transactions;
  private readonly collections = new Collections();
  /** Collection groups, created by the first query of each. */
  private readonly groups = new Map<string, Table>();
  private readonly observers = new Set<CommitObserver>();
  private readonly resetObservers = new Set<() => void>();

  constructor(
    readonly name: DatabaseName,
    readonly clock: CommitClock,
  ) {
    // States before the start of this process are unknown, so resume tokens of an earlier process are not valid.
    this.history.begin(clock.current());
    this.transactions = new Transactions(this.locks);
  }

  get(name: string): StoredDocument | undefined {
    return this.collections.holding(name)?.get(name);
  }

  getAt(name: string, overlay: Overlay | undefined): StoredDocument | undefined {
    return overlay?.has(name) ? overlay.get(name) : this.get(name);
  }

  /** Returns the documents that differ between a time and now; undefined if none does, or without a time. */
  overlayAt(time: Micros | undefined): Overlay | undefined {
    if (time === undefined) return undefined;
    this.history.check(time, this.clock.current());
    const overlay = this.history.overlay(time);
    return overlay.size > 0 ? overlay : undefined;
  }

  collection(path: string): Table | undefined {
    return this.collections.at(path);
  }

  group(collectionId: string): Table {
    const known = this.groups.get(collectionId);
    if (known) return known;
    const table = new Table();
    table.fill(this.listDocuments((path) => path === collectionId || path.endsWith(`/${collectionId}`)));
    this.groups.set(collectionId, table);
    return table;
  }

  /** Lists the documents below a parent in any collection, in order; with `deep` also those of nested collections. */
  below(parent: readonly string[], deep: boolean): StoredDocument[] {
    const prefix = parent.length === 0 ? '' : `${parent.join('/')}/`;
    const found = this.listDocuments((path) => path.startsWith(prefix) && (deep || !path.includes('/', prefix.length)));
    return [...found].sort((a, b) => comparePaths(a.segments, b.segments));
  }

  /** Lists the ids of the collections directly below a parent, also of those in which only deeper documents exist. */
  collectionIds(parent: readonly string[]): string[] {
    const paths = [...this.collections.paths()].map((path) => path.split('/')).filter((path) => isBelow(path, parent));
    return [...new Set(paths.map((path) => path[parent.length] ?? ''))].sort(compareStrings);
  }

  /** Lists the ids in a collection whose documents do not exist but have documents below them. */
  missingIds(collection: readonly string[]): string[] {
    const nested = [...this.collections.paths()]
      .map((path) => path.split('/'))
      .filter((path) => isBelow(path, collection));
    const ids = new Set(nested.map((path) => path[collection.length] ?? ''));
    const prefix = `${this.name.name}/documents/${collection.join('/')}/`;
    return [...ids].filter((id) => !this.get(prefix + id));
  }

  /** Makes the changes visible at once and notifies the observers. The caller leaves out changes without an effect. */
  commit(changes: readonly Change[], time: Micros, author: Author): void {
    if (changes.length === 0) return;
    this.applyAll(changes);
    const commit = { time, changes, author };
    this.history.add(commit);
    for (const observer of this.observers) observer(commit);
  }

  /**
   * Loads documents of a seed without events. Listeners start again with the new state, and older states are discarded.
   */
  load(documents: Iterable<StoredDocument>): void {
    const changes: Change[] = [];
    for (const after of documents)
      changes.push({ name: after.name, segments: after.segments, before: this.get(after.name), after });
    this.applyAll(changes);
    this.history.clear(this.clock.next());
    for (const observer of this.resetObservers) observer();
  }

  /** Deletes all documents, transactions and locks. Listeners are notified, triggers are not. */
  reset(): void {
    this.collections.clear();
    this.groups.clear();
    this.history.clear(this.clock.next());
    this.transactions.clear();
    for (const observer of this.resetObservers) observer();
  }

  observe(observer: CommitObserver, onReset: () => void = () => undefined): () => void {
    this.observers.add(observer);
    this.resetObservers.add(onReset);
    return () => {
      this.observers.delete(observer);
      this.resetObservers.delete(onReset);
    };
  }

  allDocuments(): Iterable<StoredDocument> {
    return this.listDocuments(() => true);
  }

  private applyAll(changes: readonly Change[]): void {
    for (const change of changes) {
      this.collections.apply(change);
      this.groups.get(getCollectionId(change.segments))?.apply(change);
    }
  }

  private *listDocuments(accepts: (collectionPath: string) => boolean): Generator<StoredDocument> {
    for (const path of this.collections.paths()) if (accepts(path)) yield* this.collections.at(path)?.documents() ?? [];
  }
}

function isBelow(path: readonly string[], prefix: readonly string[]): boolean {
  return path.length > prefix.length && prefix.every((id, i) => path[i] === id);
}
