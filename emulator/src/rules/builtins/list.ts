import { unsupported, type Outcome } from '../outcome.js';
import type { RulesValue } from '../types.js';
import { bool, contains, int, list, set, str, type Of } from '../values.js';
import { overload, type Overload, type Overloads } from './overload.js';
import { castToString } from './text.js';

type Values = readonly RulesValue[];

/** A question to a list or set about another list or set. */
export function asks(kind: 'list' | 'set', ask: (own: Values, other: Values) => boolean): Overload[] {
  return [overload([kind, 'members'], (self, other) => bool(ask(self.values, other.values)))];
}

export const hasAll = (own: Values, other: Values): boolean => other.every((value) => contains(own, value));
export const hasAny = (own: Values, other: Values): boolean => other.some((value) => contains(own, value));
/** Every own element is in the other: the direction is easily taken for the opposite. */
export const hasOnly = (own: Values, other: Values): boolean => hasAll(other, own);

function join(self: Of<'list'>, separator: Of<'string'>): Outcome {
  const texts: string[] = [];
  for (const value of self.values) {
    const text = castToString(value);
    if (text === undefined) return unsupported(`string(${value.kind})`, ['string(string)']);
    texts.push(text);
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
  removeAll: [
    overload(['list', 'list'], (self, other) => list(self.values.filter((value) => !contains(other.values, value)))),
  ],
  toSet: [overload(['list'], (self) => set(self.values))],
};
