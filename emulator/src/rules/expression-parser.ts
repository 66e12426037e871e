/** Parser of expressions. Each method carries the production it reads. */
import { listChildren, type BinaryOperator, type Expression, type ExpressionNode } from './ast.js';
import { TokenReader } from './token-reader.js';
import { int, list } from './values.js';

/** Names that may follow `is`. `set` is accepted, although no value matches it. */
const TYPE_NAMES = new Set([
  'bool',
  'bytes',
  'duration',
  'float',
  'int',
  'latlng',
  'list',
  'map',
  'number',
  'path',
  'set',
  'string',
  'timestamp',
]);

/** Levels of nesting that the official compiler accepts: 98 terms of one `&&` chain pass, 99 do not. */
const MAX_DEPTH = 98;
const MAX_INT = 2n ** 63n - 1n;
const TOO_COMPLEX = 'Expression is too complex to evaluate safely.';

export class ExpressionParser extends TokenReader {
  protected nesting = 0;

  /** Expr : Or ( `?` Expr `:` Expr )? */
  protected expression(): Expression {
    const { start } = this.peek();
    return this.nested(() => {
      const condition = this.or();
      if (!this.takeIf('?')) return condition;
      const whenTrue = this.expression();
      this.expect(':');
      return this.node(start, { kind: 'ternary', condition, whenTrue, whenFalse: this.expression() });
    });
  }

  /** Or : And ( `||` And )* */
  private or(): Expression {
    return this.leftToRight(['||'], () => this.and());
  }

  /** And : Eq ( `&&` Eq )* */
  private and(): Expression {
    return this.leftToRight(['&&'], () => this.equality());
  }

  /** Eq : In ( ( `==` | `!=` ) In )* */
  private equality(): Expression {
    return this.leftToRight(['==', '!='], () => this.membership());
  }

  /** In : Rel ( `in` Rel | `is` TypeName )* */
  private membership(): Expression {
    const { start } = this.peek();
    let left = this.relation();
    for (;;) {
      if (this.takeIf('in')) left = this.node(start, { kind: 'binary', op: 'in', left, right: this.relation() });
      else if (this.takeIf('is')) left = this.node(start, { kind: 'is', operand: left, type: this.typeName() });
      else return left;
    }
  }

  private typeName(): string {
    return TYPE_NAMES.has(this.peek().text)
      ? this.word().name
      : this.unexpected(`a type: ${[...TYPE_NAMES].join(', ')}`);
  }

  /** Rel : Add ( ( `<` | `<=` | `>` | `>=` ) Add )* */
  private relation(): Expression {
    return this.leftToRight(['<', '<=', '>', '>='], () => this.sum());
  }

  /** Add : Mul ( ( `+` | `-` ) Mul )* */
  private sum(): Expression {
    return this.leftToRight(['+', '-'], () => this.product());
  }

  /** Mul : Unary ( ( `*` | `/` | `%` ) Unary )* */
  private product(): Expression {
    return this.leftToRight(['*', '/', '%'], () => this.unary());
  }

  private leftToRight(operators: readonly BinaryOperator[], operand: () => Expression): Expression {
    const { start } = this.peek();
    let left = operand();
    for (;;) {
      const op = operators.find((operator) => this.isNext(operator));
      if (!op) return left;
      this.take();
      left = this.node(start, { kind: 'binary', op, left, right: operand() });
    }
  }

  /** Unary : ( `!` | `-` )* Postfix */
  private unary(): Expression {
    const { start } = this.peek();
    const op = this.takeIf('!') ? '!' : this.takeIf('-') ? '-' : undefined;
    if (!op) return this.postfix();
    const least = op === '-' ? this.leastInt(start) : undefined;
    return least ?? this.nested(() => this.node(start, { kind: 'unary', op, operand: this.unary() }));
  }

  /** Parses the least int. It has no positive counterpart, so its minus belongs to the literal. */
  private leastInt(start: number): Expression | undefined {
    const token = this.peek();
    if (token.kind !== 'literal' || token.value.kind !== 'int' || token.value.value !== MAX_INT + 1n) return undefined;
    this.take();
    return this.node(start, { kind: 'literal', value: int(-token.value.value) });
  }

  /** Postfix : Primary ( `.` Name | `.` Name `(` Args? `)` | `[` Expr `]` | `[` Expr `:` Expr `]` )* */
  private postfix(): Expression {
    const { start } = this.peek();
    let object = this.primary();
    for (;;) {
      if (this.takeIf('.')) object = this.node(start, this.parseMember(object));
      else if (this.takeIf('[')) object = this.node(start, this.parseElement(object));
      else return object;
    }
  }

