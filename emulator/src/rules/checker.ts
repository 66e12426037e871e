/** Checks of a ruleset that parses: names, calls, wildcards and literal patterns. */
import type { Expression, FunctionDeclaration, MatchBlock, Named, NodeOf, PatternPart, RulesetTree } from './ast.js';
import { checkCallDepth, type CallGraph } from './call-graph.js';
import { castOf, isMethod, isNamespace, namespaceFunction } from './builtins/index.js';
import { invalidPattern } from './builtins/string.js';
import { LOOKUP_NAMES } from './document-lookups.js';
import { isReachable } from './reach.js';
import { compileRegex } from './regex/index.js';
import type { Source } from './source.js';
import { allFunctions, withNested } from './tree-walk.js';
import type { Issue, RulesRequest } from './types.js';

/** The official compiler's message says 10, but its eleventh `let` still passes. */
const MAX_LETS = 11;
const TOO_MANY_LETS = 'Maximum allowed variable count of 10 for a given function has been reached.';
const OLD_VERSION = 'Ruleset uses old version (version [1]). Please update to the latest version (version [2]).';
const UNREACHABLE = 'Unreachable match: no request has a path of this form.';
const SERVICES = ['cloud.firestore', 'firebase.storage'] as const;

type Service = RulesRequest['service'];

/** What one place of the source may name. Functions see the place that they are declared at. */
interface Names {
  readonly variables: ReadonlySet<string>;
  readonly functions: ReadonlyMap<string, FunctionDeclaration>;
  readonly services: readonly Service[];
}

export function checkRuleset(tree: RulesetTree, source: Source, service?: Service): Issue[] {
  return new Checker(tree, source).check(service ? [service] : SERVICES);
}

class Checker {
  private readonly tree: RulesetTree;
  private readonly source: Source;
  private readonly issues: Issue[] = [];
  private readonly calls: CallGraph = { roots: new Set(), callees: new Map() };

  constructor(tree: RulesetTree, source: Source) {
    this.tree = tree;
    this.source = source;
  }

  check(services: readonly Service[]): Issue[] {
    const { tree } = this;
    if (tree.version === 1) this.issues.push(this.source.issue('WARNING', OLD_VERSION));
    const outside = declare(
      { variables: new Set(['request', 'resource']), functions: new Map(), services },
      tree.functions,
    );
    this.checkFunctions(tree.functions, outside);
    for (const block of tree.services) {
      const own = SERVICES.filter((name) => name === block.name);
      const names = declare({ ...outside, services: own.length > 0 ? own : services }, block.functions);
      this.checkFunctions(block.functions, names);
      for (const match of block.matches) this.checkMatch(match, names, []);
    }
    this.checkCalls();
    return this.issues;
  }

  private checkMatch(match: MatchBlock, outer: Names, outerPattern: readonly PatternPart[]): void {
    const pattern = [...outerPattern, ...match.pattern];
    this.checkPattern(match, pattern);
    if (match.allows.length > 0 && !outer.services.some((service) => isReachable(pattern, service)))
      this.issues.push(this.source.issue('WARNING', UNREACHABLE, match));
    const wildcards = match.pattern.flatMap((part) => (part.kind === 'literal' ? [] : [part.name]));
    const names = declare({ ...outer, variables: new Set([...outer.variables, ...wildcards]) }, match.functions);
    this.checkFunctions(match.functions, names);
    for (const { condition } of match.allows) if (condition) this.checkExpression(condition, names, undefined);
    for (const inner of match.matches) this.checkMatch(inner, names, pattern);
  }

  /** A recursive wildcard: one for each whole pattern, and in version 1 nothing after it. */
  private checkPattern(match: MatchBlock, pattern: readonly PatternPart[]): void {
    const isMany = pattern.map(({ kind }) => kind === 'many');
    const first = isMany.indexOf(true);
    if (first < 0) return;
    if (isMany.lastIndexOf(true) !== first) this.error('A path may have only one recursive wildcard.', match);
    else if (this.tree.version === 1 && first < pattern.length - 1) {
      this.error('In rules_version="1" a recursive wildcard must come last.', match);
    }
  }

