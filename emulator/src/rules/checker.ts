/** Checks a parsed ruleset: names, calls, wildcards and literal patterns. */
import type { Expression, FunctionDeclaration, MatchBlock, Named, NodeOf, PatternPart, RulesetTree } from './ast.js';
import { calledFromConditions, checkCallDepth, type CallGraph } from './call-graph.js';
import { findCast, isMethod, isNamespace, findNamespaceFunction } from './builtins/index.js';
import { invalidPattern } from './builtins/string.js';
import { LOOKUP_NAMES } from './document-lookups.js';
import { findMisplacedNulls } from './null-flow.js';
import { isReachable } from './reachable-paths.js';
import { compileRegex } from './regex/index.js';
import type { Source } from './source.js';
import { allFunctions, expressionsIn, withNested } from './tree-walk.js';
import type { Issue, RulesRequest } from './types.js';

/** The official compiler's message says 10, but its eleventh `let` still passes. */
const MAX_LETS = 11;
const TOO_MANY_LETS = 'Maximum allowed variable count of 10 for a given function has been reached.';
const OLD_VERSION = 'Ruleset uses old version (version [1]). Please update to the latest version (version [2]).';
const UNREACHABLE = 'Unreachable match: no request has a path of this form.';
const SERVICES = ['cloud.firestore', 'firebase.storage'] as const;
/** The variables of a request, which conditions and the functions they call may use. */
const REQUEST_VARIABLES = ['request', 'resource'];

type Service = RulesRequest['service'];

/**
 * The names that are visible at one place of the source. A function sees the names of the place where it is declared.
 */
interface Names {
  readonly variables: ReadonlySet<string>;
  readonly functions: ReadonlyMap<string, FunctionDeclaration>;
  readonly services: readonly Service[];
}

/** Checks a parsed ruleset and returns its issues; with `service` only those of that service's part. */
export function checkRuleset(tree: RulesetTree, source: Source, service?: Service): Issue[] {
  return new Checker(tree, source).check(service ? [service] : SERVICES);
}

class Checker {
  private readonly tree: RulesetTree;
  private readonly source: Source;
  private readonly issues: Issue[] = [];
  private readonly calls: CallGraph = { roots: new Set(), callees: new Map() };
  /**
   * Functions that use a name of requests. The issue is reported unless a condition calls the function, directly or
   * not.
   */
  private readonly ofRequests: { user: FunctionDeclaration; issue: Issue }[] = [];

  /** The function that each call in the source refers to. */
  private readonly targets = new Map<NodeOf<'call'>, FunctionDeclaration>();

  constructor(tree: RulesetTree, source: Source) {
    this.tree = tree;
    this.source = source;
  }

  check(services: readonly Service[]): Issue[] {
    const { tree } = this;
    if (tree.version === 1) this.issues.push(this.source.issue('WARNING', OLD_VERSION));
    const outside = declare({ variables: new Set(REQUEST_VARIABLES), functions: new Map(), services }, tree.functions);
    this.checkFunctions(tree.functions, outside);
    for (const block of tree.services) {
      const own = SERVICES.filter((name) => name === block.name);
      const names = declare({ ...outside, services: own.length > 0 ? own : services }, block.functions);
      this.checkFunctions(block.functions, names);
      for (const match of block.matches) this.checkMatch(match, names, []);
    }
    this.checkCalls();
    this.checkNulls();
    return this.issues;
  }

  private checkMatch(match: MatchBlock, outer: Names, outerPattern: readonly PatternPart[]): void {
    const pattern = [...outerPattern, ...match.pattern];
    this.checkPattern(match, pattern);
    if (match.allows.length > 0 && !outer.services.some((service) => isReachable(pattern, service)))
      this.issues.push(this.source.issue('WARNING', UNREACHABLE, match));
    for (const part of match.pattern) if (part.kind !== 'literal') this.checkBinding(part);
    const wildcards = match.pattern.flatMap((part) => (part.kind === 'literal' ? [] : [part.name]));
    const names = declare({ ...outer, variables: new Set([...outer.variables, ...wildcards]) }, match.functions);
    this.checkFunctions(match.functions, names);
    for (const { condition } of match.allows) if (condition) this.checkExpression(condition, names, undefined);
    for (const inner of match.matches) this.checkMatch(inner, names, pattern);
  }

