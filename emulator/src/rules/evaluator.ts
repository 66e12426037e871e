/** Evaluates conditions. Failures are returned as outcomes; only a look-up of the caller may throw. */
import type { Expression, FunctionDeclaration, NodeOf } from './ast.js';
import { negate } from './arithmetic.js';
import { findCast, isNamespace, findMethod, findNamespaceFunction } from './builtins/index.js';
import { callFunction, callMethod, wrongCount } from './builtins/overload.js';
import { showOutcome, type Coverage } from './coverage.js';
import type { StepBudget } from './evaluation-budget.js';
import type { DocumentLookups } from './document-lookups.js';
import { element, hasType, operate, pathSegments, property, slice } from './operators.js';
import {
  fail,
  functionNotFound,
  isKnown,
  NULL_VALUE,
  typeName,
  UNDETERMINED,
  unsupported,
  type ExpressionValue,
  type Failure,
  type Outcome,
} from './outcome.js';
import { Scope } from './scope.js';
import type { RulesValue } from './types.js';
import { bool, list, map, path } from './values.js';

/** Expressions that one request may evaluate, over all rules. */
const MAX_EXPRESSIONS = 1000;
const EXHAUSTED: Failure = {
  ...fail(
    `Unable to evaluate the expression as the maximum of ${MAX_EXPRESSIONS} expressions to evaluate has been reached.`,
  ),
  isFatal: true,
};

export class Evaluator {
  readonly logs: string[] = [];
  private readonly lookups: DocumentLookups;
  private readonly coverage: Coverage;
  private readonly budget: StepBudget;
  private remaining = MAX_EXPRESSIONS;

  constructor(lookups: DocumentLookups, coverage: Coverage, budget: StepBudget) {
    this.lookups = lookups;
    this.coverage = coverage;
    this.budget = budget;
  }

  evaluate(e: Expression, scope: Scope): Outcome {
    this.remaining -= e.kind === 'is' ? 2 : 1; // the name of a type counts as an expression
    if (this.remaining < 0) return EXHAUSTED;
    const outcome = this.computeOutcome(e, scope);
    this.coverage.record(e, outcome);
    return outcome;
  }

  private computeOutcome(e: Expression, scope: Scope): Outcome {
    switch (e.kind) {
      case 'literal':
        return e.value;
      case 'name':
        return scope.value(e.name) ?? fail(`Variable not found error: Name: [${e.name}].`);
      case 'list':
        return this.list(e, scope);
      case 'map':
        return this.map(e, scope);
      case 'path':
        return this.path(e, scope);
      case 'member':
        return this.member(e, scope);
      case 'index':
        return this.withValues([e.object, e.index], scope, ([object, index]) => element(object, index));
      case 'slice':
        return this.withValues([e.object, e.from, e.to], scope, ([object, from, to]) =>
          this.withCost([], () => slice(object, from, to)),
        );
      case 'call':
        return this.call(e, scope);
      case 'method':
        return this.method(e, scope);
      case 'unary':
        return this.withValues([e.operand], scope, ([operand]) =>
          e.op === '-' ? this.minus(operand) : this.not(operand),
        );
      case 'binary':
        return this.binary(e, scope);
      case 'is':
        return this.withValues([e.operand], scope, ([operand]) => hasType(operand, e.type));
      case 'ternary':
        return this.ternary(e, scope);
    }
  }

  /** Evaluates all expressions and returns the first failure, or the outcome of `use` on their values. */
  private withValues<const T extends readonly Expression[]>(
    expressions: T,
    scope: Scope,
    use: (values: { [I in keyof T]: ExpressionValue }) => Outcome,
  ): Outcome {
    const values: ExpressionValue[] = [];
    for (const expression of expressions) {
      const outcome = this.evaluate(expression, scope);
      if (outcome.kind === 'failure') return outcome;
      values.push(outcome);
    }
    return isAsLongAs(values, expressions) ? use(values) : UNDETERMINED;
  }

  /** Evaluates a list. A list of literals is a constant, but its items count as expressions. */
  private list({ items, constant }: NodeOf<'list'>, scope: Scope): Outcome {
    if (constant) {
      this.remaining -= items.length;
      return this.remaining < 0 ? EXHAUSTED : constant;
    }
    return this.withValues(items, scope, (values) => {
      const known = values.filter(isKnown);
      return known.length === values.length ? list(known) : UNDETERMINED;
    });
  }