  private checkFunctions(functions: readonly FunctionDeclaration[], names: Names): void {
    for (const declared of functions) {
      if (declared.lets.length > MAX_LETS) this.error(TOO_MANY_LETS, declared.name);
      const variables = new Set([...names.variables, ...declared.parameters]);
      for (const { name, value } of declared.lets) {
        this.checkExpression(value, { ...names, variables: new Set(variables) }, declared);
        variables.add(name.name);
      }
      this.checkExpression(declared.body, { ...names, variables }, declared);
    }
  }

  private checkExpression(root: Expression, names: Names, caller: FunctionDeclaration | undefined): void {
    const namespaces = new Set<Expression>();
    for (const e of withNested(root)) {
      if (e.kind === 'call') this.checkCall(e, names, caller);
      if (e.kind === 'method' && this.checkMethod(e, names)) namespaces.add(e.object);
      if (e.kind === 'name' && !namespaces.has(e) && !names.variables.has(e.name))
        this.warn('Invalid variable name', e);
    }
  }

  private checkCall({ callee }: NodeOf<'call'>, names: Names, caller: FunctionDeclaration | undefined): void {
    const declared = names.functions.get(callee.name);
    if (declared && caller) this.calls.callees.set(caller, (this.calls.callees.get(caller) ?? new Set()).add(declared));
    else if (declared) this.calls.roots.add(declared);
    const isLookup = names.services.includes('cloud.firestore') && LOOKUP_NAMES['cloud.firestore'].has(callee.name);
    const isBuiltIn = castOf(callee.name) !== undefined || isLookup || callee.name === 'debug';
    if (!declared && !isBuiltIn) this.warn('Invalid function name', callee);
  }

  /** Whether the object is a namespace, and so no variable. */
  private checkMethod({ object, callee, args }: NodeOf<'method'>, names: Names): boolean {
    this.checkRegex(callee.name, args);
    const namespace = object.kind === 'name' && !names.variables.has(object.name) ? object.name : undefined;
    const isFirestore = namespace === 'firestore' && names.services.includes('firebase.storage');
    if (namespace !== undefined && (isFirestore || isNamespace(namespace))) {
      const exists = isFirestore
        ? LOOKUP_NAMES['firebase.storage'].has(callee.name)
        : namespaceFunction(namespace, callee.name);
      if (!exists) this.warn('Invalid function name', callee);
      return true;
    }
    if (!isMethod(callee.name)) this.warn('Invalid function name', callee);
    return false;
  }

  private checkRegex(method: string, [pattern]: readonly Expression[]): void {
    if (
      !['matches', 'replace', 'split'].includes(method) ||
      pattern?.kind !== 'literal' ||
      pattern.value.kind !== 'string'
    )
      return;
    if (!compileRegex(pattern.value.value)) this.error(invalidPattern(pattern.value.value), pattern);
  }

  private checkCalls(): void {
    const functions = allFunctions(this.tree);
    const called = new Set([
      ...this.calls.roots,
      ...[...this.calls.callees.values()].flatMap((callees) => [...callees]),
    ]);
    for (const { name } of functions.filter((declared) => !called.has(declared))) this.warn('Unused function', name);
    for (const { description, at } of checkCallDepth(this.calls, functions)) this.error(description, at.name);
  }

  private warn(what: string, name: Named): void {
    this.issues.push(this.source.issue('WARNING', `${what}: ${name.name}.`, name));
  }

  private error(description: string, at: { start: number; end: number }): void {
    this.issues.push(this.source.issue('ERROR', description, at));
  }
}

function declare(names: Names, functions: readonly FunctionDeclaration[]): Names {
  const own = functions.map((declared) => [declared.name.name, declared] as const);
  return { ...names, functions: new Map([...names.functions, ...own]) };
}
