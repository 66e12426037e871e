import { int } from '../values.js';
import { set } from '../value-set.js';
import { among, asks, hasAll, hasAny, hasOnly } from './list.js';
import { overload, type Overloads } from './overload.js';

export const SET_METHODS: Overloads = {
  size: [overload(['set'], (self) => int(self.values.length))],
  hasAll: asks('set', hasAll),
  hasAny: asks('set', hasAny),
  hasOnly: asks('set', hasOnly),
  union: [overload(['set', 'set'], (self, other) => set([...self.values, ...other.values]))],
  intersection: [overload(['set', 'set'], (self, other) => set(among(self.values, other.values, true)))],
  difference: [overload(['set', 'set'], (self, other) => set(among(self.values, other.values, false)))],
};