  private parseMember(object: Expression): ExpressionNode {
    const callee = this.word();
    if (!this.takeIf('(')) return { kind: 'member', object, name: callee.name };
    return { kind: 'method', object, callee, args: this.listUntil(')') };
  }

  private parseElement(object: Expression): ExpressionNode {
    const index = this.expression();
    const to = this.takeIf(':') ? this.expression() : undefined;
    this.expect(']');
    return to ? { kind: 'slice', object, from: index, to } : { kind: 'index', object, index };
  }

  /** Primary : literal | Name | Name `(` Args? `)` | `(` Expr `)` | List | Map | PathLiteral */
  private primary(): Expression {
    const token = this.peek();
    if (token.kind === 'literal') return this.literal(token.start);
    if (token.kind === 'name') return this.nameOrCall();
    if (this.takeIf('(')) return this.parenthesised(token.start);
    if (this.takeIf('[')) return this.node(token.start, createList(this.listUntil(']')));
    if (this.takeIf('{')) return this.map(token.start);
    if (this.isNext('/')) return this.path(token.start);
    return this.unexpected('an expression');
  }

  private literal(start: number): Expression {
    const token = this.take();
    if (token.kind !== 'literal') return this.unexpected('a literal', token);
    if (token.value.kind === 'int' && token.value.value > MAX_INT)
      return this.unexpected('an int of at most 64 bits', token);
    return this.node(start, { kind: 'literal', value: token.value });
  }

  private nameOrCall(): Expression {
    const { start } = this.peek();
    if (this.takeIf('null')) return this.node(start, { kind: 'literal', value: { kind: 'null' } });
    if (this.isNext('true', 'false')) {
      return this.node(start, { kind: 'literal', value: { kind: 'bool', value: this.take().text === 'true' } });
    }
    const callee = this.name();
    if (!this.takeIf('(')) return this.node(start, { kind: 'name', name: callee.name });
    return this.node(start, { kind: 'call', callee, args: this.listUntil(')') });
  }

  private parenthesised(start: number): Expression {
    const inner = this.expression();
    this.expect(')');
    return this.bounded({ ...inner, start, end: this.lastEnd, depth: inner.depth + 1 });
  }

  /** List, Args : ( Expr ( `,` Expr )* )? and the closing bracket */
  private listUntil(close: ')' | ']'): Expression[] {
    const items: Expression[] = [];
    if (this.takeIf(close)) return items;
    do items.push(this.expression());
    while (this.takeIf(','));
    this.expect(close);
    return items;
  }

  /** Map : `{` ( Expr `:` Expr ( `,` Expr `:` Expr )* )? `}` */
  private map(start: number): Expression {
    const entries: { key: Expression; value: Expression }[] = [];
    while (!this.isNext('}')) {
      const key = this.expression();
      this.expect(':');
      entries.push({ key, value: this.expression() });
      if (!this.takeIf(',')) break;
    }
    this.expect('}');
    return this.node(start, { kind: 'map', entries });
  }

  /** PathLiteral : ( `/` ( Word | `(default)` | `$(` Expr `)` ) )+ */
  private path(start: number): Expression {
    const segments: (string | Expression)[] = [];
    while (this.takeIf('/')) {
      const word = this.pathWord();
      if (word !== undefined) segments.push(word);
      else segments.push(this.takeIf('$') ? this.interpolation() : this.defaultDatabase());
    }
    return this.node(start, { kind: 'path', segments });
  }

  private interpolation(): Expression {
    this.expect('(');
    const inner = this.expression();
    this.expect(')');
    return inner;
  }

  private defaultDatabase(): string {
    this.expect('(');
    this.expect('default');
    this.expect(')');
    return '(default)';
  }

  /** Limits recursion where the parser descends before it has a node whose depth it can check. */
  private nested(parse: () => Expression): Expression {
    const first = this.peek();
    if (++this.nesting > MAX_DEPTH) this.fault(TOO_COMPLEX, first);
    const parsed = parse();
    this.nesting--;
    return parsed;
  }

  private node(start: number, node: ExpressionNode): Expression {
    const depth = listChildren(node).reduce((deepest, child) => Math.max(deepest, child.depth), 0) + 1;
    return this.bounded({ ...node, start, end: this.lastEnd, depth });
  }

  private bounded(expression: Expression): Expression {
    if (expression.depth > MAX_DEPTH) this.fault(TOO_COMPLEX, expression);
    return expression;
  }
}

function createList(items: readonly Expression[]): ExpressionNode {
  const literals = items.flatMap((item) => (item.kind === 'literal' ? [item.value] : []));
  return { kind: 'list', items, ...(literals.length === items.length && { constant: list(literals) }) };
}
