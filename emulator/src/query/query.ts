import { type FieldPath } from '../values/field-path.js';
import { type DatabaseName } from '../values/names.js';
import { type Value } from '../values/value.js';
import { type Nearest } from './nearest.js';

/** The operators of filters; `in` and `array-contains-any` become disjunctions of `==` and `array-contains`. */
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'not-in' | 'array-contains';
/**
 * Tests without an operand. `is null` and `is nan` match values that `==` never matches. Only aggregations use
 * `exists`.
 */
export type Test = 'is-null' | 'is-nan' | 'is-not-null' | 'is-not-nan' | 'exists';

/** A filter on a field, or on the document's name when the path is `__name__`; names are reference values. */
export interface FieldCondition {
  readonly path: FieldPath;
  readonly op: Comparison;
  readonly value: Value;
}
interface UnaryCondition {
  readonly path: FieldPath;
  readonly op: Test;
}
export type Condition = FieldCondition | UnaryCondition;

/** Conditions that all have to hold. */
export type Conjunction = readonly Condition[];

export interface SortField {
  readonly path: FieldPath;
  readonly direction: 1 | -1;
}

/** A position between documents: before or after all documents whose first sort values equal these. */
export interface Position {
  readonly values: readonly Value[];
  /** True for the position just before the documents with these values, false for the one just after them. */
  readonly before: boolean;
}

export interface CollectionScope {
  readonly database: DatabaseName;
  readonly parent: readonly string[];
  /** Undefined for every collection. */
  readonly collectionId: string | undefined;
  readonly allDescendants: boolean;
}

/** A checked query: its filters in disjunctive normal form, its full order with `__name__` last. */
export interface Query {
  readonly scope: CollectionScope;
  /** Never empty: an unfiltered query has one empty conjunction. */
  readonly disjuncts: readonly Conjunction[];
  readonly order: readonly SortField[];
  /** The orders that the client wrote; rules and index checks use these. */
  readonly explicitOrder: readonly SortField[];
  readonly start: Position | undefined;
  readonly end: Position | undefined;
  readonly offset: number;
  readonly limit: number | undefined;
  /** A search for the nearest vectors among the documents of the query. */
  readonly nearest?: Nearest | undefined;
  /** Undefined for all fields; an empty list for none. */
  readonly projection: readonly FieldPath[] | undefined;
}

export const NAME_FIELD = '__name__';

/** Returns whether a path is `__name__`. */
export function isNamePath(path: FieldPath): boolean {
  return path.length === 1 && path[0] === NAME_FIELD;
}

/** Returns whether two field paths have the same segments. */
export function samePath(a: FieldPath, b: FieldPath): boolean {
  return a.length === b.length && a.every((segment, i) => b[i] === segment);
}

/** Returns whether an operator restricts a field to a range rather than to given values. */
export function isInequality(op: Condition['op']): boolean {
  return ['<', '<=', '>', '>=', '!=', 'not-in', 'is-not-null', 'is-not-nan'].includes(op);
}
