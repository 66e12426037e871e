/**
 * The part of ICU's MessageFormat that translators need here: arguments, `plural` (with `=n` and `#`), `select` and
 * apostrophes that quote. Amounts and times arrive as values, so that no translation can format them wrongly.
 * Source: ICU User Guide, "Formatting Messages".
 */
export type Part =
  | { type: 'text'; text: string }
  | { type: 'argument'; name: string }
  | { type: 'count' }
  | { type: 'plural' | 'select'; name: string; cases: ReadonlyMap<string, readonly Part[]> };

/** Throws a SyntaxError that says where. */
export function parseMessage(source: string): readonly Part[] {
  const parser = new Parser(source);
  const parts = parser.message(false);
  if (!parser.atEnd) throw new SyntaxError(`a brace too many at ${parser.position} of ${source}`);
  return parts;
}

/** The arguments that a message needs, each once. */
export function argumentsOf(parts: readonly Part[]): string[] {
  const names = parts.flatMap((part) => {
    if (part.type === 'text' || part.type === 'count') return [];
    return 'cases' in part ? [part.name, ...[...part.cases.values()].flatMap(argumentsOf)] : [part.name];
  });
  return [...new Set(names)].toSorted();
}

class Parser {
  position = 0;

  constructor(private readonly source: string) {}

  get atEnd(): boolean {
    return this.position >= this.source.length;
  }

  /** message : ( text | quoted | `#` in a plural | `{` argument `}` )* */
  message(inPlural: boolean): Part[] {
    const parts: Part[] = [];
    let text = '';
    const end = () => {
      if (text !== '') parts.push({ type: 'text', text });
      text = '';
    };
    while (!this.atEnd && this.peek() !== '}') {
      const char = this.next();
      if (char === "'") text += this.quoted();
      else if (char === '{') {
        end();
        parts.push(this.argument());
      } else if (char === '#' && inPlural) {
        end();
        parts.push({ type: 'count' });
      } else text += char;
    }
    end();
    return parts;
  }

  /** Two apostrophes are one; one before a brace or `#` quotes up to the next; any other is itself. */
  private quoted(): string {
    if (this.peek() === "'") return this.next();
    if (!/[{}#]/.test(this.peek())) return "'";
    const end = this.source.indexOf("'", this.position);
    const quoted = this.source.slice(this.position, end === -1 ? undefined : end);
    this.position += quoted.length + 1;
    return quoted;
  }

  /** argument : name ( `,` ( `plural` | `select` ) `,` ( selector `{` message `}` )+ )? `}` */
  private argument(): Part {
    const name = this.word();
    if (this.takes('}')) return { type: 'argument', name };
    this.expect(',');
    const type = this.word();
    if (type !== 'plural' && type !== 'select') throw this.unexpected();
    this.expect(',');
    const cases = new Map<string, readonly Part[]>();
    while (!this.takes('}')) {
      const selector = this.word();
      this.expect('{');
      cases.set(selector, this.message(type === 'plural'));
      this.expect('}');
    }
    if (!cases.has('other')) throw new SyntaxError(`no "other" for ${name} in ${this.source}`);
    return { type, name, cases };
  }

  private word(): string {
    this.blanks();
    const [word = ''] = /^=?\w+/.exec(this.source.slice(this.position)) ?? [];
    if (word === '') throw this.unexpected();
    this.position += word.length;
    this.blanks();
    return word;
  }

  private expect(char: string): void {
    if (!this.takes(char)) throw this.unexpected();
  }

  private takes(char: string): boolean {
    this.blanks();
    if (this.peek() !== char) return false;
    this.position += 1;
    return true;
  }

  private blanks(): void {
    while (/\s/.test(this.peek())) this.position += 1;
  }

  private peek(): string {
    return this.source.charAt(this.position);
  }

  private next(): string {
    this.position += 1;
    return this.source.charAt(this.position - 1);
  }

  private unexpected(): SyntaxError {
    return new SyntaxError(`unexpected "${this.peek()}" at ${this.position} of ${this.source}`);
  }
}
