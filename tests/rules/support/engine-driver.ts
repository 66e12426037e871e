import type {
  ListConstraint,
  ListQuery,
  LookedUpDocument,
  Ruleset,
  RulesRequest,
  RulesValue,
} from '#emulator/rules/index.js';
import { bool, float, int, list, map, path, RULES_NULL, str, timestampFromMillis } from '#emulator/rules/values.js';
import {
  AUTH_TIME,
  isList,
  PERSONAS,
  REMOVED,
  SERVER_TIME,
  uidOf,
  type Attempt,
  type Data,
  type Fields,
  type Persona,
  type Query,
} from './attempt.js';
import { city } from './city.js';

const ROOT = ['databases', '(default)', 'documents'];
/** The time of every request, in epoch milliseconds. */
export const REQUEST_MS = Date.now();
const NOW = timestampFromMillis(REQUEST_MS);
/** Stored a minute before the requests, so that no stored time equals that of a request. */
const CITY = city(REQUEST_MS - 60_000);

/** What a compiled ruleset says to an attempt, without any server. */
export function isAllowedBy(ruleset: Ruleset, attempt: Attempt): boolean {
  return ruleset.decide(requestOf(attempt)).allowed;
}

type Documents = ReadonlyMap<string, Fields>;

/** The question that an emulator is asked. */
export function requestOf(attempt: Attempt, documents: Documents = CITY): RulesRequest {
  const segments = attempt.path.split('/');
  // As for the SDK: to create what is there already is to write over it.
  const method = attempt.op === 'create' && documents.has(attempt.path) ? 'update' : attempt.op;
  return {
    service: 'cloud.firestore',
    method,
    path: [...ROOT, ...segments],
    auth: authOf(attempt.as),
    time: NOW,
    lookups: { before: (name) => lookUp(documents, name) },
    ...(attempt.op === 'list' ? { query: listQuery(segments, attempt.query ?? {}) } : resources(attempt, documents)),
  };
}

/** The same question where one of the stored documents has these fields. */
export function requestWhere(attempt: Attempt, name: string, changes: Fields): RulesRequest {
  return requestOf(attempt, new Map(CITY).set(name, { ...CITY.get(name), ...changes }));
}

function resources({ op, path: name, data = {} }: Attempt, documents: Documents): Partial<RulesRequest> {
  const before = documents.get(name);
  const resource = resourceOf(name, before);
  if (op === 'create') return { resource, requestResource: resourceOf(name, data) };
  return op === 'update' ? { resource, requestResource: resourceOf(name, { ...before, ...data }) } : { resource };
}

function resourceOf(name: string, fields: Fields | undefined): RulesValue {
  if (!fields) return RULES_NULL;
  const segments = name.split('/');
  return map({ data: mapOf(fields), id: str(segments.at(-1) ?? ''), __name__: path([...ROOT, ...segments]) });
}

function lookUp(documents: Documents, segments: readonly string[]): LookedUpDocument | null {
  const fields = documents.get(segments.slice(ROOT.length).join('/'));
  return fields ? { segments, data: mapOf(fields) } : null;
}

function authOf(persona: Persona): RulesValue {
  const user = PERSONAS[persona];
  return user
    ? map({ uid: str(uidOf(persona)), token: claimsOf({ ...user.claims, auth_time: AUTH_TIME }) })
    : RULES_NULL;
}

function claimsOf(claims: object): RulesValue {
  return map(Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, claimOf(value)])));
}

function claimOf(value: unknown): RulesValue {
  if (typeof value === 'string') return str(value);
  if (typeof value === 'boolean') return bool(value);
  if (typeof value === 'number') return int(value);
  if (Array.isArray(value)) return list(value.map(claimOf));
  return typeof value === 'object' && value !== null ? claimsOf(value) : RULES_NULL;
}

function mapOf(fields: Fields): RulesValue {
  return map(
    Object.fromEntries(
      Object.entries(fields)
        .filter(([, value]) => value !== REMOVED)
        .map(([name, value]) => [name, valueOf(value)]),
    ),
  );
}

function valueOf(value: Data): RulesValue {
  if (value === null || value === REMOVED) return RULES_NULL;
  if (value === SERVER_TIME) return NOW;
  if (typeof value === 'boolean') return bool(value);
  if (typeof value === 'string') return str(value);
  if (typeof value === 'number') return Number.isInteger(value) ? int(value) : float(value);
  if (value instanceof Date) return timestampFromMillis(value.getTime());
  if (isList(value)) return list(value.map(valueOf));
  return typeof value === 'object' ? mapOf(value) : RULES_NULL;
}

function listQuery(
  segments: readonly string[],
  { where = [], orderBy, descending = false, limit = 50, isGroup = false }: Query,
): ListQuery {
  return {
    collectionId: segments.at(-1) ?? '',
    allDescendants: isGroup,
    disjuncts: disjunctsOf(where),
    limit,
    offset: 0,
    orderBy: orderBy === undefined ? null : new Map([[orderBy, descending ? 'DESC' : 'ASC']]),
  };
}

/** `in` is one disjunct for each of its values. */
function disjunctsOf(where: NonNullable<Query['where']>): ListConstraint[][] {
  return where.reduce<ListConstraint[][]>(
    (disjuncts, [name, operator, operand]) => {
      const values = Array.isArray(operand) ? operand : [operand];
      const constraints = values.map((value): ListConstraint => ({
        field: [name],
        op: operator === 'in' ? '==' : operator,
        value: valueOf(value),
      }));
      return disjuncts.flatMap((disjunct) => constraints.map((constraint) => [...disjunct, constraint]));
    },
    [[]],
  );
}
