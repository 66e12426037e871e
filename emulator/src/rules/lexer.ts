/**
 * Tokens of the rules language. The lexer runs on demand: only the parser knows whether a slash divides or begins a
 * path, in which words may contain `-` and `.`.
 */
import type { Span } from './ast.js';
import type { RulesValue } from './types.js';
import { bytes, float, int, str } from './values.js';

export type Token = Span & { text: string } & (
    { kind: 'name' | 'symbol' | 'end' | 'invalid' } | { kind: 'literal'; value: RulesValue }
  );

const BLANK = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /b?(?:'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")/y;
const SYMBOL = /&&|\|\||[=!<>]=|[-+*/%<>=!?:;,.(){}[\]$]/y;
const PATH_WORD = /[A-Za-z0-9_\-.~%+@]+/y;
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;
const SIMPLE_ESCAPES: Record<string, string> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  n: '\n',
  r: '\r',
  t: '\t',
  '0': '\0',
  '/': '/',
};

export class Lexer {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Goes back to an offset, so that the source from there on can be read as words of a path. */
  rewind(offset: number): void {
    this.at = offset;
  }

  next(): Token {
    this.scan(BLANK);
    const start = this.at;
    if (start >= this.text.length) return { kind: 'end', text: '<EOF>', start, end: start };
    const string = this.scan(STRING);
    if (string !== undefined) return this.string(string, start);
    const number = this.scan(NUMBER);
    if (number !== undefined) return { kind: 'literal', value: numberValue(number), text: number, start, end: this.at };
    const name = this.scan(NAME);
    if (name !== undefined) return { kind: 'name', text: name, start, end: this.at };
    const symbol = this.scan(SYMBOL);
    if (symbol !== undefined) return { kind: 'symbol', text: symbol, start, end: this.at };
    const text = String.fromCodePoint(this.text.codePointAt(start) ?? 0);
    this.at += text.length;
    return { kind: 'invalid', text, start, end: this.at };
  }

  /** Reads the word of a path at this offset; returns undefined when there is none. */
  pathWord(): string | undefined {
    this.scan(BLANK);
    return this.scan(PATH_WORD);
  }

  get offset(): number {
    return this.at;
  }

  private scan(expression: RegExp): string | undefined {
    expression.lastIndex = this.at;
    const found = expression.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private string(text: string, start: number): Token {
    const span = { text, start, end: this.at };
    const isBytes = text.startsWith('b');
    const value = isBytes ? unescapeBytes(text.slice(2, -1)) : unescapeString(text.slice(1, -1));
    return value ? { kind: 'literal', value, ...span } : { kind: 'invalid', ...span };
  }
}

function numberValue(text: string): RulesValue {
  return /^\d+$/.test(text) ? int(BigInt(text)) : float(Number(text));
}

/** Decodes a string literal; returns undefined for an escape that the language does not have. */
function unescapeString(text: string): RulesValue | undefined {
  const invalid: string[] = [];
  const chars = text.replace(ESCAPE, (escape, x?: string, u?: string, U?: string, simple?: string) => {
    const codePoint = parseInt(x ?? u ?? U ?? '0', 16);
    const char =
      simple !== undefined
        ? SIMPLE_ESCAPES[simple]
        : codePoint <= 0x10ffff
          ? String.fromCodePoint(codePoint)
          : undefined;
    if (char === undefined) invalid.push(escape);
    return char ?? '';
  });
  return invalid.length === 0 ? str(chars) : undefined;
}

/** Decodes a bytes literal: a character is its UTF-8 bytes, `\xHH` one byte. */
function unescapeBytes(text: string): RulesValue | undefined {
  const hex = (chars: string): string => Buffer.from(chars).toString('hex');
  const parts: string[] = [];
  let last = 0;
  for (const { 0: escape, 1: byte, index } of text.matchAll(ESCAPE)) {
    const chars = byte === undefined ? unescapeString(escape) : str('');
    if (chars?.kind !== 'string') return undefined;
    parts.push(hex(text.slice(last, index)), byte ?? hex(chars.value));
    last = index + escape.length;
  }
  return bytes(Buffer.from(parts.join('') + hex(text.slice(last)), 'hex'));
}
