/** Which values each expression took: the report that shows what tests of rules have not reached. */
import { childrenOf, type Expression } from './ast.js';
import { isNamespace } from './builtins/index.js';
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

type Key = string | boolean | number;

/** The values of one expression; the last is kept at hand, for it is mostly the next as well. */
interface Values {
  byKey: Map<Key, Taken>;
  lastKey: Key;
  last: Taken;
}

export class Coverage {
  private readonly taken = new Map<Expression, Values>();

  /** Every expression of every request comes by here: what was seen before is only counted. */
  record(e: Expression, outcome: Outcome): void {
    if (e.kind === 'literal') return;
    const key = keyOf(outcome);
    const values = this.taken.get(e);
    if (!values) {
      const first = { value: brief(outcome), count: 1 };
      this.taken.set(e, { byKey: new Map([[key, first]]), lastKey: key, last: first });
    } else if (values.lastKey === key) values.last.count += 1;
    else this.recordOther(values, key, outcome);
  }

  private recordOther(values: Values, key: Key, outcome: Outcome): void {
    const { byKey } = values;
    const known = byKey.get(key) ?? this.addTo(byKey, key, outcome);
    known.count += 1;
    values.lastKey = key;
    values.last = known;
  }

  private addTo(byKey: Map<Key, Taken>, key: Key, outcome: Outcome): Taken {
    const hasRoom = byKey.size < MAX_VALUES;
    const others = hasRoom ? undefined : byKey.get(OTHERS);
    if (others) return others;
    const added = { value: hasRoom ? brief(outcome) : 'others', count: 0 };
    byKey.set(hasRoom ? key : OTHERS, added);
    return added;
  }

  /** The report on some conditions, nested as the source is. */
  report(expressions: readonly Expression[], source: Source): CoverageReport[] {
    return expressions
      .filter((e) => !isValueless(e))
      .map((e) => {
        const values = [...(this.taken.get(e)?.byKey.values() ?? [])].map(({ value, count }) => ({ value, count }));
        const children = this.report(childrenOf(e), source);
        return {
          sourcePosition: source.position(e),
          ...(values.length > 0 ? { values } : {}),
          ...(children.length > 0 ? { children } : {}),
        };
      });
  }
}

/** A literal says nothing new, and a namespace, as the first word of math.abs(n), is no value. */
function isValueless(e: Expression): boolean {
  return e.kind === 'literal' || (e.kind === 'name' && isNamespace(e.name));
}

/** Most of what there is, is its own key or the size of a map or list: nothing need be written out. */
function keyOf(outcome: Outcome): Key {
  if (outcome.kind === 'bool') return outcome.value;
  if (outcome.kind === 'map') return outcome.fields.size;
  if (outcome.kind === 'list') return -1 - outcome.values.length;
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
