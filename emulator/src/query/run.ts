import { type Database } from '../store/database.js';
import { type StoredDocument } from '../store/document.js';
import { type Overlay } from '../store/history.js';
import { Table } from '../store/table.js';
import { compareDocuments, inScope, matches, satisfies } from './match.js';
import { planScan } from './plan.js';
import { type Conjunction, isNamePath, type Query } from './query.js';

/**
 * Returns the documents of a query in its order, with offset and limit applied; with an overlay, as they were at its
 * time.
 */
export function findDocuments(database: Database, query: Query, overlay?: Overlay): StoredDocument[] {
  const found: StoredDocument[] = [];
  const limit = query.limit ?? Infinity;
  let skipped = 0;
  if (limit === 0) return found;
  for (const document of overlay ? findPastMatches(database, query, overlay) : findCurrentMatches(database, query)) {
    if (skipped++ < query.offset) continue;
    found.push(document);
    if (found.length >= limit) break;
  }
  return found;
}

function findCurrentMatches(database: Database, query: Query): Iterable<StoredDocument> {
  const table = findTable(database, query);
  if (!table) return [];
  const [only, ...others] = query.disjuncts;
  if (only && others.length === 0) return scan(database, table, query, only);
  return merge(
    query,
    query.disjuncts.map((conditions) => scan(database, table, query, conditions)),
  );
}

function findTable(database: Database, query: Query): Table | undefined {
  const { collectionId, allDescendants, parent } = query.scope;
  if (collectionId === undefined) {
    const table = new Table();
    table.fill(database.below(parent, allDescendants));
    return table;
  }
  return allDescendants ? database.group(collectionId) : database.collection([...parent, collectionId].join('/'));
}

function* scan(database: Database, table: Table, query: Query, conditions: Conjunction): Generator<StoredDocument> {
  const named = conditions.find((c) => isNamePath(c.path) && c.op === '==');
  if (named && 'value' in named && named.value.kind === 'reference') {
    const document = database.get(named.value.value);
    if (document && matches({ ...query, disjuncts: [conditions] }, document)) yield document;
    return;
  }
  const { index, isBefore, isAfter, residual } = planScan(table, query, conditions);
  const checksScope = query.scope.allDescendants && query.scope.parent.length > 0;
  for (const entry of index.entries.from(isBefore)) {
    if (isAfter(entry)) return;
    if (checksScope && !inScope(query.scope, entry.document.segments)) continue;
    if (residual.every((condition) => satisfies(entry.document, condition))) yield entry.document;
  }
}

/** Merges sorted streams into one and drops documents that several streams contain. */
function* merge(query: Query, streams: Generator<StoredDocument>[]): Generator<StoredDocument> {
  let heads = streams.flatMap((stream) => advance(stream));
  while (heads.length > 0) {
    let first = heads[0];
    for (const head of heads)
      if (first && compareDocuments(query.order, head.document, first.document) < 0) first = head;
    const document = first?.document;
    if (!document) return;
    yield document;
    heads = heads.flatMap((head) => (head.document.name === document.name ? advance(head.stream) : [head]));
  }
}

function advance(stream: Generator<StoredDocument>): { stream: Generator<StoredDocument>; document: StoredDocument }[] {
  const next = stream.next();
  return next.done ? [] : [{ stream, document: next.value }];
}

/** Finds the matches at a past time. Such reads are rare, so this tests all documents of the scope. */
function findPastMatches(database: Database, query: Query, overlay: Overlay): StoredDocument[] {
  const unchanged = [...(findTable(database, query)?.documents() ?? [])].filter(
    (document) => !overlay.has(document.name),
  );
  const candidates = [...unchanged, ...[...overlay.values()].filter((document) => document !== undefined)];
  const found = candidates.filter((document) => matches(query, document));
  return found.sort((a, b) => compareDocuments(query.order, a, b));
}
