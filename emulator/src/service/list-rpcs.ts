import { Document } from '../protocol/documents.js';
import {
  type ListCollectionIdsRequest,
  type ListCollectionIdsResponse,
  type ListDocumentsRequest,
  type ListDocumentsResponse,
} from '../protocol/requests.js';
import { StructuredQuery } from '../protocol/queries.js';
import { value } from '../protocol/value-codec.js';
import { type Json } from '../protocol/schema.js';
import { compileQuery } from '../query/compile.js';
import { getValueAt } from '../query/match.js';
import { isNamePath, type Position, type Query } from '../query/query.js';
import { findDocuments } from '../query/run.js';
import { type Database } from '../store/database.js';
import { type StoredDocument } from '../store/document.js';
import { compareIds, compareStrings } from '../values/compare.js';
import { checkCollectionId, formatName, parseParentName, type ResourceName } from '../values/names.js';
import { invalid } from '../values/status.js';
import { referenceValue } from '../values/value.js';
import { getCallerLabel, requireAdmin } from './caller.js';
import { snapshotFor, type Snapshot } from './consistency.js';
import { type Context, type Credentials } from './context.js';
import { documentMessage, maskPaths } from './document-messages.js';
import { queryLocks, scopeSegments } from './queries.js';

/** Lists a page of a collection's documents, if the rules allow the list. */
export async function listDocuments(
  context: Context,
  credentials: Credentials,
  request: ListDocumentsRequest,
): Promise<ListDocumentsResponse> {
  const parent = parseParentName(request.parent);
  const caller = credentials.caller();
  checkListRequest(request);
  if (request.showMissing) requireAdmin(caller, 'Metadata operations');
  const query = listQuery(parent, request);
  const paths = maskPaths(request.mask);
  const database = context.store.database(parent.database);
  const snapshot = await snapshotFor(database, request, () => queryLocks(query));
  context.authorizer(database, caller).list(query);
  context.indexes?.require(query);
  const page = request.showMissing
    ? pageWithMissing(database, query, request, snapshot)
    : findDocuments(database, query, snapshot.overlay);
  context.meter(database).count(getCallerLabel(caller), scopeSegments(query), 'reads', Math.max(1, page.length));
  return {
    documents: page.map((found) =>
      'fields' in found ? documentMessage(found, paths) : Document.make({ name: found.name }),
    ),
    nextPageToken: page.length > 0 && page.length === request.pageSize ? pageToken(query, page.at(-1)) : '',
  };
}

/** Checks the request, in the order of the official emulator's checks. */
function checkListRequest(request: ListDocumentsRequest): void {
  if (request.collectionId !== '') checkCollectionId(request.collectionId);
  if (request.pageSize < 0) throw invalid('Page size must be nonnegative.');
  if (!request.showMissing) return;
  if (request.collectionId === '') throw invalid('collection id must be set when show_missing is true');
  if (request.orderBy !== '') throw invalid('cannot specify an order when show_missing is true');
}

function listQuery(parent: ResourceName, request: ListDocumentsRequest): Query {
  const query = compileQuery(
    parent,
    StructuredQuery.make({
      from: [{ collectionId: request.collectionId, allDescendants: false }],
      orderBy: parseOrderBy(request.orderBy),
      limit: request.pageSize || undefined,
    }),
  );
  return request.pageToken === '' ? query : { ...query, start: parsePageToken(request.pageToken, query) };
}

const ORDER = /^\s*(\S+)(?:\s+(asc|desc))?\s*$/i;

/** Parses an order such as `n desc, __name__`. */
function parseOrderBy(orderBy: string): StructuredQuery['orderBy'] {
  if (orderBy.trim() === '') return [];
  return orderBy.split(',').map((part) => {
    const match = ORDER.exec(part);
    if (!match) throw invalid(`Invalid order by clause "${orderBy}".`);
    return {
      field: { fieldPath: match[1] ?? '' },
      direction: match[2]?.toLowerCase() === 'desc' ? 'DESCENDING' : 'ASCENDING',
    };
  });
}

type Listed = StoredDocument | { readonly name: string };

/** Lists a page that includes missing documents, which only have documents below them, at their places by name. */
function pageWithMissing(
  database: Database,
  query: Query,
  request: ListDocumentsRequest,
  snapshot: Snapshot,
): Listed[] {
  const collection = [...query.scope.parent, request.collectionId];
  const present = findDocuments(database, { ...query, start: undefined, limit: undefined }, snapshot.overlay);
  const names = new Map<string, Listed>(present.map((document) => [document.name, document]));
  for (const id of database.missingIds(collection)) {
    const name = formatName({ database: database.name, segments: [...collection, id] });
    if (!names.has(name)) names.set(name, { name });
  }
  const after = query.start?.values.at(-1);
  const sorted = [...names.values()].sort((a, b) => compareIds(lastId(a), lastId(b)));
  const rest =
    after?.kind === 'reference'
      ? sorted.filter((listed) => compareIds(lastId(listed), lastId({ name: after.value })) > 0)
      : sorted;
  return rest.slice(0, query.limit ?? rest.length);
}

function lastId(listed: Listed): string {
  return listed.name.slice(listed.name.lastIndexOf('/') + 1);
}

/** Encodes the position after the last document of a page: the values that it is ordered by, as JSON in base64. */
function pageToken(query: Query, last: Listed | undefined): string {
  if (!last) return '';
  const values = query.order.map(({ path }) =>
    isNamePath(path) || !('fields' in last) ? referenceValue(last.name) : getValueAt(last, path),
  );
  return Buffer.from(JSON.stringify(values.map((v) => (v ? value.toJson(v) : null)))).toString('base64url');
}

function parsePageToken(token: string, query: Query): Position {
  try {
    const json: Json = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(json) && json.length === query.order.length) {
      return { values: json.map((item: Json) => value.fromJson(item)), before: false };
    }
  } catch {
    // An invalid token is refused below.
  }
  throw invalid('Invalid page token.');
}

/** Lists the collections below a document, or of the database; for the administrator only. */
export function listCollectionIds(
  context: Context,
  credentials: Credentials,
  request: ListCollectionIdsRequest,
): ListCollectionIdsResponse {
  const parent = parseParentName(request.parent);
  const caller = credentials.caller();
  if (request.pageSize < 0) throw invalid('page_size must be greater than or equal to zero.');
  requireAdmin(caller, 'Metadata operations');
  const database = context.store.database(parent.database);
  // One read per request. Source: Firestore docs, "Understand Cloud Firestore billing", "Queries other than document
  // reads".
  context.meter(database).count(getCallerLabel(caller), [...parent.segments, '*'], 'reads', 1);
  const after = Buffer.from(request.pageToken, 'base64url').toString('utf8');
  const ids = database.collectionIds(parent.segments).filter((id) => compareStrings(id, after) > 0);
  const page = request.pageSize > 0 ? ids.slice(0, request.pageSize) : ids;
  const isLast = page.length === ids.length;
  return { collectionIds: page, nextPageToken: isLast ? '' : Buffer.from(page.at(-1) ?? '').toString('base64url') };
}
