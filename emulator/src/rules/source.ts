import type { Span } from './ast.js';
import type { Issue } from './types.js';

/** One rules file: converts offsets to lines and columns, and faults to issues. */
export class Source {
  readonly text: string;
  readonly fileName: string;
  private readonly lineStarts: readonly number[];

  constructor(text: string, fileName: string) {
    this.text = text;
    this.fileName = fileName;
    this.lineStarts = [0, ...[...text.matchAll(/\n/g)].map((found) => found.index + 1)];
  }

  /** Returns the line of an offset, counted from 1. */
  line(offset: number): number {
    let [low, high] = [0, this.lineStarts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** Returns the column of an offset, in code points, counted from 1. */
  column(offset: number): number {
    return this.codePoints(this.lineStarts[this.line(offset) - 1] ?? 0, offset) + 1;
  }

  position({ start, end }: Span): NonNullable<Issue['position']> {
    const currentOffset = this.codePoints(0, start);
    const length = Math.max(1, this.codePoints(start, end));
    return { line: this.line(start), column: this.column(start), currentOffset, endOffset: currentOffset + length - 1 };
  }

  /** Creates an issue for a place, or for the whole ruleset when no place is given. */
  issue(severity: Issue['severity'], description: string, at?: Span, expected?: string): Issue {
    const issue = { severity, description, fileName: this.fileName, ...(expected === undefined ? {} : { expected }) };
    return at ? { ...issue, position: this.position(at) } : issue;
  }

  private codePoints(from: number, to: number): number {
    const part = this.text.slice(from, to);
    return part.length - (part.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
  }
}

/** Sorts issues: those of the whole ruleset first, then by line, column and text. */
export function sortIssues(issues: readonly Issue[]): Issue[] {
  return [...issues].sort(
    (a, b) =>
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.column ?? 0) - (b.position?.column ?? 0) ||
      (a.description < b.description ? -1 : a.description > b.description ? 1 : 0),
  );
}

/**
 * A syntax error, which ends the statement that it is in. `expected` describes the input that the grammar allows there.
 */
export class SyntaxFault extends Error {
  readonly at: Span;
  readonly expected: string | undefined;

  constructor(description: string, at: Span, expected?: string) {
    super(description);
    this.at = at;
    this.expected = expected;
  }
}
