/** Which values each expression took: the report that shows what tests of rules have not reached. */
import { childrenOf, type Expression } from './ast.js';
import { show } from './builtins/text.js';
import { isKnown, type Outcome } from './outcome.js';
import type { Source } from './source.js';
import type { CoverageReport } from './types.js';

/** Distinct values kept for one expression; the rest is counted together. */
const MAX_VALUES = 20;
const OTHERS = '\0others';
/** Begins the keys of what is no text, so that no text is taken for it. */
const NO_TEXT = '\0';
/** Characters kept of one value. */
const MAX_TEXT = 200;

interface Taken {
  value: string;
  count: number;
}

export class Coverage {
  private readonly taken = new Map<Expression, Map<string | boolean, Taken>>();

  /** Every expression of every request comes by here: what was seen before is only counted. */
  record(e: Expression, outcome: Outcome): void {
    if (e.kind === 'literal') return;
    const values = this.valuesOf(e);
    const key = keyOf(outcome);
    const known = values.get(key);
    if (known) known.count += 1;
    else if (values.size < MAX_VALUES) values.set(key, { value: brief(outcome), count: 1 });
    else this.countOther(values);
  }

  private valuesOf(e: Expression): Map<string | boolean, Taken> {
    const values = this.taken.get(e) ?? new Map<string | boolean, Taken>();
    if (values.size === 0) this.taken.set(e, values);
    return values;
  }

  private countOther(values: Map<string | boolean, Taken>): void {
    const others = values.get(OTHERS) ?? { value: 'others', count: 0 };
    others.count += 1;
    values.set(OTHERS, others);
  }

  /** The report on some conditions, nested as the source is. */
  report(expressions: readonly Expression[], source: Source): CoverageReport[] {
    return expressions
      .filter(({ kind }) => kind !== 'literal')
      .map((e) => {
        const values = [...(this.taken.get(e)?.values() ?? [])].map(({ value, count }) => ({ value, count }));
        const children = this.report(childrenOf(e), source);
        return {
          sourcePosition: source.position(e),
          ...(values.length > 0 ? { values } : {}),
          ...(children.length > 0 ? { children } : {}),
        };
      });
  }
}

/** Short texts and booleans, most of what there is, are their own keys: nothing need be written out. */
function keyOf(outcome: Outcome): string | boolean {
  if (outcome.kind === 'bool') return outcome.value;
  if (outcome.kind === 'string' && outcome.value.length <= MAX_TEXT) return outcome.value;
  return NO_TEXT + brief(outcome);
}

/** Containers by kind and size only: a whole document written out at each use would be slow. */
function brief(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'map':
      return `map of ${outcome.fields.size}`;
    case 'list':
    case 'set':
      return `${outcome.kind} of ${outcome.values.length}`;
    case 'string':
      return JSON.stringify(outcome.value.slice(0, MAX_TEXT)).slice(0, MAX_TEXT);
    case 'bytes':
      return `bytes of ${outcome.value.length}`;
    case 'path':
    case 'vector':
      return `${outcome.kind} of ${outcome.kind === 'path' ? outcome.segments.length : outcome.values.length}`;
    default:
      return showOutcome(outcome).slice(0, MAX_TEXT);
  }
}

/** An outcome for people. */
export function showOutcome(outcome: Outcome): string {
  if (outcome.kind === 'failure') return outcome.message;
  return isKnown(outcome) ? show(outcome) : outcome.kind;
}
