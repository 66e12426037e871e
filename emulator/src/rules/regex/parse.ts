/**
 * Parser of RE2 syntax. It excludes look-around and back-references, which makes linear matching possible. Source: the
 * RE2 wiki page "Syntax".
 */
import {
  matchAny,
  between,
  foldCase,
  ignoringCase,
  not,
  perlClass,
  posixClass,
  unicodeClass,
  type CharTest,
} from './classes.js';

export type Assertion = 'textStart' | 'textEnd' | 'lineStart' | 'lineEnd' | 'wordEdge' | 'notWordEdge';

export type Node =
  | { kind: 'char'; test: CharTest }
  | { kind: 'assert'; what: Assertion }
  | { kind: 'concat'; items: readonly Node[] }
  | { kind: 'alternate'; choices: readonly Node[] }
  | { kind: 'repeat'; item: Node; min: number; max: number; greedy: boolean }
  | { kind: 'group'; item: Node; index: number };

export class PatternFault extends Error {}

interface Flags {
  i: boolean;
  m: boolean;
  s: boolean;
  U: boolean;
}

/** The largest count in a repetition; RE2 refuses larger ones. */
const MAX_REPEAT = 1000;
/** The limit on nested groups, which RE2 refuses beyond it too; deeper groups would exhaust the stack. */
const MAX_NESTING = 250;
const SIMPLE_ESCAPES: Record<string, number> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

export class PatternParser {
  groupCount = 0;
  private readonly chars: readonly string[];
  private at = 0;
  private nesting = 0;
  private flags: Flags = { i: false, m: false, s: false, U: false };
  private readonly names = new Set<string>();

  constructor(pattern: string) {
    this.chars = [...withoutQuotes(pattern)];
  }

  parse(): Node {
    const node = this.alternation();
    if (this.at < this.chars.length) throw new PatternFault('unexpected )');
    return node;
  }

  /** Alternation : Concatenation ( `|` Concatenation )* */
  private alternation(): Node {
    const choices = [this.concatenation()];
    while (this.takeIf('|')) choices.push(this.concatenation());
    return choices.length === 1 && choices[0] ? choices[0] : { kind: 'alternate', choices };
  }

  /** Concatenation : ( Atom Repetition? )* */
  private concatenation(): Node {
    const items: Node[] = [];
    while (this.at < this.chars.length && this.peek() !== '|' && this.peek() !== ')') {
      const atom = this.atom();
      if (atom) items.push(this.repetition(atom));
    }
    return { kind: 'concat', items };
  }

  /** Repetition : ( `*` | `+` | `?` | `{` n ( `,` m? )? `}` ) `?`? */
  private repetition(item: Node): Node {
    const bounds = this.bounds();
    if (!bounds) return item;
    const lazy = this.takeIf('?');
    if (this.bounds()) throw new PatternFault('invalid nested repetition operator');
    return { kind: 'repeat', item, ...bounds, greedy: lazy === this.flags.U };
  }

  private bounds(): { min: number; max: number } | undefined {
    if (this.takeIf('*')) return { min: 0, max: Infinity };
    if (this.takeIf('+')) return { min: 1, max: Infinity };
    if (this.takeIf('?')) return { min: 0, max: 1 };
    const counted = this.takeMatch(/^\{(\d{1,9})(,?)(\d{0,9})\}/);
    if (!counted || (counted[3] && !counted[2])) return undefined;
    const min = Number(counted[1]);
    const max = counted[3] ? Number(counted[3]) : counted[2] ? Infinity : min;
    if (min > MAX_REPEAT || (max > MAX_REPEAT && max !== Infinity) || min > max)
      throw new PatternFault('invalid repeat count');
    return { min, max };
  }

  /** Atom : `(` … `)` | `[` … `]` | `.` | `^` | `$` | `\` escape | character; undefined for `(?flags)`. */
  private atom(): Node | undefined {
    const char = this.take();
    switch (char) {
      case '(':
        return this.group();
      case '[':
        return { kind: 'char', test: this.charClass() };
      case '.':
        return { kind: 'char', test: this.flags.s ? () => true : (c) => c !== 10 };
      case '^':
        return { kind: 'assert', what: this.flags.m ? 'lineStart' : 'textStart' };
      case '$':
        return { kind: 'assert', what: this.flags.m ? 'lineEnd' : 'textEnd' };
      case '*':
      case '+':
      case '?':
        throw new PatternFault('missing argument to repetition operator');
      case '\\':
        return this.escape();
      default:
        return this.literal(char.codePointAt(0) ?? 0);
    }
  }

  /** Group : `(` ( `?:` | `?P<name>` | `?<name>` | `?flags:` )? Alternation `)` | `(?flags)` */
  private group(): Node | undefined {
    const outer = this.flags;
    let index: number | undefined;
    if (this.peek() !== '?') index = ++this.groupCount;
    else if (this.groupName()) index = ++this.groupCount;
    else if (!this.groupFlags()) return undefined;
    if (++this.nesting > MAX_NESTING) throw new PatternFault('expression nests too deeply');
    const item = this.alternation();
    this.nesting--;
    if (!this.takeIf(')')) throw new PatternFault('missing closing )');
    this.flags = outer;
    return index === undefined ? item : { kind: 'group', item, index };
  }

  private groupName(): boolean {
    const name = this.takeMatch(/^\?P?<([A-Za-z0-9_]+)>/)?.[1];
    if (name === undefined) return false;
    if (this.names.has(name)) throw new PatternFault('duplicate group name');
    this.names.add(name);
    return true;
  }

