/** What deciding a request may cost: no rule, and nobody's document, may hold everybody else up. */
import type { Outcome, Value } from './outcome.js';

/**
 * Steps that one request may take, about half a second of regular expressions. Production has no such limit,
 * nor does any sound rule come near it: a thousand expressions on documents of 10 KB take a third of it.
 */
const MAX_STEPS = 4_000_000;
/** Characters or bytes that are copied or compared in one step. */
const CHARACTERS_PER_STEP = 16;

/** Thrown when a request has had its steps; the evaluation ends. */
export class TooCostly extends Error {}

/** What is left of a request's steps. */
export class Effort {
  private left = MAX_STEPS;

  spend(steps = 1): void {
    this.left -= steps;
    if (this.left < 0) throw new TooCostly('Unable to evaluate the expression as it takes too many steps.');
  }

  /** Pays for text before it is made. */
  spendOnText(length: number): void {
    this.spend(length / CHARACTERS_PER_STEP);
  }
}

/** Values do not change, so that each list and map is walked once. */
const sizes = new WeakMap<object, number>();

/** The steps that it takes to walk over a value with all that it holds. */
export function sizeOf(value: Outcome): number {
  switch (value.kind) {
    case 'string':
    case 'bytes':
      return 1 + value.value.length / CHARACTERS_PER_STEP;
    case 'path':
      return 1 + value.segments.length;
    case 'vector':
      return 1 + value.values.length;
    case 'list':
    case 'set':
      return remembered(value, value.values);
    case 'map':
    case 'partial':
      return remembered(value, value.fields.values());
    case 'mapDiff':
      return sizeOf(value.after) + sizeOf(value.before);
    default:
      return 1;
  }
}

function remembered(container: Value, items: Iterable<Value>): number {
  const known = sizes.get(container);
  if (known !== undefined) return known;
  let size = 1;
  for (const item of items) size += sizeOf(item);
  sizes.set(container, size);
  return size;
}
