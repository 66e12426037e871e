/**
 * Finds a literal `null` that is used as another type: `f(null)` where `f(m)` calls `m.keys()`. The official compiler
 * warns at the literal. It follows parameters, lets, returned values and both branches of `?:`. It derives the type of
 * a variable from its first use and ignores earlier tests for null. Source: warnings of `firebase deploy` in public
 * reports.
 */
import { childrenOf, type Expression, type FunctionDeclaration, type NodeOf, type RulesetTree } from './ast.js';
import { isNamespace, typesWith } from './builtins/index.js';
import { allFunctions, expressionsIn, rootExpressions } from './tree-walk.js';

/** The types that an expression is expected to have; undefined for any type. */
type Meant = readonly string[] | undefined;

interface Misplaced {
  readonly at: Expression;
  readonly meant: readonly string[];
}

/** Finds calls that pass `null` to a parameter which the function uses as another type. */
export function nullsWhereOthersAreMeant(
  tree: RulesetTree,
  targets: ReadonlyMap<NodeOf<'call'>, FunctionDeclaration>,
): readonly Misplaced[] {
  const flow = new NullFlow(targets);
  const functions = allFunctions(tree);
  const inFunctions = new Set(functions.flatMap(expressionsIn));
  for (const condition of rootExpressions(tree)) if (!inFunctions.has(condition)) flow.follow(condition, undefined);
  for (const declared of functions) for (const e of expressionsIn(declared)) flow.follow(e, undefined, declared);
  return [...flow.found.values()];
}

class NullFlow {
  /** The misplaced nulls by literal, so that each gets one warning. */
  readonly found = new Map<Expression, Misplaced>();
  /** By function, the types that the first uses of its parameters expect. */
  private readonly firstUses = new Map<FunctionDeclaration, Map<string, Meant>>();
  /** Expressions that have been followed with an expected type; only the first one counts. */
  private readonly reached = new Set<Expression>();
  private readonly targets: ReadonlyMap<NodeOf<'call'>, FunctionDeclaration>;

  constructor(targets: ReadonlyMap<NodeOf<'call'>, FunctionDeclaration>) {
    this.targets = targets;
  }

  /** Follows an expression of an expected type, inside a function or a condition. */
  follow(e: Expression, meant: Meant, inside?: FunctionDeclaration): void {
    if (e.kind === 'literal') return void this.take(e, meant);
    if (e.kind === 'name') return this.followVariable(e.name, meant, inside);
    if (e.kind === 'call') return this.followCall(e, meant, inside);
    for (const [child, childMeant] of operands(e, meant)) this.follow(child, childMeant, inside);
  }

  private take(e: NodeOf<'literal'>, meant: Meant): void {
    if (meant && e.value.kind === 'null' && !this.found.has(e)) this.found.set(e, { at: e, meant });
  }

  private followVariable(name: string, meant: Meant, inside: FunctionDeclaration | undefined): void {
    if (!meant || !inside) return;
    const uses = this.firstUses.get(inside);
    if (uses && !uses.has(name)) uses.set(name, meant);
    const bound = inside.lets.find((each) => each.name.name === name);
    if (bound) this.once(bound.value, meant, inside);
  }

  private followCall(call: NodeOf<'call'>, meant: Meant, inside: FunctionDeclaration | undefined): void {
    const target = this.targets.get(call);
    const uses = target && this.usesOf(target);
    call.args.forEach((arg, i) => this.follow(arg, uses?.get(target?.parameters[i]?.name ?? ''), inside));
    if (target && meant) this.once(target.body, meant, target);
  }

  /**
   * Returns the types that the first uses of a function's variables expect; incomplete while the function is being
   * followed.
   */
  private usesOf(declared: FunctionDeclaration): ReadonlyMap<string, Meant> {
    const known = this.firstUses.get(declared);
    if (known) return known;
    const uses = new Map<string, Meant>();
    this.firstUses.set(declared, uses);
    for (const e of expressionsIn(declared)) this.follow(e, undefined, declared);
    return uses;
  }

  private once(e: Expression, meant: Meant, inside: FunctionDeclaration): void {
    if (this.reached.has(e)) return;
    this.reached.add(e);
    this.follow(e, meant, inside);
  }
}

/** Lists the operands of an expression, each with its expected type. */
function operands(e: Expression, meant: Meant): readonly (readonly [Expression, Meant])[] {
  const any = (children: readonly Expression[]): (readonly [Expression, Meant])[] =>
    children.map((child) => [child, undefined]);
  switch (e.kind) {
    case 'member':
      return [[e.object, ['map']]];
    case 'method':
      if (e.object.kind === 'name' && isNamespace(e.object.name)) return any(e.args);
      return [[e.object, receivers(e.callee.name)], ...any(e.args)];
    case 'binary':
      return [
        [e.left, undefined],
        [e.right, e.op === 'in' ? ['list', 'map'] : undefined],
      ];
    case 'ternary':
      return [
        [e.condition, undefined],
        [e.whenTrue, meant],
        [e.whenFalse, meant],
      ];
    default:
      return any(childrenOf(e));
  }
}

/** Lists the types that have a method, except map diffs: their type has no public name. */
function receivers(method: string): Meant {
  const types = typesWith(method).filter((type) => type !== 'mapDiff');
  return types.length > 0 ? types : undefined;
}