  /** Flags : `?` [imsU]* ( `-` [imsU]+ )? ( `:` | `)` ); returns whether a group follows. */
  private groupFlags(): boolean {
    const found = this.takeMatch(/^\?([imsU]*)(?:-([imsU]+))?([:)])/);
    if (!found || (found[3] === ')' && !found[1] && !found[2])) throw new PatternFault('invalid group');
    const chosen = (flag: keyof Flags): boolean =>
      !(found[2] ?? '').includes(flag) && ((found[1] ?? '').includes(flag) || this.flags[flag]);
    this.flags = { i: chosen('i'), m: chosen('m'), s: chosen('s'), U: chosen('U') };
    return found[3] === ':';
  }

  /** CharClass : `[` `^`? `]`? ( `[:name:]` | escape | Char ( `-` Char )? )* `]` */
  private charClass(): CharTest {
    const negated = this.takeIf('^');
    const tests: CharTest[] = [];
    do tests.push(this.classItem());
    while (!this.takeIf(']'));
    const test = this.flags.i ? ignoringCase(matchAny(tests)) : matchAny(tests);
    return negated ? not(test) : test;
  }

  private classItem(): CharTest {
    const posix = this.takeMatch(/^\[:(\^?[a-z]+):\]/);
    if (posix) return posixClass(posix[1] ?? '') ?? refuse('invalid character class');
    const set = this.peek() === '\\' ? this.escapedSet(this.at + 1) : undefined;
    if (set) return set;
    const low = this.classChar();
    if (this.peek() !== '-' || this.chars[this.at + 1] === ']' || this.at + 1 >= this.chars.length)
      return between(low, low);
    this.at++;
    const high = this.classChar();
    return high < low ? refuse('invalid character class range') : between(low, high);
  }

  private classChar(): number {
    const char = this.take();
    return char === '\\' ? this.escapedChar() : (char.codePointAt(0) ?? 0);
  }

  /** Escape : `\A \z \b \B` | a class | a character */
  private escape(): Node {
    const assertions: Record<string, Assertion> = { A: 'textStart', z: 'textEnd', b: 'wordEdge', B: 'notWordEdge' };
    const what = assertions[this.peek()];
    if (what) {
      this.at++;
      return { kind: 'assert', what };
    }
    const test = this.escapedSet(this.at);
    if (test) return { kind: 'char', test: this.flags.i ? ignoringCase(test) : test };
    return this.literal(this.escapedChar());
  }

  /**
   * Parses `\d \pL \p{Greek} \P{^Greek}` and similar classes, with the letter at `start`; advances only when there is
   * one.
   */
  private escapedSet(start: number): CharTest | undefined {
    const letter = this.chars[start] ?? '';
    const perl = perlClass(letter);
    if (perl) this.at = start + 1;
    if (perl || (letter !== 'p' && letter !== 'P')) return perl;
    this.at = start + 1;
    const named = this.takeMatch(/^(?:\{(\^?)([^}]*)\}|(.))/su);
    const test = unicodeClass(named?.[2] ?? named?.[3] ?? '') ?? refuse('invalid character class range');
    return (letter === 'P') !== (named?.[1] === '^') ? not(test) : test;
  }

  /** Parses a character after the backslash: `\n`, `\x7F`, `\x{10FFFF}`, octal `\0` to `\777`, or punctuation. */
  private escapedChar(): number {
    const octal = this.takeMatch(/^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/);
    if (octal) return parseInt(octal[0], 8);
    const hex = this.takeMatch(/^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/);
    const char = hex ? '' : this.take();
    const codePoint = hex ? parseInt(hex[1] ?? hex[2] ?? '', 16) : (SIMPLE_ESCAPES[char] ?? char.codePointAt(0) ?? 0);
    if (
      codePoint > 0x10ffff ||
      (!hex && SIMPLE_ESCAPES[char] === undefined && /^[0-9A-Za-z]|[^\x00-\x7f]$/.test(char))
    ) {
      throw new PatternFault('invalid escape sequence');
    }
    return codePoint;
  }

  private literal(codePoint: number): Node {
    if (!this.flags.i) return { kind: 'char', test: (c) => c === codePoint };
    const folded = foldCase(codePoint);
    return { kind: 'char', test: (c) => foldCase(c) === folded };
  }

  private peek(): string {
    return this.chars[this.at] ?? '';
  }

  private take(): string {
    const char = this.chars[this.at++];
    return char ?? refuse('unexpected end of pattern');
  }

  private takeIf(char: string): boolean {
    const isNext = this.peek() === char;
    if (isNext) this.at++;
    return isNext;
  }

  /** Takes the match of an anchored expression in the next 80 characters. */
  private takeMatch(expression: RegExp): RegExpExecArray | null {
    const found = expression.exec(this.chars.slice(this.at, this.at + 80).join(''));
    if (found) this.at += [...found[0]].length;
    return found;
  }
}

function refuse(reason: string): never {
  throw new PatternFault(reason);
}

/**
 * Replaces `\Q…\E` with its text and a backslash before each symbol, so that a following repetition applies to the last
 * one.
 */
function withoutQuotes(pattern: string): string {
  return pattern.replace(/\\Q([\s\S]*?)(?:\\E|$)|\\[\s\S]/g, (whole, quoted?: string) =>
    quoted === undefined ? whole : quoted.replace(/[!-/:-@[-`{-~]/g, '\\$&'),
  );
}