  /** Checks recursive wildcards: one for each whole pattern, and in version 1 nothing after it. */
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
      this.checkVariables(declared);
      const variables = new Set([...names.variables, ...declared.parameters.map(({ name }) => name)]);
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
      if (e.kind === 'name' && !namespaces.has(e)) this.checkName(e, names, caller);
    }
  }

  private checkName(e: NodeOf<'name'>, names: Names, user: FunctionDeclaration | undefined): void {
    if (isNamespace(e.name)) this.checkBinding(e);
    else if (!names.variables.has(e.name)) this.warn('Invalid variable name', e);
    else if (user && REQUEST_VARIABLES.includes(e.name) && !bindsName(user, e.name))
      this.ofRequests.push({ user, issue: this.warning('Invalid variable name', e) });
  }

  /** Refuses a package's name where it is bound and where it is read. Source of the text: the official compiler. */
  private checkBinding(name: Named): void {
    if (isNamespace(name.name)) this.error(`${name.name} is a package and cannot be used as variable name.`, name);
  }

  /** Checks parameters and lets: they may not have a package's name, and each should be read. */
  private checkVariables({ parameters, lets, ...declared }: FunctionDeclaration): void {
    const read = new Set<string>();
    for (const root of expressionsIn({ parameters, lets, ...declared }))
      for (const e of withNested(root)) if (e.kind === 'name') read.add(e.name);
    for (const bound of [...parameters, ...lets.map(({ name }) => name)]) {
      this.checkBinding(bound);
      if (!read.has(bound.name)) this.warn('Unused variable', bound);
    }
  }

  private checkCall(call: NodeOf<'call'>, names: Names, caller: FunctionDeclaration | undefined): void {
    const { callee } = call;
    const declared = names.functions.get(callee.name);
    if (declared) this.targets.set(call, declared);
    if (declared && caller) this.calls.callees.set(caller, (this.calls.callees.get(caller) ?? new Set()).add(declared));
    else if (declared) this.calls.roots.add(declared);
    const isLookup = names.services.includes('cloud.firestore') && LOOKUP_NAMES['cloud.firestore'].has(callee.name);
    const isBuiltIn = findCast(callee.name) !== undefined || isLookup || callee.name === 'debug';
    if (declared) return;
    if (!isBuiltIn) this.warn('Invalid function name', callee);
    else if (caller && isLookup)
      this.ofRequests.push({ user: caller, issue: this.warning('Invalid function name', callee) });
  }

  /** Checks a method call; returns whether its object is a namespace and not a variable. */
  private checkMethod({ object, callee, args }: NodeOf<'method'>, names: Names): boolean {
    this.checkRegex(callee.name, args);
    const namespace = object.kind === 'name' && !names.variables.has(object.name) ? object.name : undefined;
    const isFirestore = namespace === 'firestore' && names.services.includes('firebase.storage');
    if (namespace !== undefined && (isFirestore || isNamespace(namespace))) {
      const exists = isFirestore
        ? LOOKUP_NAMES['firebase.storage'].has(callee.name)
        : findNamespaceFunction(namespace, callee.name);
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
    const inUse = calledFromConditions(this.calls);
    this.issues.push(...this.ofRequests.filter(({ user }) => !inUse.has(user)).map(({ issue }) => issue));
    for (const { description, at } of checkCallDepth(this.calls, functions)) this.error(description, at.name);
  }

  /** Warns of misplaced nulls. Source of the text: the official compiler. */
  private checkNulls(): void {
    for (const { at, expected } of findMisplacedNulls(this.tree, this.targets)) {
      const description = `Invalid type. Received one of [null]. Expected one of [${expected.join(', ')}].`;
      this.issues.push(this.source.issue('WARNING', description, at));
    }
  }

  private warn(what: string, name: Named): void {
    this.issues.push(this.warning(what, name));
  }

  private warning(what: string, name: Named): Issue {
    return this.source.issue('WARNING', `${what}: ${name.name}.`, name);
  }

  private error(description: string, at: { start: number; end: number }): void {
    this.issues.push(this.source.issue('ERROR', description, at));
  }
}

function declare(names: Names, functions: readonly FunctionDeclaration[]): Names {
  const own = functions.map((declared) => [declared.name.name, declared] as const);
  return { ...names, functions: new Map([...names.functions, ...own]) };
}

const bindsName = ({ parameters, lets }: FunctionDeclaration, name: string): boolean =>
  [...parameters, ...lets.map((bound) => bound.name)].some((bound) => bound.name === name);
