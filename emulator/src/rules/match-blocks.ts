/** The match blocks of a service, flattened: finds the statements that apply to a path and the names in their scope. */
import type { Allow, FunctionDeclaration, MatchBlock, PatternPart, RulesetTree, ServiceBlock } from './ast.js';
import type { ExpressionValue } from './outcome.js';
import { matchPattern, type Segment } from './patterns.js';
import { Scope } from './scope.js';

/** A match block with its enclosing blocks, outermost first. */
interface FlatBlock {
  chain: readonly MatchBlock[];
  pattern: readonly PatternPart[];
}

/** An allow statement that applies to a path, and the names that its condition may use. */
export interface ApplicableRule {
  allow: Allow;
  scope: Scope;
}

export class ServiceRules {
  private readonly version: 1 | 2;
  private readonly functions: readonly FunctionDeclaration[];
  private readonly service: ServiceBlock;
  private readonly rules: readonly { allow: Allow; block: FlatBlock }[];

  constructor(tree: RulesetTree, service: ServiceBlock) {
    this.version = tree.version;
    this.functions = tree.functions;
    this.service = service;
    const blocks = flatten(service.matches, []);
    this.rules = blocks
      .flatMap((block) => (block.chain.at(-1)?.allows ?? []).map((allow) => ({ allow, block })))
      .sort((a, b) => a.allow.start - b.allow.start);
  }

  get name(): string {
    return this.service.name;
  }

  /** Lists the statements of all blocks that match the path, in source order, for all methods. */
  *applicable(segments: readonly Segment[], globals: ReadonlyMap<string, ExpressionValue>): Generator<ApplicableRule> {
    const outer = new Scope(new Scope(undefined, globals, this.functions), new Map(), this.service.functions);
    const scopes = new Map<FlatBlock, Scope | undefined>();
    for (const { allow, block } of this.rules) {
      if (!scopes.has(block)) scopes.set(block, this.createScope(block, segments, outer));
      const scope = scopes.get(block);
      if (scope) yield { allow, scope };
    }
  }

  private createScope({ chain, pattern }: FlatBlock, segments: readonly Segment[], outer: Scope): Scope | undefined {
    const values = matchPattern(pattern, segments, this.version);
    if (!values) return undefined;
    let [scope, at] = [outer, 0];
    for (const block of chain) {
      const bindings = new Map<string, ExpressionValue>();
      for (const part of block.pattern) {
        const value = values[at++];
        if (part.kind !== 'literal' && value) bindings.set(part.name, value);
      }
      scope = new Scope(scope, bindings, block.functions);
    }
    return scope;
  }
}

function flatten(matches: readonly MatchBlock[], outer: readonly MatchBlock[]): FlatBlock[] {
  return matches.flatMap((match) => {
    const chain = [...outer, match];
    return [{ chain, pattern: chain.flatMap(({ pattern }) => pattern) }, ...flatten(match.matches, chain)];
  });
}
