/**
 * Computes what the filters of a query prove about a field. Every result is three-valued: true when it holds for each
 * document found, false when it holds for none, undefined when documents may differ.
 */
import type { Constraint, ConstraintCondition, ExpressionValue, PartialMap } from './outcome.js';
import type { ListConstraint, RulesValue } from './types.js';
import { compare, isNumber } from './values.js';
import { equal } from './equality.js';

type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=';

const NEGATED: Record<Operator, Operator> = { '==': '!=', '!=': '==', '<': '>=', '<=': '>', '>': '<=', '>=': '<' };

/** Returns whether `field op value` holds for every document, or for none. */
export function proveComparison({ conditions }: Constraint, op: Operator, value: RulesValue): boolean | undefined {
  if (conditions.some((condition) => proves(condition, op, value))) return true;
  return conditions.some((condition) => proves(condition, NEGATED[op], value)) ? false : undefined;
}

function proves(known: ConstraintCondition, op: Operator, value: RulesValue): boolean {
  if (known.op === '!=') return op === '!=' && equal(known.value, value);
  if (known.op === 'array-contains') return op === '!=' && value.kind !== 'list';
  if (known.op === '==') return false; // an equality is the value itself, not a constraint
  const order = compare(known.value, value);
  if (order === undefined) return op === '!=' && typeClass(known.value) !== typeClass(value);
  return provesOrder(known.op, op, order);
}

/**
 * Returns whether a filter proves a comparison. `order` compares the filter's value with the rule's value: `x > 5`
 * proves `x > 3` since 5 is after 3.
 */
function provesOrder(known: '<' | '<=' | '>' | '>=', op: Operator, order: number): boolean {
  const isBelow = known === '<' || known === '<=';
  const distance = isBelow ? -order : order; // positive: the whole range lies beyond the rule's value
  const excludesEnd = known === '<' || known === '>';
  if (op === '!=' || op === (isBelow ? '<' : '>')) return distance > 0 || (distance === 0 && excludesEnd);
  return op === (isBelow ? '<=' : '>=') && distance >= 0;
}

/** Returns whether `item in field` holds. A filter can prove that an item is in a list, never that it is not. */
export function proveMembership({ conditions }: Constraint, item: RulesValue): boolean | undefined {
  return conditions.some(({ op, value }) => op === 'array-contains' && equal(value, item)) || undefined;
}

/** Returns whether `field is type` holds. A range contains values of one type only, but int and float share one. */
export function proveType({ conditions }: Constraint, type: string): boolean | undefined {
  const classes = conditions
    .filter(({ op }) => op !== '!=')
    .map(({ op, value }) => (op === 'array-contains' ? 'list' : typeClass(value)));
  const [known] = classes;
  if (known === undefined) return undefined;
  return known === 'number' && (type === 'int' || type === 'float') ? undefined : known === type;
}

const typeClass = (value: RulesValue): string => (isNumber(value) ? 'number' : value.kind);

/**
 * Describes `resource.data` by the constraints of one disjunct: known fields, constrained fields, and possibly others.
 */
export function constrainedDocument(constraints: readonly ListConstraint[]): PartialMap {
  const names = new Set(constraints.flatMap(({ field }) => field.slice(0, 1)));
  const fields = [...names].map((name): [string, ExpressionValue] => {
    const own = constraints.filter(({ field }) => field[0] === name);
    return [name, constrainedField(own.map((constraint) => ({ ...constraint, field: constraint.field.slice(1) })))];
  });
  return { kind: 'partial', fields: new Map(fields) };
}

function constrainedField(constraints: readonly ListConstraint[]): ExpressionValue {
  const here = constraints.filter(({ field }) => field.length === 0);
  const exact = here.find(({ op }) => op === '==');
  if (exact) return exact.value;
  return here.length > 0 ? { kind: 'constraint', conditions: here } : constrainedDocument(constraints);
}
