/**
 * Splits a request into the cases that rules are evaluated for: one, or for a query one for each kind of document that
 * it could find.
 */
import { constrainedDocument } from './constraints.js';
import { UNKNOWN, type ExpressionValue, type PartialMap } from './outcome.js';
import { ANY, MANY, type Segment } from './patterns.js';
import type { ListConstraint, ListQuery, RulesRequest } from './types.js';
import { int, map, path, RULES_NULL, str } from './values.js';

/** One case of a request. The rules must grant every case. */
export interface RequestCase {
  segments: readonly Segment[];
  /** `request` and `resource`. */
  globals: ReadonlyMap<string, ExpressionValue>;
}

/** Returns the cases of a request: one, or those that a query's filters distinguish. */
export function listCases(request: RulesRequest): RequestCase[] {
  const requestVariable = requestValue(request);
  const { query } = request;
  if (request.method !== 'list' || request.service !== 'cloud.firestore' || !query) {
    return [{ segments: request.path, globals: globals(requestVariable, request.resource ?? RULES_NULL) }];
  }
  const ids: readonly (string | undefined)[] = (query.allDescendants ? undefined : query.documentIds) ?? [undefined];
  return query.disjuncts.flatMap((constraints) =>
    ids.map((id) => ({
      segments: documentSegments(request.path, query, id),
      globals: globals(requestVariable, possibleDocument(request.path, constraints, id)),
    })),
  );
}

const globals = (request: ExpressionValue, resource: ExpressionValue): Map<string, ExpressionValue> =>
  new Map([
    ['request', request],
    ['resource', resource],
  ]);

function requestValue({ auth, method, path: segments, time, requestResource, query }: RulesRequest): ExpressionValue {
  return map({
    auth,
    method: str(method),
    path: path(segments),
    time,
    ...(requestResource ? { resource: requestResource } : {}),
    ...(query ? { query: queryValue(query) } : {}),
  });
}

function queryValue({ limit, offset, orderBy }: ListQuery) {
  return map({
    limit: limit === null ? RULES_NULL : int(limit),
    offset: int(offset),
    orderBy:
      orderBy === null ? RULES_NULL : map(new Map([...orderBy].map(([field, direction]) => [field, str(direction)]))),
  });
}

/**
 * Returns the path of the documents that a query could find; `path` ends with the collection's id where there is one.
 */
function documentSegments(collection: readonly string[], query: ListQuery, id: string | undefined): Segment[] {
  if (!query.allDescendants) return [...collection, id ?? ANY];
  if (query.collectionId === undefined) return [...collection, MANY, ANY, ANY];
  return [...collection.slice(0, -1), MANY, query.collectionId, ANY];
}

/** Returns `resource` as far as the query's filters determine it. */
function possibleDocument(
  collection: readonly string[],
  constraints: readonly ListConstraint[],
  id: string | undefined,
): PartialMap {
  return {
    kind: 'partial',
    fields: new Map<string, ExpressionValue>([
      ['data', constrainedDocument(constraints)],
      ['id', id === undefined ? UNKNOWN : str(id)],
      ['__name__', id === undefined ? UNKNOWN : path([...collection, id])],
    ]),
  };
}
