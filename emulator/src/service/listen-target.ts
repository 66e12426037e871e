import { hasSeveralRanges, countIndexReads } from '../billing/query-cost.js';
import { createQueryTarget, NamedTarget, type ListenTarget } from '../listen/target.js';
import { type Target } from '../protocol/streams.js';
import { type Query } from '../query/query.js';
import { findDocuments } from '../query/run.js';
import { type Database } from '../store/database.js';
import { type StoredDocument } from '../store/document.js';
import { parseDocumentName, parseParentName } from '../values/names.js';
import { invalid } from '../values/status.js';
import { type Authorizer } from './authorize.js';
import { type Caller } from './caller.js';
import { type Context } from './context.js';
import { admitQuery, compileStructured, scopeSegments } from './queries.js';

type LookedUp = Authorizer['lookedUp'];

/** A target of a Listen stream that the rules have allowed. */
export interface ActiveTarget {
  readonly id: number;
  readonly target: ListenTarget;
  /** The collection or document that its reads are billed to. */
  readonly segments: readonly string[];
  readonly isQuery: boolean;
  /** Computes the billed index entry reads of its first result. */
  indexReads(): number;
  /** Evaluates the rules again and returns the look-ups; throws when the rules refuse. */
  authorize(): LookedUp;
  /** Paths that the rules looked up at the last evaluation; they are billed again with each update. */
  lookedUp: LookedUp;
  /** Further paths that the rules depend on: those of the documents themselves when the target names documents. */
  readonly watchedPaths: readonly string[];
}

/** Checks a target and evaluates the rules for it. Throws when it is malformed or refused. */
export function createTarget(
  context: Context,
  database: Database,
  caller: Caller,
  id: number,
  message: Target,
): ActiveTarget {
  return message.documents
    ? createForNames(context, database, caller, id, message.documents.documents)
    : createForQuery(context, database, caller, id, message);
}

function createForNames(
  context: Context,
  database: Database,
  caller: Caller,
  id: number,
  names: readonly string[],
): ActiveTarget {
  const parsed = names.map((name) => ({ name, ...parseDocumentName(name) }));
  const authorize = (): LookedUp => {
    const authorizer = context.authorizer(database, caller);
    authorizer.gets(parsed.map(({ name, segments }) => ({ segments, document: database.get(name) })));
    return authorizer.lookedUp;
  };
  const lookedUp = authorize();
  const watchedPaths = parsed.map(({ segments }) => segments.join('/'));
  const segments = parsed[0]?.segments ?? [];
  return {
    id,
    target: new NamedTarget(database, names),
    segments,
    isQuery: false,
    indexReads: () => 0,
    authorize,
    lookedUp,
    watchedPaths,
  };
}

function createForQuery(
  context: Context,
  database: Database,
  caller: Caller,
  id: number,
  message: Target,
): ActiveTarget {
  const query = compileStructured(parseParentName(message.query?.parent ?? ''), message.query?.structuredQuery);
  if (query.nearest) throw invalid('FindNearest is not supported by listeners.');
  const authorize = (): LookedUp => {
    const authorizer = context.authorizer(database, caller);
    authorizer.list(query);
    return authorizer.lookedUp;
  };
  const lookedUp = admitQuery(context, database, caller, query);
  const target = createQueryTarget(database, query);
  const find = (variant: Query): StoredDocument[] => findDocuments(database, variant);
  const entries = (): number => (hasSeveralRanges(query) ? countIndexReads(query, find(query), find) : 0);
  const segments = scopeSegments(query);
  return { id, target, segments, isQuery: true, indexReads: entries, authorize, lookedUp, watchedPaths: [] };
}