  private map({ entries }: NodeOf<'map'>, scope: Scope): Outcome {
    const fields = new Map<string, RulesValue>();
    for (const { key, value } of entries) {
      const name = this.evaluate(key, scope);
      if (name.kind === 'failure') return name;
      if (name.kind !== 'string') return unsupported(`map[${typeName(name)}]`, ['map[string]']);
      const field = this.evaluate(value, scope);
      if (field.kind === 'failure') return field;
      if (!isKnown(field)) return UNDETERMINED;
      fields.set(name.value, field);
    }
    return map(fields);
  }

  /** Evaluates a path; each segment counts as an expression, also a literal one. */
  private path(e: NodeOf<'path'>, scope: Scope): Outcome {
    const segments: string[] = [];
    for (const segment of e.segments) {
      if (typeof segment === 'string') {
        this.remaining--;
        segments.push(segment);
        continue;
      }
      const value = this.evaluate(segment, scope);
      if (value.kind === 'failure') return value;
      if (value.kind === 'unknown' || value.kind === 'constraint') return UNDETERMINED;
      if (value.kind === 'null') return NULL_VALUE;
      const added = pathSegments(value);
      if (!added) return unsupported(`path/${typeName(value)}`, ['path/string', 'path/path']);
      segments.push(...added);
    }
    return this.remaining < 0 ? EXHAUSTED : path(segments);
  }

  private call({ callee: { name }, args }: NodeOf<'call'>, scope: Scope): Outcome {
    const found = scope.function(name);
    if (found) return this.callDeclared(found.declaration, found.scope, args, scope);
    const cast = findCast(name);
    return this.withValues(args, scope, (values) => {
      if (name === 'debug') return this.debug(values);
      if (values.some(isOpen)) return UNDETERMINED;
      if (cast) return this.withCost(values, () => callFunction(name, cast, values, this.budget));
      return (
        (this.lookups.service === 'cloud.firestore' ? this.lookups.call(name, values) : undefined) ??
        functionNotFound(name)
      );
    });
  }

  /** Calls a declared function. A failed argument or let fails only where the body uses it. */
  private callDeclared(
    declared: FunctionDeclaration,
    declaredIn: Scope,
    args: readonly Expression[],
    scope: Scope,
  ): Outcome {
    const { parameters, lets, body } = declared;
    if (args.length !== parameters.length) return wrongCount(args.length, [parameters.length]);
    const values = new Map<string, Outcome>();
    args.forEach((arg, i) => {
      const name = parameters[i]?.name;
      if (name !== undefined) values.set(name, this.evaluate(arg, scope));
    });
    const inside = new Scope(declaredIn, values);
    for (const { name, value } of lets) values.set(name.name, this.evaluate(value, inside));
    return this.evaluate(body, inside);
  }

  private method(e: NodeOf<'method'>, scope: Scope): Outcome {
    const {
      object,
      callee: { name },
      args,
    } = e;
    if (object.kind === 'name' && scope.value(object.name) === undefined) {
      const found = this.namespaced(object.name, name, args, scope);
      if (found) return found;
    }
    return this.withValues([object, ...args], scope, (values) => this.callOn(name, values));
  }

  private namespaced(namespace: string, name: string, args: readonly Expression[], scope: Scope): Outcome | undefined {
    const isFirestore = namespace === 'firestore' && this.lookups.service === 'firebase.storage';
    if (!isFirestore && !isNamespace(namespace)) return undefined;
    return this.withValues(args, scope, (values) => {
      if (values.some(isOpen)) return UNDETERMINED;
      if (isFirestore) return this.lookups.call(name, values) ?? functionNotFound(name);
      const overloads = findNamespaceFunction(namespace, name);
      if (!overloads) return functionNotFound(name);
      return this.withCost(values, () => callFunction(`${namespace}.${name}`, overloads, values, this.budget));
    });
  }

