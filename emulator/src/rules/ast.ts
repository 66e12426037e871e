/** The tree of a ruleset. Spans are UTF-16 offsets into the source, the end exclusive. */
import type { RulesMethod, RulesValue } from './types.js';

export interface Span {
  start: number;
  end: number;
}

export interface Named extends Span {
  name: string;
}

export type BinaryOperator = '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+' | '-' | '*' | '/' | '%';

export type ExpressionNode =
  | { kind: 'literal'; value: RulesValue }
  | { kind: 'name'; name: string }
  /** `constant` where all items are literals. */
  | { kind: 'list'; items: readonly Expression[]; constant?: RulesValue }
  | { kind: 'map'; entries: readonly { key: Expression; value: Expression }[] }
  | { kind: 'path'; segments: readonly (string | Expression)[] }
  | { kind: 'member'; object: Expression; name: string }
  | { kind: 'index'; object: Expression; index: Expression }
  | { kind: 'slice'; object: Expression; from: Expression; to: Expression }
  | { kind: 'call'; callee: Named; args: readonly Expression[] }
  | { kind: 'method'; object: Expression; callee: Named; args: readonly Expression[] }
  | { kind: 'unary'; op: '!' | '-'; operand: Expression }
  | { kind: 'binary'; op: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'is'; operand: Expression; type: string }
  | { kind: 'ternary'; condition: Expression; whenTrue: Expression; whenFalse: Expression };

/** `depth` counts the levels of nesting below and including this node; a parenthesis is one. */
export type Expression = ExpressionNode & Span & { depth: number };

export type NodeOf<K extends ExpressionNode['kind']> = Extract<Expression, { kind: K }>;

export interface Let {
  name: Named;
  value: Expression;
}

export interface FunctionDeclaration {
  kind: 'function';
  name: Named;
  parameters: readonly Named[];
  lets: readonly Let[];
  body: Expression;
}

export interface Allow extends Span {
  kind: 'allow';
  methods: ReadonlySet<RulesMethod>;
  condition?: Expression;
}

type Wildcard = Named & { kind: 'one' | 'many' };

export type PatternPart = { kind: 'literal'; text: string } | Wildcard;

export interface MatchBlock extends Span {
  kind: 'match';
  pattern: readonly PatternPart[];
  functions: readonly FunctionDeclaration[];
  allows: readonly Allow[];
  matches: readonly MatchBlock[];
}

export interface ServiceBlock {
  kind: 'service';
  name: string;
  functions: readonly FunctionDeclaration[];
  matches: readonly MatchBlock[];
}

export interface RulesetTree {
  version: 1 | 2;
  functions: readonly FunctionDeclaration[];
  services: readonly ServiceBlock[];
}

/** Lists the expressions directly inside another, in source order. */
export function listChildren(e: ExpressionNode): readonly Expression[] {
  switch (e.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'list':
      return e.items;
    case 'map':
      return e.entries.flatMap(({ key, value }) => [key, value]);
    case 'path':
      return e.segments.filter((segment) => typeof segment !== 'string');
    case 'member':
      return [e.object];
    case 'index':
      return [e.object, e.index];
    case 'slice':
      return [e.object, e.from, e.to];
    case 'call':
      return e.args;
    case 'method':
      return [e.object, ...e.args];
    case 'unary':
    case 'is':
      return [e.operand];
    case 'binary':
      return [e.left, e.right];
    case 'ternary':
      return [e.condition, e.whenTrue, e.whenFalse];
  }
}
