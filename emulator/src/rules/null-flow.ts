/**
 * Finds a literal `null` that is used as another type: `f(null)` where `f(m)` calls `m.keys()`. The official compiler
 * warns at the literal. It follows parameters, lets, returned values and both branches of `?:`. It derives the type of
 * a variable from its first use and ignores earlier tests for null. Source: warnings of `firebase deploy` in public
 * reports.
 */
import { listChildren, type Expression, type FunctionDeclaration, type NodeOf, type RulesetTree } from './ast.js';
import { isNamespace, listTypesWith } from './builtins/index.js';
import { allFunctions, expressionsIn, rootExpressions } from './tree-walk.js';

/** The types that an expression is expected to have; undefined for any type. */
type ExpectedTypes = readonly string[] | undefined;

interface MisplacedNull {
  readonly at: Expression;
  readonly expected: readonly string[];
}

/** Finds calls that pass `null` to a parameter which the function uses as another type. */
export function findMisplacedNulls(
  tree: RulesetTree,
  targets: ReadonlyMap<NodeOf<'call'>, FunctionDeclaration>,
): readonly MisplacedNull[] {
  const flow = new NullFlow(targets);
  const functions = allFunctions(tree);
  const inFunctions = new Set(functions.flatMap(expressionsIn));
  for (const condition of rootExpressions(tree)) if (!inFunctions.has(condition)) flow.follow(condition, undefined);
  for (const declared of functions) for (const e of expressionsIn(declared)) flow.follow(e, undefined, declared);
  return [...flow.found.values()];
}

class NullFlow {
  /** The misplaced nulls by literal, so that each gets one warning. */
  readonly found = new Map<Expression, MisplacedNull>();
  /** By function, the types that the first uses of its parameters expect. */
  private readonly firstUses = new Map<FunctionDeclaration, Map<string, ExpectedTypes>>();
  /** Expressions that have been followed with an expected type; only the first one counts. */
  private readonly reached = new Set<Expression>();
  private readonly targets: ReadonlyMap<NodeOf<'call'>, FunctionDeclaration>;

  constructor(targets: ReadonlyMap<NodeOf<'call'>, FunctionDeclaration>) {
    this.targets = targets;
  }

  /** Follows an expression of an expected type, inside a function or a condition. */
  follow(e: Expression, expected: ExpectedTypes, inside?: FunctionDeclaration): void {
    if (e.kind === 'literal') return void this.recordNull(e, expected);
    if (e.kind === 'name') return this.followVariable(e.name, expected, inside);
    if (e.kind === 'call') return this.followCall(e, expected, inside);
    for (const [child, childExpected] of listOperands(e, expected)) this.follow(child, childExpected, inside);
  }

  private recordNull(e: NodeOf<'literal'>, expected: ExpectedTypes): void {
    if (expected && e.value.kind === 'null' && !this.found.has(e)) this.found.set(e, { at: e, expected });
  }

  private followVariable(name: string, expected: ExpectedTypes, inside: FunctionDeclaration | undefined): void {
    if (!expected || !inside) return;
    const uses = this.firstUses.get(inside);
    if (uses && !uses.has(name)) uses.set(name, expected);
    const bound = inside.lets.find((each) => each.name.name === name);
    if (bound) this.followOnce(bound.value, expected, inside);
  }

  private followCall(call: NodeOf<'call'>, expected: ExpectedTypes, inside: FunctionDeclaration | undefined): void {
    const target = this.targets.get(call);
    const uses = target && this.findFirstUses(target);
    call.args.forEach((arg, i) => this.follow(arg, uses?.get(target?.parameters[i]?.name ?? ''), inside));
    if (target && expected) this.followOnce(target.body, expected, target);
  }

  /**
   * Returns the types that the first uses of a function's variables expect; incomplete while the function is being
   * followed.
   */
  private findFirstUses(declared: FunctionDeclaration): ReadonlyMap<string, ExpectedTypes> {
    const known = this.firstUses.get(declared);
    if (known) return known;
    const uses = new Map<string, ExpectedTypes>();
    this.firstUses.set(declared, uses);
    for (const e of expressionsIn(declared)) this.follow(e, undefined, declared);
    return uses;
  }

  private followOnce(e: Expression, expected: ExpectedTypes, inside: FunctionDeclaration): void {
    if (this.reached.has(e)) return;
    this.reached.add(e);
    this.follow(e, expected, inside);
  }
}

/** Lists the operands of an expression, each with its expected type. */
function listOperands(e: Expression, expected: ExpectedTypes): readonly (readonly [Expression, ExpectedTypes])[] {
  const any = (children: readonly Expression[]): (readonly [Expression, ExpectedTypes])[] =>
    children.map((child) => [child, undefined]);
  switch (e.kind) {
    case 'member':
      return [[e.object, ['map']]];
    case 'method':
      if (e.object.kind === 'name' && isNamespace(e.object.name)) return any(e.args);
      return [[e.object, listReceivers(e.callee.name)], ...any(e.args)];
    case 'binary':
      return [
        [e.left, undefined],
        [e.right, e.op === 'in' ? ['list', 'map'] : undefined],
      ];
    case 'ternary':
      return [
        [e.condition, undefined],
        [e.whenTrue, expected],
        [e.whenFalse, expected],
      ];
    default:
      return any(listChildren(e));
  }
}

/** Lists the types that have a method, except map diffs: their type has no public name. */
function listReceivers(method: string): ExpectedTypes {
  const types = listTypesWith(method).filter((type) => type !== 'mapDiff');
  return types.length > 0 ? types : undefined;
}
