import { int } from '../values.js';
import { set } from '../value-set.js';
import { filterMembers, comparison, hasAll, hasAny, hasOnly } from './list.js';
import { overload, type Overloads } from './overload.js';

export const SET_METHODS: Overloads = {
  size: [overload(['set'], (self) => int(self.values.length))],
  hasAll: comparison('set', hasAll),
  hasAny: comparison('set', hasAny),
  hasOnly: comparison('set', hasOnly),
  union: [overload(['set', 'set'], (self, other) => set([...self.values, ...other.values]))],
  intersection: [overload(['set', 'set'], (self, other) => set(filterMembers(self.values, other.values, true)))],
  difference: [overload(['set', 'set'], (self, other) => set(filterMembers(self.values, other.values, false)))],
};
