/**
 * The input and output of the rules engine. It does not depend on Firestore's store or on Storage: both pass values, a
 * request and a function that looks documents up.
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

export type RulesMethod = 'get' | 'list' | 'create' | 'update' | 'delete';

export interface Issue {
  severity: 'ERROR' | 'WARNING';
  description: string;
  /** The input that would be valid at this place, in words; the official compiler has no such field. */
  expected?: string;
  fileName: string;
  /**
   * Absent for an issue of the whole ruleset. Lines and columns count from 1. Offsets count code points, and the end is
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

/** A query to be proven: the rules must grant every document that any disjunct could return. */
export interface ListQuery {
  /** The collection's id; absent for a query over every collection below the parent. */
  collectionId?: string;
  allDescendants: boolean;
  disjuncts: readonly (readonly ListConstraint[])[];
  /** The document ids that the query fixes when it filters `__name__` by `==` or `in`. */
  documentIds?: readonly string[];
  limit: number | null;
  offset: number;
  orderBy: ReadonlyMap<string, 'ASC' | 'DESC'> | null;
}

/** A document that a rule looks up, or null when it does not exist. `data` is a map value. */
export interface LookedUpDocument {
  /** The full path, beginning with `databases`. */
  segments: readonly string[];
  data: RulesValue;
}

export interface Lookups {
  /** Reads the state before the commit, for get() and exists(). */
  before(path: readonly string[]): LookedUpDocument | null;
  /** Reads the state after the whole commit, for getAfter() and existsAfter(). Absent outside of a commit. */
  after?(path: readonly string[]): LookedUpDocument | null;
}

/** Counts the distinct documents that rules looked up: 10 per request, 20 over all parts of a multi-document one. */
export interface LookupBudget {
  readonly seen: Set<string>;
  readonly max: number;
}

export interface RulesRequest {
  service: 'cloud.firestore' | 'firebase.storage';
  method: RulesMethod;
  /**
   * The full path: ['databases', '(default)', 'documents', …] or ['b', bucket, 'o', …]. For a list it is the
   * collection's parent and id.
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
  /** `reasons` are in the words of the official emulator, e.g. "false for 'create' @ L181". */
  | { allowed: false; lookups: number; reasons: readonly string[]; logs: readonly string[] };

/** A compiled ruleset. Evaluation is synchronous; errors of a look-up pass through. */
export interface Ruleset {
  readonly version: 1 | 2;
  /** The source that was compiled. */
  readonly source: { readonly fileName: string; readonly text: string };
  decide(request: RulesRequest): Decision;
  /** Reports the values of each condition since the ruleset was compiled, in source order. */
  coverage(): readonly CoverageReport[];
}

/** The values of one expression, with the expressions inside it. Literals are left out. */
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
