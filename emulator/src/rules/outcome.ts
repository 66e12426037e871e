/** Outcomes of expressions: a value, a value that is known only in part, or a failure. */
import type { ListConstraint, RulesValue } from './types.js';
import type { Of } from './values.js';

/** The result of `map.diff`, which goes from `before` to `after`. */
export interface MapDiff {
  kind: 'mapDiff';
  after: Of<'map'>;
  before: Of<'map'>;
}

/** A field that a query's filters restrict without fixing its value. */
export interface Constraint {
  kind: 'constraint';
  conditions: readonly ConstraintCondition[];
}
export type ConstraintCondition = Pick<ListConstraint, 'op' | 'value'>;

/** A map that certainly has these fields and may have others: a document that a query could find. */
export interface PartialMap {
  kind: 'partial';
  fields: ReadonlyMap<string, ExpressionValue>;
}

/** A value that differs between the documents that a query could find, such as their ids. */
export interface Unknown {
  kind: 'unknown';
}

export type ExpressionValue = RulesValue | MapDiff | Constraint | PartialMap | Unknown;

export interface Failure {
  kind: 'failure';
  message: string;
  /** Set when the known values do not determine the expression; clients see the position, not the message. */
  isUndetermined?: true;
  /** Set when the failure ends the evaluation: `||` and `&&` do not absorb it. */
  isFatal?: true;
}

export type Outcome = ExpressionValue | Failure;

export const fail = (message: string): Failure => ({ kind: 'failure', message });
export const UNKNOWN: Unknown = { kind: 'unknown' };
export const UNDETERMINED: Failure = { kind: 'failure', message: 'evaluation error', isUndetermined: true };
export const NULL_VALUE = fail('Null value error.');

export const undefinedProperty = (name: string): Failure => fail(`Property ${name} is undefined on object.`);
export const functionNotFound = (name: string): Failure => fail(`Function not found error: Name: [${name}].`);
export const unsupported = (received: string, expected: readonly string[]): Failure =>
  fail(`Unsupported operation error. Received: ${received}. Expected: ${expected.join(', ')}.`);

/** Returns the name of a value's type for messages. */
export function typeName(value: ExpressionValue): string {
  if (value.kind === 'partial') return 'map';
  return value.kind === 'mapDiff' ? 'map_diff' : value.kind;
}

/** Returns whether rules can store a value inside lists, maps and paths. */
export function isKnown(value: ExpressionValue): value is RulesValue {
  return (
    value.kind !== 'constraint' && value.kind !== 'partial' && value.kind !== 'unknown' && value.kind !== 'mapDiff'
  );
}
