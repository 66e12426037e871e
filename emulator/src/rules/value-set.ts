import { Members } from './equality.js';
import type { RulesValue } from './types.js';
import type { Of } from './values.js';

/** Creates a set; values equal to an earlier one are dropped. */
export function set(values: readonly RulesValue[]): Of<'set'> {
  const distinct: RulesValue[] = [];
  const known = new Members();
  for (const value of values) {
    if (known.has(value)) continue;
    known.add(value);
    distinct.push(value);
  }
  return { kind: 'set', values: distinct };
}
