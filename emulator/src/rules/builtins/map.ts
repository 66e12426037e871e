import type { MapDiff, Outcome } from '../outcome.js';
import type { RulesValue } from '../types.js';
import { int, list, str, type Of } from '../values.js';
import { set } from '../value-set.js';
import { equal } from '../equality.js';
import { overload, type Overload, type Overloads } from './overload.js';

const sorted = (self: Of<'map'>): [string, RulesValue][] => [...self.fields].sort(([a], [b]) => (a < b ? -1 : 1));

/** Follows keys into nested maps; returns the default when any of them is missing. */
function getNested(self: Of<'map'>, keys: Of<'list'>, byDefault: RulesValue): RulesValue {
  let found: RulesValue = self;
  for (const key of keys.values) {
    const next: RulesValue | undefined =
      found.kind === 'map' && key.kind === 'string' ? found.fields.get(key.value) : undefined;
    if (!next) return byDefault;
    found = next;
  }
  return found;
}

type Change = 'added' | 'removed' | 'changed' | 'unchanged';

function compareKey(key: string, { after, before }: MapDiff): Change {
  const [own, other] = [after.fields.get(key), before.fields.get(key)];
  if (!other) return 'added';
  if (!own) return 'removed';
  return equal(own, other) ? 'unchanged' : 'changed';
}

const listKeys = (...changes: Change[]): Overload[] => [
  overload(['mapDiff'], (diff): Outcome => {
    const keys = new Set([...diff.after.fields.keys(), ...diff.before.fields.keys()]);
    return set([...keys].filter((key) => changes.includes(compareKey(key, diff))).map(str));
  }),
];

export const MAP_METHODS: Overloads = {
  size: [overload(['map'], (self) => int(self.fields.size))],
  keys: [overload(['map'], (self) => list(sorted(self).map(([key]) => str(key))))],
  values: [overload(['map'], (self) => list(sorted(self).map(([, value]) => value)))],
  get: [
    overload(['map', 'string', 'any'], (self, key, byDefault) => self.fields.get(key.value) ?? byDefault),
    overload(['map', 'list', 'any'], getNested),
  ],
  diff: [overload(['map', 'map'], (after, before) => ({ kind: 'mapDiff', after, before }))],
};

/** The methods of a map diff, which goes from the argument to the object: a key that only the object has is added. */
export const MAP_DIFF_METHODS: Overloads = {
  addedKeys: listKeys('added'),
  removedKeys: listKeys('removed'),
  changedKeys: listKeys('changed'),
  unchangedKeys: listKeys('unchanged'),
  affectedKeys: listKeys('added', 'removed', 'changed'),
};
