/**
 * A Pike machine: all alternatives advance together, one character at a time, each instruction at most once per
 * character. Time is linear in the length of the text and in the size of the pattern. A pattern that counts to
 * thousands is large, so each step is charged to the budget.
 */
import type { StepBudget } from '../evaluation-budget.js';
import { isWord } from './classes.js';
import type { Assertion } from './parse.js';
import type { Instruction } from './program.js';

/** Offsets by slot: 2g and 2g + 1 are the start and end of group g; undefined when the group did not take part. */
export type Captures = readonly (number | undefined)[];

interface Thread {
  pc: number;
  captures: Captures;
}

/** The threads at one position, in order of preference, each stopped at a `char` or `match` instruction. */
class Threads {
  readonly waiting: Thread[] = [];
  private readonly seen = new Set<number>();

  constructor(private readonly budget: StepBudget) {}

  add(code: readonly Instruction[], start: Thread, input: readonly number[], at: number): void {
    const stack = [start];
    for (let thread = stack.pop(); thread; thread = stack.pop()) {
      const { pc, captures } = thread;
      if (this.seen.has(pc)) continue;
      this.seen.add(pc);
      this.budget.spend();
      const instruction = code[pc];
      if (instruction?.op === 'split') {
        for (const target of [...instruction.targets].reverse()) stack.push({ pc: target, captures });
      } else if (instruction?.op === 'save') {
        this.budget.spend(captures.length / 8); // The captures are copied.
        stack.push({ pc: pc + 1, captures: withSlot(captures, instruction.slot, at) });
      } else if (instruction?.op === 'assert') {
        if (holds(instruction.what, input, at)) stack.push({ pc: pc + 1, captures });
      } else this.waiting.push(thread);
    }
  }
}

function withSlot(captures: Captures, slot: number, at: number): Captures {
  const copy = [...captures];
  copy[slot] = at;
  return copy;
}

function holds(what: Assertion, input: readonly number[], at: number): boolean {
  const [before, after] = [input[at - 1], input[at]];
  const isEdge = (before !== undefined && isWord(before)) !== (after !== undefined && isWord(after));
  switch (what) {
    case 'textStart':
      return at === 0;
    case 'textEnd':
      return at === input.length;
    case 'lineStart':
      return at === 0 || before === 10;
    case 'lineEnd':
      return at === input.length || after === 10;
    case 'wordEdge':
      return isEdge;
    case 'notWordEdge':
      return !isEdge;
  }
}

/** Finds the preferred match that starts at `from` or later; with `whole`, the match from `from` to the end. */
export function run(
  code: readonly Instruction[],
  input: readonly number[],
  from: number,
  whole: boolean,
  budget: StepBudget,
): Captures | undefined {
  let found: Captures | undefined;
  let current = new Threads(budget);
  for (let at = from; at <= input.length; at++) {
    if (!found && (!whole || at === from)) current.add(code, { pc: 0, captures: [] }, input, at);
    if (current.waiting.length === 0 && (found || whole)) break;
    const next = new Threads(budget);
    for (const { pc, captures } of current.waiting) {
      const instruction = code[pc];
      const char = input[at];
      if (instruction?.op === 'match') {
        if (whole && at < input.length) continue;
        found = captures;
        break; // the threads after this one are less preferred
      }
      if (instruction?.op === 'char' && char !== undefined && instruction.test(char)) {
        next.add(code, { pc: pc + 1, captures }, input, at + 1);
      }
    }
    current = next;
  }
  return found;
}
