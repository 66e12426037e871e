import { compareDocuments, matches } from '../query/match.js';
import { type Query } from '../query/query.js';
import { findDocuments } from '../query/run.js';
import { type Database } from '../store/database.js';
import { type Change, getCollectionId, getCollectionPath, type StoredDocument } from '../store/document.js';
import { type FieldPath } from '../values/field-path.js';

/** The change of one document for one target: its new version, or that it left the result. */
export interface Delta {
  readonly name: string;
  /** Present unless the document no longer exists. */
  readonly document: StoredDocument | undefined;
  readonly leaves: boolean;
}

/** A set of documents that a client listens to. Results and changes are computed in the same step as the commit. */
export interface ListenTarget {
  /** The routes on which changes that may concern the target are announced; see `listRoutes`. */
  readonly routes: readonly string[];
  readonly projection: readonly FieldPath[] | undefined;
  /** Returns the whole current result. A named document that does not exist is reported as leaving. */
  initial(): Delta[];
  /** Returns the changes since a known state, or undefined when they cannot be determined. */
  since(changes: readonly Change[]): Delta[] | undefined;
  /** Returns the changes of one commit. */
  update(changes: readonly Change[]): Delta[];
}

/** Lists the routes on which a changed document is announced. */
export function listRoutes(change: Change): string[] {
  const { segments } = change;
  return [`doc:${change.name}`, `coll:${getCollectionPath(segments)}`, `group:${getCollectionId(segments)}`, 'all'];
}

function toDelta(document: StoredDocument): Delta {
  return { name: document.name, document, leaves: false };
}

/** Documents by name. */
export class NamedTarget implements ListenTarget {
  readonly routes: readonly string[];
  readonly projection = undefined;

  constructor(
    private readonly database: Database,
    private readonly names: readonly string[],
  ) {
    this.routes = names.map((name) => `doc:${name}`);
  }

  initial(): Delta[] {
    return this.names.map((name) => this.delta(name, this.database.get(name)));
  }

  since(changes: readonly Change[]): Delta[] {
    return this.update(changes.filter(({ name }) => this.names.includes(name)));
  }

  update(changes: readonly Change[]): Delta[] {
    return changes.map(({ name, after }) => this.delta(name, after));
  }

  private delta(name: string, document: StoredDocument | undefined): Delta {
    return document ? toDelta(document) : { name, document, leaves: true };
  }
}

/**
 * A query without limit. Only the document itself decides whether it belongs to the result, so comparing its two
 * versions is enough and the result need not be kept.
 */
class QueryTarget implements ListenTarget {
  readonly routes: readonly string[];
  readonly projection: readonly FieldPath[] | undefined;

  constructor(
    private readonly database: Database,
    private readonly query: Query,
  ) {
    this.routes = [getRoute(query)];
    this.projection = query.projection;
  }

  initial(): Delta[] {
    return findDocuments(this.database, this.query).map(toDelta);
  }

  since(changes: readonly Change[]): Delta[] {
    return this.update(changes);
  }

  update(changes: readonly Change[]): Delta[] {
    return changes.flatMap(({ name, before, after }): Delta[] => {
      if (after && matches(this.query, after)) return [toDelta(after)];
      return before && matches(this.query, before) ? [{ name, document: after, leaves: true }] : [];
    });
  }
}

/** A query with limit or offset. Its window of results is kept and compared with the window after a change. */
class WindowTarget implements ListenTarget {
  readonly routes: readonly string[];
  readonly projection: readonly FieldPath[] | undefined;
  private window = new Map<string, StoredDocument>();

  constructor(
    private readonly database: Database,
    private readonly query: Query,
  ) {
    this.routes = [getRoute(query)];
    this.projection = query.projection;
  }

  initial(): Delta[] {
    this.window = this.current();
    return [...this.window.values()].map(toDelta);
  }

  /**
   * Returns no changes when no document of the query changed. Otherwise the former window is unknown, so the result is
   * undefined.
   */
  since(changes: readonly Change[]): Delta[] | undefined {
    this.window = this.current();
    return changes.some((change) => this.matchesQuery(change)) ? undefined : [];
  }

  update(changes: readonly Change[]): Delta[] {
    if (!changes.some((change) => this.mayMoveWindow(change))) return [];
    const previous = this.window;
    this.window = this.current();
    const left = [...previous.keys()].filter((name) => !this.window.has(name));
    const entered = [...this.window.values()].filter((document) => previous.get(document.name) !== document);
    return [
      ...left.map((name) => ({ name, document: this.database.get(name), leaves: true })),
      ...entered.map(toDelta),
    ];
  }

  private current(): Map<string, StoredDocument> {
    return new Map(findDocuments(this.database, this.query).map((document) => [document.name, document]));
  }

  private matchesQuery({ before, after }: Change): boolean {
    return (before !== undefined && matches(this.query, before)) || (after !== undefined && matches(this.query, after));
  }

  /**
   * Returns whether a change may move the window. With a full window and no offset, documents behind its end do not.
   */
  private mayMoveWindow(change: Change): boolean {
    if (!this.matchesQuery(change)) return false;
    if (this.window.has(change.name) || this.query.offset > 0) return true;
    const last = [...this.window.values()].at(-1);
    if (!last || this.window.size < (this.query.limit ?? Infinity)) return true;
    return change.after !== undefined && compareDocuments(this.query.order, change.after, last) < 0;
  }
}

function getRoute(query: Query): string {
  const { collectionId, allDescendants, parent } = query.scope;
  if (collectionId === undefined) return 'all';
  return allDescendants ? `group:${collectionId}` : `coll:${[...parent, collectionId].join('/')}`;
}

/** Creates the target of a query: one that follows single changes, or one that runs a limited query again. */
export function createQueryTarget(database: Database, query: Query): ListenTarget {
  return query.limit === undefined && query.offset === 0
    ? new QueryTarget(database, query)
    : new WindowTarget(database, query);
}
