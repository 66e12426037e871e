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
  Span,
} from './ast.js';
import { ExpressionParser } from './expression-parser.js';
import { SyntaxFault } from './source.js';
import type { RulesMethod } from './types.js';

const METHODS: Record<string, readonly RulesMethod[]> = {
  get: ['get'],
  list: ['list'],
  create: ['create'],
  update: ['update'],
  delete: ['delete'],
  read: ['get', 'list'],
  write: ['create', 'update', 'delete'],
};

/** The limit on nested blocks; deeper ones would exhaust the stack. */
const MAX_BLOCK_DEPTH = 100;
/** The syntax faults that are reported for one source; more would not help. */
const MAX_FAULTS = 50;
/** Keywords that a source may begin with. Source of the text: the official compiler, for JSON passed as rules. */
const FIRST_WORDS = ['function', 'import', 'service', 'rules_version'];
const STATEMENTS = ['allow', 'function', 'match'];

export class Parser extends ExpressionParser {
  /** In the order found. The tree is unusable when there is any. */
  readonly faults: SyntaxFault[] = [];
  private version: 1 | 2 = 1;
  private blockDepth = 0;

  /** Ruleset : Version? ( Function | Service )* */
  ruleset(): RulesetTree {
    const functions: FunctionDeclaration[] = [];
    const services: ServiceBlock[] = [];
    this.recovering(() => this.parseFirstStatement(), ['function', 'service']);
    while (this.peek().kind !== 'end') {
      this.recovering(() => {
        if (this.isNext('function')) functions.push(this.function());
        else services.push(this.service());
      }, ['function', 'service']);
    }
    return { version: this.version, functions, services };
  }

  private parseFirstStatement(): void {
    const { kind, text } = this.peek();
    if (this.isNext('rules_version')) this.version = this.rulesVersion();
    else if (kind !== 'end' && !this.isNext(...FIRST_WORDS)) this.mismatched(text, FIRST_WORDS.map(quoted));
  }

  /** Throws a fault in the words of the official compiler's parser generator. */
  private mismatched(text: string, expected: readonly string[]): never {
    return this.fault(`mismatched input '${text}' expecting {${expected.join(', ')}}`, this.peek());
  }

  /**
   * Reads a statement. After a syntax error in it, records the error and continues after the statement, or at one of
   * the given words.
   */
  private recovering(statement: () => void, words: readonly string[]): void {
    const { start } = this.peek();
    const [braces, blockDepth] = [this.openBraces, this.blockDepth];
    try {
      statement();
    } catch (fault) {
      if (!(fault instanceof SyntaxFault) || this.recordFault(fault) >= MAX_FAULTS) throw fault;
      this.nesting = 0;
      this.skipStatement(this.isOnNewLine(fault.at) ? [start] : [start, fault.at.start], braces, words);
      [this.openBraces, this.blockDepth] = [braces, blockDepth];
    }
  }

  /** Records a fault unless it follows from an earlier one at the same place. Returns the number of faults. */
  private recordFault(fault: SyntaxFault): number {
    if (this.faults.at(-1)?.at.start !== fault.at.start) this.faults.push(fault);
    return this.faults.length;
  }

  /**
   * Skips to the end of a statement that began with `braces` open braces. Tokens at the offsets `inside` do not begin a
   * statement.
   */
  private skipStatement(inside: readonly number[], braces: number, words: readonly string[]): void {
    let last = '';
    while (this.peek().kind !== 'end') {
      const isWhole = this.openBraces <= braces;
      if (isWhole && this.isNext('}') && braces > 0) return;
      // A keyword inside a function or condition begins the next statement; a brace or a semicolon is missing before
      // it.
      const mayBegin = last !== '.' && !inside.includes(this.peek().start);
      if (mayBegin && this.openBraces <= braces + 1 && this.isNext(...words)) return;
      if (isWhole && last === ';') return;
      last = this.take().text;
    }
  }

  private isOnNewLine({ start }: Span): boolean {
    return /(^|\n)[^\S\n]*$/.test(this.source.text.slice(Math.max(0, start - 200), start));
  }

  /** Version : `rules_version` `=` String `;`? */
  private rulesVersion(): 1 | 2 {
    this.expect('rules_version');
    this.expect('=');
    const token = this.take();
    const text = token.kind === 'literal' && token.value.kind === 'string' ? token.value.value : undefined;
    if (text !== '1' && text !== '2') return this.unexpected("'1' or '2'", token);
    this.takeIf(';');
    return text === '1' ? 1 : 2;
  }

  /** Service : `service` Name ( `.` Name )* `{` ( Match | Function )* `}` */
  private service(): ServiceBlock {
    if (this.takeIf('import')) this.unexpected('nothing: files cannot be imported');
    if (!this.takeIf('service')) this.unexpected("'function' or 'service'");
    const parts = [this.word().name];
    while (this.takeIf('.')) parts.push(this.word().name);
    const { functions, matches } = this.block(false);
    return { kind: 'service', name: parts.join('.'), functions, matches };
  }

