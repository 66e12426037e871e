import { type Document } from '../protocol/documents.js';
import { countAggregationReads, countDocumentReads, countIndexReads } from '../billing/query-cost.js';
import {
  type RunAggregationQueryRequest,
  RunAggregationQueryResponse,
  type RunQueryRequest,
  RunQueryResponse,
} from '../protocol/requests.js';
import { type StructuredQuery } from '../protocol/queries.js';
import { aggregate, parseAggregations, restrictQuery } from '../query/aggregate.js';
import { compileQuery } from '../query/compile.js';
import { findNearestTo, type Neighbor } from '../query/nearest.js';
import { type Query } from '../query/query.js';
import { findDocuments } from '../query/run.js';
import { type Database } from '../store/database.js';
import { type StoredDocument } from '../store/document.js';
import { collectionLock, type LockKey } from '../store/locks.js';
import { parseParentName, type ResourceName } from '../values/names.js';
import { invalid } from '../values/status.js';
import { toTimestamp } from '../values/time.js';
import { doubleValue } from '../values/value.js';
import { type Authorizer } from './authorize.js';
import { type Caller, getCallerLabel } from './caller.js';
import { snapshotFor } from './consistency.js';
import { type Context, type Credentials } from './context.js';
import { documentMessage } from './document-messages.js';

/**
 * Evaluates the rules for a query, records its shape and requires its index; returns the look-ups of the rules. `run`
 * is the query that actually runs: an aggregation finds only documents that have the fields it sums.
 */
export function admitQuery(
  context: Context,
  database: Database,
  caller: Caller,
  query: Query,
  run = query,
): Authorizer['lookedUp'] {
  const authorizer = context.authorizer(database, caller);
  authorizer.list(query);
  context.project(database.name.project).queryLog.record(run);
  context.indexes?.require(run);
  return authorizer.lookedUp;
}

/** Compiles a structured query below a parent. Throws INVALID_ARGUMENT for a query that production refuses. */
export function compileStructured(parent: ResourceName, query: StructuredQuery | undefined): Query {
  if (!query) throw invalid('only structured queries are supported');
  return compileQuery(parent, query);
}

/** Lists the locks of a query in a transaction: one for every collection with its id, regardless of its filters. */
export function queryLocks(query: Query): LockKey[] {
  return query.scope.collectionId === undefined ? [] : [collectionLock(query.scope.collectionId)];
}

/** Returns the path of a query's collection, with `*` for all collections. */
export function scopeSegments(query: Query): string[] {
  return [...query.scope.parent, query.scope.collectionId ?? '*'];
}

/** Runs a query, if the rules and the indexes allow it, and returns its responses. */
export async function runQuery(
  context: Context,
  credentials: Credentials,
  request: RunQueryRequest,
): Promise<RunQueryResponse[]> {
  const parent = parseParentName(request.parent);
  const caller = credentials.caller();
  const query = compileStructured(parent, request.structuredQuery);
  const database = context.store.database(parent.database);
  const snapshot = await snapshotFor(database, request, () => queryLocks(query));
  admitQuery(context, database, caller, query);
  const find = (variant: Query): StoredDocument[] => findDocuments(database, variant, snapshot.overlay);
  const documents = find(query);
  const neighbors = query.nearest ? findNearestTo(documents, query.nearest) : undefined;
  const [meter, label, segments] = [context.meter(database), getCallerLabel(caller), scopeSegments(query)];
  meter.count(label, segments, 'reads', countDocumentReads(query, documents, find));
  meter.count(label, segments, 'indexReads', countIndexReads(query, documents, find));
  const readTime = toTimestamp(snapshot.time);
  const found = neighbors
    ? neighbors.map((one) => neighborMessage(one, query))
    : documents.map((document) => documentMessage(document, query.projection));
  const answers = found.map((document, i) =>
    RunQueryResponse.make({ document, readTime, done: i === found.length - 1 || undefined }),
  );
  if (answers.length === 0) answers.push(RunQueryResponse.make({ readTime }));
  if (snapshot.opened) answers.unshift(RunQueryResponse.make({ transaction: snapshot.opened.id }));
  return answers;
}

/** Creates the message of a document, with its distance when the search names a field for it. */
function neighborMessage({ document, distance }: Neighbor, { nearest, projection }: Query): Document {
  const message = documentMessage(document, projection);
  const field = nearest?.resultField;
  return field === undefined
    ? message
    : { ...message, fields: new Map([...message.fields, [field, doubleValue(distance)]]) };
}

/** Runs an aggregation, if the rules and the indexes allow its query. */
export async function runAggregationQuery(
  context: Context,
  credentials: Credentials,
  request: RunAggregationQueryRequest,
): Promise<RunAggregationQueryResponse[]> {
  const parent = parseParentName(request.parent);
  const caller = credentials.caller();
  const aggregates = parseAggregations(request.structuredAggregationQuery?.aggregations ?? []);
  const query = compileStructured(parent, request.structuredAggregationQuery?.structuredQuery);
  if (query.nearest) throw invalid('FindNearest is not supported in an aggregation.');
  const database = context.store.database(parent.database);
  const snapshot = await snapshotFor(database, request, () => queryLocks(query));
  const run = restrictQuery(query, aggregates);
  admitQuery(context, database, caller, query, run);
  const find = (variant: Query): StoredDocument[] => findDocuments(database, variant, snapshot.overlay);
  const documents = find(run);
  const reads = countAggregationReads(run, documents, find);
  context.meter(database).count(getCallerLabel(caller), scopeSegments(query), 'aggregationReads', reads);
  return [
    RunAggregationQueryResponse.make({
      result: { aggregateFields: aggregate(aggregates, documents) },
      readTime: toTimestamp(snapshot.time),
      transaction: snapshot.opened?.id,
    }),
  ];
}
