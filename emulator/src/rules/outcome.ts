/** What an expression can come to: a value, something known only in part, or a failure. */
import type { ListConstraint, RulesValue } from './types.js';
import type { Of } from './values.js';

/** What `map.diff` answers: read as "from `before` to `after`". */
export interface MapDiff {
  kind: 'mapDiff';
  after: Of<'map'>;
  before: Of<'map'>;
}

/** A field of which a query's filters say something, though not its value. */
export interface Constraint {
  kind: 'constraint';
  conditions: readonly Condition[];
}
export type Condition = Pick<ListConstraint, 'op' | 'value'>;

/** A map that certainly has these fields, and perhaps others: a document that a query could find. */
export interface PartialMap {
  kind: 'partial';
  fields: ReadonlyMap<string, Value>;
}

/** A value that differs between the documents a query could find, such as their ids. */
export interface Unknown {
  kind: 'unknown';
}

export type Value = RulesValue | MapDiff | Constraint | PartialMap | Unknown;

export interface Failure {
  kind: 'failure';
  message: string;
  /** The values known do not settle the expression; clients see where it stands, not the message. */
  isUndetermined?: true;
  /** Ends the evaluation: `||` and `&&` do not absorb it. */
  isFatal?: true;
}

export type Outcome = Value | Failure;

export const fail = (message: string): Failure => ({ kind: 'failure', message });
export const UNKNOWN: Unknown = { kind: 'unknown' };
export const UNDETERMINED: Failure = { kind: 'failure', message: 'evaluation error', isUndetermined: true };
export const NULL_VALUE = fail('Null value error.');

export const undefinedProperty = (name: string): Failure => fail(`Property ${name} is undefined on object.`);
export const functionNotFound = (name: string): Failure => fail(`Function not found error: Name: [${name}].`);
export const unsupported = (received: string, expected: readonly string[]): Failure =>
  fail(`Unsupported operation error. Received: ${received}. Expected: ${expected.join(', ')}.`);

/** The name of a value's type in messages. */
export function typeName(value: Value): string {
  if (value.kind === 'partial') return 'map';
  return value.kind === 'mapDiff' ? 'map_diff' : value.kind;
}

/** True for values that rules can hold inside lists, maps and paths. */
export function isKnown(value: Value): value is RulesValue {
  return (
    value.kind !== 'constraint' && value.kind !== 'partial' && value.kind !== 'unknown' && value.kind !== 'mapDiff'
  );
}