  /** Match : `match` PathPattern `{` ( Match | Function | Allow )* `}` */
  private match(): MatchBlock {
    const keyword = this.takeIf('match');
    const { start } = keyword ?? this.peek();
    if (!keyword) this.recordFault(new SyntaxFault("Missing 'match' keyword before path.", this.peek(), "'match'"));
    const pattern = this.patternBeforeBody();
    const end = this.lastEnd;
    return { kind: 'match', pattern, ...this.block(true), start, end };
  }

  private block(mayAllow: boolean): Pick<MatchBlock, 'functions' | 'matches' | 'allows'> {
    const [functions, matches, allows]: [FunctionDeclaration[], MatchBlock[], Allow[]] = [[], [], []];
    const open = this.expect('{');
    if (++this.blockDepth > MAX_BLOCK_DEPTH) this.unexpected(`at most ${MAX_BLOCK_DEPTH} nested blocks`, open);
    while (!this.takeIf('}')) {
      if (this.peek().kind === 'end') this.unexpected("'}'");
      this.recovering(() => {
        if (this.isNext('match', '/')) matches.push(this.match());
        else if (this.isNext('function')) functions.push(this.function());
        else if (mayAllow && this.isNext('allow')) allows.push(this.allow());
        else this.unexpected(mayAllow ? "'allow', 'match', 'function' or '}'" : "'match', 'function' or '}'");
      }, STATEMENTS);
    }
    this.blockDepth--;
    return { functions, matches, allows };
  }

  /** PathPattern : ( `/` ( Word | `{` Name `}` | `{` Name `=` `*` `*` `}` ) )+ */
  private pattern(): PatternPart[] {
    const parts: PatternPart[] = [];
    if (!this.isNext('/')) this.unexpected("a path, which begins with '/'");
    while (this.takeIf('/')) {
      const word = this.pathWord();
      parts.push(word === undefined ? this.wildcard() : { kind: 'literal', text: word });
    }
    return parts;
  }

  /**
   * Reads the pattern of a match. Records and skips an incomplete one, so that the block after it is parsed as well.
   */
  private patternBeforeBody(): PatternPart[] {
    const braces = this.openBraces;
    try {
      const pattern = this.pattern();
      if (this.isNext('{')) return pattern;
      const { text, start, end } = this.peek();
      const description = `mismatched input '${text}' expecting {'{', '/', PATH_SEGMENT}`;
      throw new SyntaxFault(description, { start, end }, "'{' or a further '/segment'");
    } catch (fault) {
      if (!(fault instanceof SyntaxFault) || !this.skipToBody(braces)) throw fault;
      this.recordFault(fault);
      return [];
    }
  }

  /**
   * Skips to the brace that opens a block; returns false when the next statement comes first. The brace of a wildcard
   * follows a slash.
   */
  private skipToBody(braces: number): boolean {
    while (!this.isNext('{') || this.source.text[this.peek().start - 1] === '/') {
      if (this.peek().kind === 'end' || this.isNext(...STATEMENTS, ';')) return false;
      if (this.isNext('}') && this.openBraces <= braces) return false;
      this.take();
    }
    this.openBraces = braces;
    return true;
  }

  private wildcard(): PatternPart {
    if (this.takeIf('(')) return this.defaultDatabasePart();
    if (!this.takeIf('{')) this.unexpected("a path segment, '{name}' or '{name=**}'");
    const name = this.name();
    const isMany = this.takeIf('=') !== undefined;
    if (isMany) for (const star of ['*', '*']) this.expect(star);
    this.expect('}');
    return { kind: isMany ? 'many' : 'one', ...name };
  }

  private defaultDatabasePart(): PatternPart {
    for (const text of ['default', ')']) this.expect(text);
    return { kind: 'literal', text: '(default)' };
  }

  /** Allow : `allow` Method ( `,` Method )* ( `:` `if` Expr )? `;`? */
  private allow(): Allow {
    const { start } = this.expect('allow');
    const methods = new Set<RulesMethod>();
    do for (const method of this.methods()) methods.add(method);
    while (this.takeIf(','));
    const condition = this.takeIf(':') ? this.condition() : undefined;
    this.takeIf(';');
    const allow = { kind: 'allow' as const, methods, start, end: this.lastEnd };
    return condition ? { ...allow, condition } : allow;
  }

  private methods(): readonly RulesMethod[] {
    const token = this.peek();
    const methods = Object.hasOwn(METHODS, token.text) ? METHODS[token.text] : undefined;
    this.word();
    return methods ?? this.unexpected(`a method: ${Object.keys(METHODS).join(', ')}`, token);
  }

  private condition(): Expression {
    const first = this.peek();
    const isIf = this.takeIf('if');
    if (!isIf) return this.fault("Missing 'if' before conditional expression.", first);
    if (this.isNext(';', '}')) return this.fault("Missing conditional expression after 'if'.", isIf);
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
    if (!this.takeIf('return')) this.unexpected("'let' or 'return'");
    const body = this.expression();
    this.takeIf(';');
    this.expect('}');
    return { kind: 'function', name, parameters, lets, body };
  }

  /** Names : Name ( `,` Name )* */
  private parameters(): Named[] {
    const names: Named[] = [];
    this.expect('(');
    if (this.takeIf(')')) return [];
    do names.push(this.name());
    while (this.takeIf(','));
    this.expect(')');
    return names;
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

const quoted = (word: string): string => `'${word}'`;
