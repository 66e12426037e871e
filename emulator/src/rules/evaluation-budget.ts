/** Limits the cost of deciding one request, so that no ruleset or document can block the emulator for other clients. */
import type { Outcome } from './outcome.js';

/**
 * Steps that one request may take: about half a second of regular expressions. Production has no such limit, and useful
 * rules stay far below it: a thousand expressions on documents of 10 KB take a third of it.
 */
const MAX_STEPS = 4_000_000;
/** Characters or bytes that are copied or compared in one step. */
const CHARACTERS_PER_STEP = 16;

/** Thrown when a request has used all its steps; the evaluation ends. */
export class BudgetExceeded extends Error {}

/** The steps that a request may still take. */
export class StepBudget {
  private left = MAX_STEPS;

  spend(steps = 1): void {
    this.left -= steps;
    if (this.left < 0) throw new BudgetExceeded('Unable to evaluate the expression as it takes too many steps.');
  }

  /** Spends steps on a text before it is created. */
  spendOnText(length: number): void {
    this.spend(length / CHARACTERS_PER_STEP);
  }

  /** Spends steps on a value and all values in it; the walk stops when no steps are left. */
  spendOn(value: Outcome): void {
    this.spend();
    switch (value.kind) {
      case 'string':
      case 'bytes':
        return this.spendOnText(value.value.length);
      case 'path':
        return this.spend(value.segments.length);
      case 'vector':
        return this.spend(value.values.length);
      case 'list':
      case 'set':
        for (const item of value.values) this.spendOn(item);
        return;
      case 'map':
      case 'partial':
        for (const field of value.fields.values()) this.spendOn(field);
        return;
      case 'mapDiff':
        this.spendOn(value.after);
        return this.spendOn(value.before);
      default:
        return;
    }
  }
}