  private callOn(name: string, values: readonly ExpressionValue[]): Outcome {
    const [object, ...args] = values;
    if (!object || object.kind === 'null') return NULL_VALUE;
    if (object.kind === 'partial') return getKnownField(object, name, args) ?? UNDETERMINED;
    if (values.some(isOpen)) return UNDETERMINED;
    const overloads = findMethod(object, name);
    if (!overloads) return functionNotFound(name);
    const walked = object.kind === 'map' ? args : values; // Methods of a map read only its keys.
    return this.withCost(walked, () => callMethod(name, overloads, values, this.budget));
  }

  /** Evaluates an operator or a built-in and spends steps by the size of its operands and its outcome. */
  private withCost(values: readonly ExpressionValue[], work: () => Outcome): Outcome {
    for (const value of values) this.budget.spendOn(value);
    const outcome = work();
    this.budget.spendOn(outcome);
    return outcome;
  }

  private debug(values: readonly ExpressionValue[]): Outcome {
    const [value] = values;
    if (!value || values.length > 1) return wrongCount(values.length, [1]);
    this.logs.push(showOutcome(value));
    return value;
  }

  private minus(operand: ExpressionValue): Outcome {
    return isOpen(operand) || operand.kind === 'constraint' ? UNDETERMINED : negate(operand);
  }

  /** Evaluates a member access. It is the most frequent expression, so it avoids the list that `with` allocates. */
  private member(e: NodeOf<'member'>, scope: Scope): Outcome {
    const object = this.evaluate(e.object, scope);
    return object.kind === 'failure' ? object : property(object, e.name);
  }

  private not(operand: ExpressionValue): Outcome {
    const condition = asCondition(operand);
    return condition.kind === 'bool' ? bool(!condition.value) : condition;
  }

  private binary(e: NodeOf<'binary'>, scope: Scope): Outcome {
    const { op } = e;
    if (op === '&&' || op === '||') return this.logical(e, scope);
    const left = this.evaluate(e.left, scope);
    if (left.kind === 'failure') return left;
    const right = this.evaluate(e.right, scope);
    return right.kind === 'failure' ? right : this.withCost([left, right], () => operate(op, left, right));
  }

  /** Evaluates `&&` or `||`. Either side may decide alone; an error of one side is ignored when the other decides. */
  private logical({ op, left, right }: NodeOf<'binary'>, scope: Scope): Outcome {
    const first = asCondition(this.evaluate(left, scope));
    if (decides(first, op === '||')) return first;
    const second = asCondition(this.evaluate(right, scope));
    if (decides(second, op === '||')) return second;
    return first.kind === 'failure' ? first : second;
  }

  private ternary(e: NodeOf<'ternary'>, scope: Scope): Outcome {
    const condition = asCondition(this.evaluate(e.condition, scope));
    if (condition.kind !== 'bool') return condition;
    return this.evaluate(condition.value ? e.whenTrue : e.whenFalse, scope);
  }
}

function isAsLongAs<T extends readonly Expression[]>(
  values: unknown,
  expressions: T,
): values is { [I in keyof T]: ExpressionValue } {
  return Array.isArray(values) && values.length === expressions.length;
}

/**
 * Returns whether a value is unknown in part or in whole, so that no built-in can use it. A constraint fails by its
 * type instead.
 */
const isOpen = (value: ExpressionValue): boolean => value.kind === 'unknown' || value.kind === 'partial';

/** Returns the value for `get` of a field that the query's filters determine. */
function getKnownField(
  object: Extract<ExpressionValue, { kind: 'partial' }>,
  name: string,
  args: readonly ExpressionValue[],
): Outcome | undefined {
  const [key] = args;
  return name === 'get' && args.length === 2 && key?.kind === 'string' ? object.fields.get(key.value) : undefined;
}

const decides = (condition: Outcome, decisive: boolean): boolean =>
  condition.kind === 'failure' ? condition.isFatal === true : condition.kind === 'bool' && condition.value === decisive;

/** Converts an outcome to a boolean or a failure. */
export function asCondition(outcome: Outcome): Outcome {
  if (outcome.kind === 'bool' || outcome.kind === 'failure') return outcome;
  if (outcome.kind === 'unknown' || outcome.kind === 'constraint') return UNDETERMINED;
  return unsupported(typeName(outcome), ['bool']);
}
