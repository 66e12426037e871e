import type { Named, Span } from './ast.js';
import { Lexer, type Token } from './lexer.js';
import { SyntaxFault, type Source } from './source.js';

/** Words that cannot name a variable, a function or a wildcard, although they may name a field. */
const KEYWORDS = new Set([
  'allow',
  'false',
  'function',
  'if',
  'in',
  'is',
  'let',
  'match',
  'null',
  'return',
  'service',
  'true',
]);

/** The part that both parsers share: one token of look-ahead over the lexer. */
export class TokenReader {
  protected readonly source: Source;
  private readonly lexer: Lexer;
  private ahead: Token | undefined;
  /** The offset at which the last token taken ends. */
  protected lastEnd = 0;
  /** The number of braces that are open here. */
  protected openBraces = 0;

  constructor(source: Source) {
    this.source = source;
    this.lexer = new Lexer(source.text);
  }

  protected peek(): Token {
    this.ahead ??= this.lexer.next();
    return this.ahead;
  }

  protected take(): Token {
    const token = this.peek();
    this.ahead = undefined;
    this.lastEnd = token.end;
    if (token.kind === 'symbol' && token.text === '{') this.openBraces++;
    if (token.kind === 'symbol' && token.text === '}') this.openBraces--;
    return token;
  }

  protected isNext(...texts: readonly string[]): boolean {
    const { kind, text } = this.peek();
    return (kind === 'symbol' || kind === 'name') && texts.includes(text);
  }

  protected takeIf(text: string): Token | undefined {
    return this.isNext(text) ? this.take() : undefined;
  }

  protected expect(text: string): Token {
    return this.takeIf(text) ?? this.unexpected(`'${text}'`);
  }

  /** Takes any word: after a dot, keywords are names too. */
  protected word(): Named {
    const { kind, text, start, end } = this.peek();
    if (kind !== 'name') return this.unexpected('a name');
    this.take();
    return { name: text, start, end };
  }

  protected name(): Named {
    return KEYWORDS.has(this.peek().text) ? this.unexpected('a name that is not a keyword') : this.word();
  }

  /** Takes the word of a path after its slash; returns undefined when `$`, `(` or `{` follows. */
  protected pathWord(): string | undefined {
    this.lexer.rewind(this.ahead?.start ?? this.lexer.offset);
    this.ahead = undefined;
    const word = this.lexer.pathWord();
    if (word !== undefined) this.lastEnd = this.lexer.offset;
    return word;
  }

  /** Throws a fault. `expected` describes the input that the grammar allows here. */
  protected unexpected(expected: string, token: Token = this.peek()): never {
    throw new SyntaxFault(`Unexpected '${token.text}'.`, token, expected);
  }

  protected fault(description: string, at: Span): never {
    throw new SyntaxFault(description, at);
  }
}
