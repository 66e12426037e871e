import { type ListConstraint, type ListQuery, type RulesValue } from '../rules/types.js';
import { type Condition, isNamePath, type Query } from '../query/query.js';
import { getDocumentId, type StoredDocument } from '../store/document.js';
import { formatFieldPath } from '../values/field-path.js';
import { type DatabaseName } from '../values/names.js';
import { type Micros, toTimestamp } from '../values/time.js';
import { type Fields, isNaNValue, NULL, type Value, vectorElements } from '../values/value.js';
import { type Caller, isRecord } from './caller.js';

function rulesNull(): RulesValue {
  return { kind: 'null' };
}

function rulesMap(fields: Iterable<readonly [string, RulesValue]>): RulesValue {
  return { kind: 'map', fields: new Map(fields) };
}

/** Converts a stored value for rules: references become paths, integers and doubles int and float. */
function toRulesValue(value: Value): RulesValue {
  switch (value.kind) {
    case 'null':
      return { kind: 'null' };
    case 'boolean':
      return { kind: 'bool', value: value.value };
    case 'integer':
      return { kind: 'int', value: value.value };
    case 'double':
      return { kind: 'float', value: value.value };
    case 'timestamp':
      return { kind: 'timestamp', seconds: BigInt(value.seconds), nanos: value.nanos };
    case 'string':
    case 'bytes':
      return value;
    case 'reference':
      return { kind: 'path', segments: value.value.split('/').slice(2) };
    case 'geo':
      return { kind: 'latlng', latitude: value.latitude, longitude: value.longitude };
    case 'array':
      return { kind: 'list', values: value.values.map(toRulesValue) };
    case 'map':
      return mapToRules(value.fields);
  }
}

function mapToRules(fields: Fields): RulesValue {
  const elements = vectorElements(fields);
  if (elements)
    return {
      kind: 'vector',
      values: elements.map((e) => (e.kind === 'double' || e.kind === 'integer' ? Number(e.value) : 0)),
    };
  return fieldsToRules(fields);
}

/** Converts stored fields to a map for rules. */
export function fieldsToRules(fields: Fields): RulesValue {
  return rulesMap([...fields].map(([name, value]) => [name, toRulesValue(value)]));
}

/** Returns the full path of a document or collection: databases, id, documents, … */
export function rulesPath(database: DatabaseName, segments: readonly string[]): string[] {
  return ['databases', database.database, 'documents', ...segments];
}

/** Converts a document to `resource` or `request.resource`: null when it does not exist. */
export function rulesResource(database: DatabaseName, document: StoredDocument | undefined): RulesValue {
  if (!document) return rulesNull();
  return rulesMap([
    ['data', fieldsToRules(document.fields)],
    ['id', { kind: 'string', value: getDocumentId(document.segments) }],
    ['__name__', { kind: 'path', segments: rulesPath(database, document.segments) }],
  ]);
}

/** Returns `request.time` in whole milliseconds; it equals a server timestamp of the same commit. */
export function rulesTime(time: Micros): RulesValue {
  const { seconds, nanos } = toTimestamp(time - (time % 1000));
  return { kind: 'timestamp', seconds: BigInt(seconds), nanos };
}

/** A cache by caller, since the same caller sends many calls. */
const auths = new WeakMap<Caller, RulesValue>();

/** Converts a caller to `request.auth`: null for a caller without a user. */
export function rulesAuth(caller: Caller): RulesValue {
  if (caller.kind !== 'user') return rulesNull();
  const known = auths.get(caller) ?? toAuth(caller);
  auths.set(caller, known);
  return known;
}

function toAuth(caller: Extract<Caller, { kind: 'user' }>): RulesValue {
  const uid: RulesValue = caller.uid === undefined ? rulesNull() : { kind: 'string', value: caller.uid };
  return rulesMap([
    ['uid', uid],
    ['token', jsonToRules(caller.claims)],
  ]);
}

/** Converts a claim of a token; whole numbers become ints. */
function jsonToRules(json: unknown): RulesValue {
  if (typeof json === 'boolean') return { kind: 'bool', value: json };
  if (typeof json === 'string') return { kind: 'string', value: json };
  if (typeof json === 'number')
    return Number.isInteger(json) ? { kind: 'int', value: BigInt(json) } : { kind: 'float', value: json };
  if (Array.isArray(json)) return { kind: 'list', values: json.map(jsonToRules) };
  if (isRecord(json)) return rulesMap(Object.entries(json).map(([key, value]) => [key, jsonToRules(value)]));
  return rulesNull();
}

/** Converts a query to the form that rules prove: the conditions on every document that it could return. */
export function toListQuery(query: Query): ListQuery {
  const ids = documentIds(query);
  return {
    ...(query.scope.collectionId === undefined ? {} : { collectionId: query.scope.collectionId }),
    ...(ids ? { documentIds: ids } : {}),
    allDescendants: query.scope.allDescendants,
    disjuncts: query.disjuncts.map((conditions) => conditions.flatMap(toConstraints)),
    limit: query.limit ?? null,
    offset: query.offset,
    orderBy: query.explicitOrder.length === 0 ? null : orderMap(query),
  };
}

function orderMap(query: Query): Map<string, 'ASC' | 'DESC'> {
  return new Map(
    query.explicitOrder.map(({ path, direction }) => [formatFieldPath(path), direction === 1 ? 'ASC' : 'DESC']),
  );
}

/** Returns the ids that the disjuncts fix for `__name__`, if each disjunct does. */
function documentIds(query: Query): string[] | undefined {
  const ids = query.disjuncts.map(
    (conditions) => conditions.flatMap((c) => (isNamePath(c.path) && c.op === '==' ? [c.value] : []))[0],
  );
  const names = ids.flatMap((value) => (value?.kind === 'reference' ? [getDocumentId(value.value.split('/'))] : []));
  return names.length === ids.length ? names : undefined;
}

/** Returns the conditions that a filter proves. A comparison with null or NaN matches nothing, so it proves nothing. */
function toConstraints(condition: Condition): ListConstraint[] {
  if (isNamePath(condition.path)) return [];
  const field = condition.path;
  if (condition.op === 'is-null') return [{ field, op: '==', value: rulesNull() }];
  if (condition.op === 'is-not-null') return [{ field, op: '!=', value: rulesNull() }];
  if (!('value' in condition)) return [];
  const { op, value } = condition;
  if (op === 'not-in')
    return value.kind === 'array' ? value.values.map((v) => ({ field, op: '!=', value: toRulesValue(v) })) : [];
  if (value === NULL || value.kind === 'null' || isNaNValue(value)) return [];
  return [{ field, op, value: toRulesValue(value) }];
}
