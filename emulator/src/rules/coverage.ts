/**
 * Records the values of each expression, for the report of expressions that the tests of the rules have not reached.
 */
import { listChildren, type Expression } from './ast.js';
import { isNamespace } from './builtins/index.js';
import { show } from './builtins/text.js';
import { isKnown, type Outcome } from './outcome.js';
import type { Source } from './source.js';
import type { CoverageReport } from './types.js';

/** Distinct values kept for one expression; all others are counted together. */
const MAX_VALUES = 20;
const OTHERS = '\0others';
/** The first character of a key that is not a text, so that it never equals a text. */
const NO_TEXT = '\0';
/** Characters kept of one value. */
const MAX_TEXT = 200;

interface CountedValue {
  value: string;
  count: number;
}

type Key = string | boolean | number;

/** The values of one expression. The last one is cached, because the next value is usually the same. */
interface Values {
  byKey: Map<Key, CountedValue>;
  lastKey: Key;
  last: CountedValue;
}

export class Coverage {
  private readonly taken = new Map<Expression, Values>();

  /** Records a value. This runs for every expression of every request, so it formats only new values. */
  record(e: Expression, outcome: Outcome): void {
    if (e.kind === 'literal') return;
    const key = toKey(outcome);
    const values = this.taken.get(e);
    if (!values) {
      const first = { value: formatBriefly(outcome), count: 1 };
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

  private addTo(byKey: Map<Key, CountedValue>, key: Key, outcome: Outcome): CountedValue {
    const hasRoom = byKey.size < MAX_VALUES;
    const others = hasRoom ? undefined : byKey.get(OTHERS);
    if (others) return others;
    const added = { value: hasRoom ? formatBriefly(outcome) : 'others', count: 0 };
    byKey.set(hasRoom ? key : OTHERS, added);
    return added;
  }

  /** Reports on some conditions, nested as in the source. */
  report(expressions: readonly Expression[], source: Source): CoverageReport[] {
    return expressions
      .filter((e) => !isValueless(e))
      .map((e) => {
        const values = [...(this.taken.get(e)?.byKey.values() ?? [])].map(({ value, count }) => ({ value, count }));
        const children = this.report(listChildren(e), source);
        return {
          sourcePosition: source.position(e),
          ...(values.length > 0 ? { values } : {}),
          ...(children.length > 0 ? { children } : {}),
        };
      });
  }
}

/** Returns whether an expression has no value to report: a literal, or a namespace such as `math` in math.abs(n). */
function isValueless(e: Expression): boolean {
  return e.kind === 'literal' || (e.kind === 'name' && isNamespace(e.name));
}

/**
 * Returns a key that identifies a value. Most values are their own key, or the size of a map or list, which avoids
 * formatting them.
 */
function toKey(outcome: Outcome): Key {
  if (outcome.kind === 'bool') return outcome.value;
  if (outcome.kind === 'map') return outcome.fields.size;
  if (outcome.kind === 'list') return -1 - outcome.values.length;
  if (outcome.kind === 'string' && outcome.value.length <= MAX_TEXT) return outcome.value;
  return NO_TEXT + formatBriefly(outcome);
}

/**
 * Formats a value briefly. Containers show only kind and size: formatting a whole document at each use would be slow.
 */
function formatBriefly(outcome: Outcome): string {
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

/** Formats an outcome for developers. */
export function showOutcome(outcome: Outcome): string {
  if (outcome.kind === 'failure') return outcome.message;
  return isKnown(outcome) ? show(outcome) : outcome.kind;
}
