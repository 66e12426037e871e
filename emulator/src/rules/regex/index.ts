/**
 * Regular expressions with the syntax and semantics of RE2, matched in linear time. Methods throw when the budget of
 * steps is exhausted.
 */
import { StepBudget } from '../evaluation-budget.js';
import type { CharTest } from './classes.js';
import { run, type Captures } from './machine.js';
import { PatternFault, PatternParser, type Node } from './parse.js';
import { Assembler, type Instruction } from './program.js';

/** One match: the text of each group, group 0 being the whole match. */
interface Match {
  start: number;
  end: number;
  groups: readonly string[];
}

/** Extracting the groups of a match costs about as much as this many steps of matching. */
const STEPS_PER_MATCH = 8;

export class Regex {
  private readonly code: readonly Instruction[];
  private readonly groupCount: number;
  private readonly repeated: Repeated | undefined;

  constructor(code: readonly Instruction[], groupCount: number, repeated?: Repeated) {
    this.code = code;
    this.groupCount = groupCount;
    this.repeated = repeated;
  }

  /** Returns whether the whole text matches. */
  matches(text: string, budget = new StepBudget()): boolean {
    if (this.repeated) return matchRepetition(this.repeated, text, budget);
    return run(this.code, codePoints(text, budget), 0, true, budget) !== undefined;
  }

  /**
   * Replaces every match. In the replacement `$1` is a group and `\x` is the character x. Returns undefined for a group
   * that does not exist.
   */
  replace(text: string, replacement: string, budget = new StepBudget()): string | undefined {
    const chars = [...text];
    const parts: string[] = [];
    let last = 0;
    for (const match of this.findAll(text, budget)) {
      const expanded = this.expand(replacement, match);
      if (expanded === undefined) return undefined;
      budget.spendOnText(replacement.length + expanded.length);
      parts.push(chars.slice(last, match.start).join(''), expanded);
      last = match.end;
    }
    return parts.join('') + chars.slice(last).join('');
  }

  /** Splits a text at each match and drops empty parts at the end, as the official emulator's library does. */
  split(text: string, budget = new StepBudget()): string[] {
    const chars = [...text];
    const parts: string[] = [];
    let last = 0;
    for (const match of this.findAll(text, budget)) {
      parts.push(chars.slice(last, match.start).join(''));
      last = match.end;
    }
    parts.push(chars.slice(last).join(''));
    while (parts.at(-1) === '') parts.pop();
    return parts;
  }

  private findAll(text: string, budget: StepBudget): Match[] {
    const input = codePoints(text, budget);
    const matches: Match[] = [];
    for (let from = 0; from <= input.length;) {
      const captures = run(this.code, input, from, false, budget);
      if (!captures) break;
      budget.spend(STEPS_PER_MATCH);
      const match = this.describe(captures, input);
      matches.push(match);
      from = match.end > match.start ? match.end : match.end + 1;
    }
    return matches;
  }

  private describe(captures: Captures, input: readonly number[]): Match {
    const groups = Array.from({ length: this.groupCount + 1 }, (_, g) => {
      const [start, end] = [captures[g * 2], captures[g * 2 + 1]];
      return start === undefined || end === undefined
        ? ''
        : input
            .slice(start, end)
            .map((c) => String.fromCodePoint(c))
            .join('');
    });
    return { start: captures[0] ?? 0, end: captures[1] ?? 0, groups };
  }

  private expand(replacement: string, match: Match): string | undefined {
    const missing: string[] = [];
    const expanded = replacement.replace(/\\(.)|\$(\d+)/gsu, (whole, escaped?: string, digits?: string) => {
      if (escaped !== undefined || digits === undefined) return escaped ?? whole;
      // Takes as many digits as form the number of an existing group: with one group, $12 is group 1 and then a 2.
      const length =
        [...digits].findLastIndex((_, i) => i === 0 || Number(digits.slice(0, i + 1)) <= this.groupCount) + 1;
      const group = match.groups[Number(digits.slice(0, length))];
      if (group === undefined) missing.push(whole);
      return (group ?? '') + digits.slice(length);
    });
    return missing.length === 0 ? expanded : undefined;
  }
}

/**
 * A repetition of one character class and nothing else, which most patterns in rules are. Matching a whole text needs
 * no machine.
 */
interface Repeated {
  test: CharTest;
  min: number;
  max: number;
}

function toRepeated(node: Node): Repeated | undefined {
  if (node.kind === 'concat' && node.items.length === 1 && node.items[0]) return toRepeated(node.items[0]);
  if (node.kind !== 'repeat' || node.item.kind !== 'char') return undefined;
  return { test: node.item.test, min: node.min, max: node.max };
}

function matchRepetition({ test, min, max }: Repeated, text: string, budget: StepBudget): boolean {
  budget.spend(text.length);
  let count = 0;
  for (const char of text) {
    count += 1;
    if (count > max || !test(char.codePointAt(0) ?? 0)) return false;
  }
  return count >= min;
}

function codePoints(text: string, budget: StepBudget): number[] {
  budget.spend(text.length);
  return Array.from(text, (char) => char.codePointAt(0) ?? 0);
}

const COMPILED = new Map<string, Regex | undefined>();
/**
 * The size of the cache. Most patterns are literals in a ruleset, but computed ones must not grow memory without bound.
 */
const MAX_COMPILED = 1000;
const MAX_KEPT_LENGTH = 1000;

/** Compiles a pattern; returns undefined when it is not valid RE2 syntax. */
export function compileRegex(pattern: string): Regex | undefined {
  if (pattern.length > MAX_KEPT_LENGTH) return build(pattern);
  if (!COMPILED.has(pattern)) {
    if (COMPILED.size >= MAX_COMPILED) COMPILED.clear();
    COMPILED.set(pattern, build(pattern));
  }
  return COMPILED.get(pattern);
}

function build(pattern: string): Regex | undefined {
  try {
    const parser = new PatternParser(pattern);
    const node = parser.parse();
    return new Regex(new Assembler().assemble(node), parser.groupCount, toRepeated(node));
  } catch (fault) {
    if (fault instanceof PatternFault) return undefined;
    throw fault;
  }
}
