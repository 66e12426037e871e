/** Parser of whole rulesets: versions, services, matches, functions and allow statements. */
import type {
  Allow,
  Expression,
  FunctionDeclaration,
  Let,
  MatchBlock,
  Named,
  PatternPart,
  RulesetTree,
  ServiceBlock,
} from './ast.js';
import { ExpressionParser } from './expression-parser.js';
import type { Method } from './types.js';

const METHODS: Record<string, readonly Method[]> = {
  get: ['get'],
  list: ['list'],
  create: ['create'],
  update: ['update'],
  delete: ['delete'],
  read: ['get', 'list'],
  write: ['create', 'update', 'delete'],
};

/** Blocks deeper than this would only exhaust the stack. */
const MAX_BLOCK_DEPTH = 100;

export class Parser extends ExpressionParser {
  private version: 1 | 2 = 1;
  private blockDepth = 0;

  /** Ruleset : Version? ( Function | Service )* */
  ruleset(): RulesetTree {
    if (this.isNext('rules_version')) this.version = this.rulesVersion();
    const functions: FunctionDeclaration[] = [];
    const services: ServiceBlock[] = [];
    while (this.peek().kind !== 'end') {
      if (this.isNext('function')) functions.push(this.function());
      else services.push(this.service());
    }
    return { version: this.version, functions, services };
  }

  /** Version : `rules_version` `=` String `;`? */
  private rulesVersion(): 1 | 2 {
    this.expect('rules_version');
    this.expect('=');
    const token = this.take();
    const text = token.kind === 'literal' && token.value.kind === 'string' ? token.value.value : undefined;
    if (text !== '1' && text !== '2') return this.unexpected(token);
    this.takeIf(';');
    return text === '1' ? 1 : 2;
  }

  /** Service : `service` Name ( `.` Name )* `{` ( Match | Function )* `}` */
  private service(): ServiceBlock {
    this.expect('service');
    const parts = [this.word().name];
    while (this.takeIf('.')) parts.push(this.word().name);
    const { functions, matches } = this.block(false);
    return { kind: 'service', name: parts.join('.'), functions, matches };
  }

  /** Match : `match` PathPattern `{` ( Match | Function | Allow )* `}` */
  private match(): MatchBlock {
    const { start } = this.expect('match');
    const pattern = this.pattern();
    const end = this.lastEnd;
    return { kind: 'match', pattern, ...this.block(true), start, end };
  }

  private block(mayAllow: boolean): Pick<MatchBlock, 'functions' | 'matches' | 'allows'> {
    const [functions, matches, allows]: [FunctionDeclaration[], MatchBlock[], Allow[]] = [[], [], []];
    const open = this.expect('{');
    if (++this.blockDepth > MAX_BLOCK_DEPTH) this.unexpected(open);
    while (!this.takeIf('}')) {
      if (this.isNext('match')) matches.push(this.match());
      else if (this.isNext('function')) functions.push(this.function());
      else if (mayAllow && this.isNext('allow')) allows.push(this.allow());
      else this.unexpected();
    }
    this.blockDepth--;
    return { functions, matches, allows };
  }

  /** PathPattern : ( `/` ( Word | `{` Name `}` | `{` Name `=` `*` `*` `}` ) )+ */
  private pattern(): PatternPart[] {
    const parts: PatternPart[] = [];
    if (!this.isNext('/')) this.unexpected();
    while (this.takeIf('/')) {
      const word = this.pathWord();
      parts.push(word === undefined ? this.wildcard() : { kind: 'literal', text: word });
    }
    return parts;
  }

  private wildcard(): PatternPart {
    if (this.takeIf('(')) return this.defaultDatabasePart();
    this.expect('{');
    const { name } = this.name();
    const isMany = this.takeIf('=') !== undefined;
    if (isMany) for (const star of ['*', '*']) this.expect(star);
    this.expect('}');
    return { kind: isMany ? 'many' : 'one', name };
  }

  private defaultDatabasePart(): PatternPart {
    for (const text of ['default', ')']) this.expect(text);
    return { kind: 'literal', text: '(default)' };
  }

  /** Allow : `allow` Method ( `,` Method )* ( `:` `if` Expr )? `;`? */
  private allow(): Allow {
    const { start } = this.expect('allow');
    const methods = new Set<Method>();
    do for (const method of this.methods()) methods.add(method);
    while (this.takeIf(','));
    const condition = this.takeIf(':') ? this.condition() : undefined;
    this.takeIf(';');
    const allow = { kind: 'allow' as const, methods, start, end: this.lastEnd };
    return condition ? { ...allow, condition } : allow;
  }

  private methods(): readonly Method[] {
    const token = this.peek();
    const methods = Object.hasOwn(METHODS, token.text) ? METHODS[token.text] : undefined;
    this.word();
    return methods ?? this.unexpected(token);
  }

  private condition(): Expression {
    const first = this.peek();
    const isIf = this.takeIf('if');
    if (!isIf) return this.fault("Missing 'if' before conditional expression.", first);
    if (this.isNext(';')) return this.fault("Missing conditional expression after 'if'.", isIf);
    return this.expression();
  }

  /** Function : `function` Name `(` Names? `)` `{` Let* `return` Expr `;`? `}` */
  private function(): FunctionDeclaration {
    this.expect('function');
    const name = this.name();
    const parameters = this.parameters();
    this.expect('{');
    const lets: Let[] = [];
    while (this.isNext('let')) lets.push(this.let());
    this.expect('return');
    const body = this.expression();
    this.takeIf(';');
    this.expect('}');
    return { kind: 'function', name, parameters, lets, body };
  }

  /** Names : Name ( `,` Name )* */
  private parameters(): string[] {
    const names: Named[] = [];
    this.expect('(');
    if (this.takeIf(')')) return [];
    do names.push(this.name());
    while (this.takeIf(','));
    this.expect(')');
    return names.map(({ name }) => name);
  }

  /** Let : `let` Name `=` Expr `;`, in version 2 only */
  private let(): Let {
    const keyword = this.expect('let');
    if (this.version === 1) this.fault('Let bindings are not allowed in rules_version="1"', keyword);
    const name = this.name();
    this.expect('=');
    const value = this.expression();
    if (!this.takeIf(';')) this.fault(`missing ';' at '${this.peek().text}'`, this.peek());
    return { name, value };
  }
}
