/** Which values each expression took: the report that shows what tests of rules have not reached. */
import { childrenOf, type Expression } from './ast.js';
import { show } from './builtins/text.js';
import { isKnown, type Outcome } from './outcome.js';
import type { Source } from './source.js';
import type { CoverageReport } from './types.js';

/** Distinct values kept for one expression; the rest is counted together. */
const MAX_VALUES = 20;
const OTHERS = 'others';
/** Characters kept of one value. */
const MAX_TEXT = 200;

export class Coverage {
  private readonly counts = new Map<Expression, Map<string, number>>();

  record(e: Expression, outcome: Outcome): void {
    if (e.kind === 'literal') return;
    const values = this.counts.get(e) ?? new Map<string, number>();
    const text = brief(outcome);
    const key = values.has(text) || values.size < MAX_VALUES ? text : OTHERS;
    values.set(key, (values.get(key) ?? 0) + 1);
    this.counts.set(e, values);
  }

  /** The report on some conditions, nested as the source is. */
  report(expressions: readonly Expression[], source: Source): CoverageReport[] {
    return expressions
      .filter(({ kind }) => kind !== 'literal')
      .map((e) => {
        const values = [...(this.counts.get(e) ?? [])].map(([value, count]) => ({ value, count }));
        const children = this.report(childrenOf(e), source);
        return {
          sourcePosition: source.position(e),
          ...(values.length > 0 ? { values } : {}),
          ...(children.length > 0 ? { children } : {}),
        };
      });
  }
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
