/**
 * What the rules engine takes and answers. It knows nothing of Firestore's store or of Storage:
 * both give it values, a request and a way to look documents up.
 */

/** A value as security rules see it. Source: protocol of the rules language, "Types and operators". */
export type RulesValue =
  | { kind: 'null' }
  | { kind: 'bool'; value: boolean }
  | { kind: 'int'; value: bigint }
  | { kind: 'float'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'bytes'; value: Uint8Array }
  | { kind: 'timestamp'; seconds: bigint; nanos: number }
  | { kind: 'duration'; seconds: bigint; nanos: number }
  | { kind: 'latlng'; latitude: number; longitude: number }
  | { kind: 'path'; segments: readonly string[] }
  | { kind: 'list'; values: readonly RulesValue[] }
  | { kind: 'set'; values: readonly RulesValue[] }
  | { kind: 'map'; fields: ReadonlyMap<string, RulesValue> }
  | { kind: 'vector'; values: readonly number[] };

export type Method = 'get' | 'list' | 'create' | 'update' | 'delete';

export interface Issue {
  severity: 'ERROR' | 'WARNING';
  description: string;
  /** What would have been right in its place, in words; the official compiler does not say so. */
  expected?: string;
  fileName: string;
  /**
   * Absent for an issue of the whole ruleset. Lines and columns count from 1; offsets are code points, the end
   * inclusive.
   */
  position?: { line: number; column: number; currentOffset: number; endOffset: number };
}

/** One filter of one disjunct of a query, as far as it proves something about the documents found. */
export interface ListConstraint {
  field: readonly string[];
  op: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'array-contains';
  /** `is null` is `== null`, `is not null` is `!= null`. */
  value: RulesValue;
}

/** A query to be proven: the rule must grant for every document that any disjunct could return. */
export interface ListQuery {
  /** The collection's id; absent for a query over every collection below the parent. */
  collectionId?: string;
  allDescendants: boolean;
  disjuncts: readonly (readonly ListConstraint[])[];
  /** Document ids fixed by the query, when it filters `__name__` by `==` or `in`. */
  documentIds?: readonly string[];
  limit: number | null;
  offset: number;
  orderBy: ReadonlyMap<string, 'ASC' | 'DESC'> | null;
}

/** A document that a rule looks up: null when it does not exist. `data` is a map value. */
export interface LookedUpDocument {
  /** Full path from /databases on. */
  segments: readonly string[];
  data: RulesValue;
}

export interface Lookups {
  /** State before the commit: serves get() and exists(). */
  before(path: readonly string[]): LookedUpDocument | null;
  /** State after the whole commit: serves getAfter() and existsAfter(). Absent where there is none. */
  after?(path: readonly string[]): LookedUpDocument | null;
}

/** Counts the distinct documents a rule looked up: 10 a request, 20 over all parts of a multi-document one. */
export interface LookupBudget {
  readonly seen: Set<string>;
  readonly max: number;
}

export interface RulesRequest {
  service: 'cloud.firestore' | 'firebase.storage';
  method: Method;
  /**
   * Full path: ['databases', '(default)', 'documents', …] or ['b', bucket, 'o', …]. For list: the collection's parent +
   * id.
   */
  path: readonly string[];
  /** `request.auth`: null or a map of uid and token. */
  auth: RulesValue;
  time: RulesValue;
  /** `request.resource`: a map value; absent on get, list and delete. */
  requestResource?: RulesValue;
  /** `resource`: a map value, or null when missing. Absent for list in Firestore (unknown). */
  resource?: RulesValue;
  query?: ListQuery;
  lookups: Lookups;
  /** Shared by the parts of one multi-document request. */
  sharedBudget?: LookupBudget;
}

export type Decision =
  | { allowed: true; lookups: number; logs: readonly string[] }
  /** `reasons` as the official emulator words them, e.g. "false for 'create' @ L181". */
  | { allowed: false; lookups: number; reasons: readonly string[]; logs: readonly string[] };

/** A compiled ruleset: evaluation is synchronous; whatever a lookup throws passes through untouched. */
export interface Ruleset {
  readonly version: 1 | 2;
  /** What it was compiled from. */
  readonly source: { readonly fileName: string; readonly text: string };
  decide(request: RulesRequest): Decision;
  /** What each condition has seen since the ruleset was compiled, in source order. */
  coverage(): readonly CoverageReport[];
}

/** The values one expression took, with the expressions inside it. Literals are left out. */
export interface CoverageReport {
  sourcePosition: Issue['position'];
  /** Absent for an expression that never ran. */
  values?: readonly { value: string; count: number }[];
  children?: readonly CoverageReport[];
}

export interface Compiled {
  /** Absent when there is an ERROR among the issues. */
  ruleset?: Ruleset;
  issues: readonly Issue[];
}
