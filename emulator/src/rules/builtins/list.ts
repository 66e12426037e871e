import { unsupported, type Outcome } from '../outcome.js';
import type { RulesValue } from '../types.js';
import type { Effort } from '../evaluation-budget.js';
import { Members } from '../equality.js';
import { bool, int, list, str, type Of } from '../values.js';
import { set } from '../value-set.js';
import { contains } from '../equality.js';
import { overload, type Overload, type Overloads } from './overload.js';
import { castToString } from './text.js';

type Values = readonly RulesValue[];

/** Up to this number of values, comparing one by one is faster than building an index of them. */
const FEW = 8;

/** Describes a method of a list or set that compares it with another list or set. */
export function asks(kind: 'list' | 'set', ask: (own: Values, other: Values) => boolean): Overload[] {
  return [overload([kind, 'members'], (self, other) => bool(ask(self.values, other.values)))];
}

/** Filters the values of a list that are, or are not, in another list. */
export function among(values: Values, others: Values, isAmong: boolean): Values {
  if (others.length <= FEW) return values.filter((value) => contains(others, value) === isAmong);
  const members = new Members(others);
  return values.filter((value) => members.has(value) === isAmong);
}

export const hasAll = (own: Values, other: Values): boolean => among(other, own, false).length === 0;
export const hasAny = (own: Values, other: Values): boolean => among(other, own, true).length > 0;
/** Returns whether every own element is in the other list. */
export const hasOnly = (own: Values, other: Values): boolean => hasAll(other, own);

function join(self: Of<'list'>, separator: Of<'string'>, effort: Effort): Outcome {
  const texts: string[] = [];
  for (const value of self.values) {
    const text = castToString(value);
    if (text === undefined) return unsupported(`string(${value.kind})`, ['string(string)']);
    texts.push(text);
    effort.spendOnText(text.length + separator.value.length);
  }
  return str(texts.join(separator.value));
}

export const LIST_METHODS: Overloads = {
  size: [overload(['list'], (self) => int(self.values.length))],
  hasAll: asks('list', hasAll),
  hasAny: asks('list', hasAny),
  hasOnly: asks('list', hasOnly),
  concat: [overload(['list', 'list'], (self, other) => list([...self.values, ...other.values]))],
  join: [overload(['list', 'string'], join)],
  removeAll: [overload(['list', 'list'], (self, other) => list(among(self.values, other.values, false)))],
  toSet: [overload(['list'], (self) => set(self.values))],
};
