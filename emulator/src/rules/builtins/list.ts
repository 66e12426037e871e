import { unsupported, type Outcome } from '../outcome.js';
import type { RulesValue } from '../types.js';
import type { StepBudget } from '../evaluation-budget.js';
import { Members } from '../equality.js';
import { bool, int, list, str, type Of } from '../values.js';
import { set } from '../value-set.js';
import { contains } from '../equality.js';
import { overload, type Overload, type Overloads } from './overload.js';
import { castToString } from './text.js';

type Values = readonly RulesValue[];

/** Up to this number of values, comparing one by one is faster than building an index of them. */
const MAX_COMPARED = 8;

/** Describes a method of a list or set that compares it with another list or set. */
export function comparison(kind: 'list' | 'set', compare: (own: Values, other: Values) => boolean): Overload[] {
  return [overload([kind, 'members'], (self, other) => bool(compare(self.values, other.values)))];
}

/** Filters the values of a list that are, or are not, in another list. */
export function filterMembers(values: Values, others: Values, isAmong: boolean): Values {
  if (others.length <= MAX_COMPARED) return values.filter((value) => contains(others, value) === isAmong);
  const members = new Members(others);
  return values.filter((value) => members.has(value) === isAmong);
}

export const hasAll = (own: Values, other: Values): boolean => filterMembers(other, own, false).length === 0;
export const hasAny = (own: Values, other: Values): boolean => filterMembers(other, own, true).length > 0;
/** Returns whether every own element is in the other list. */
export const hasOnly = (own: Values, other: Values): boolean => hasAll(other, own);

function join(self: Of<'list'>, separator: Of<'string'>, budget: StepBudget): Outcome {
  const texts: string[] = [];
  for (const value of self.values) {
    const text = castToString(value);
    if (text === undefined) return unsupported(`string(${value.kind})`, ['string(string)']);
    texts.push(text);
    budget.spendOnText(text.length + separator.value.length);
  }
  return str(texts.join(separator.value));
}

export const LIST_METHODS: Overloads = {
  size: [overload(['list'], (self) => int(self.values.length))],
  hasAll: comparison('list', hasAll),
  hasAny: comparison('list', hasAny),
  hasOnly: comparison('list', hasOnly),
  concat: [overload(['list', 'list'], (self, other) => list([...self.values, ...other.values]))],
  join: [overload(['list', 'string'], join)],
  removeAll: [overload(['list', 'list'], (self, other) => list(filterMembers(self.values, other.values, false)))],
  toSet: [overload(['list'], (self) => set(self.values))],
};
