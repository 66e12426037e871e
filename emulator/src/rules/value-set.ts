/** Finding equal values among many, in time that does not grow with their number. */
import type { RulesValue } from './types.js';
import { equal, totalNanos } from './values.js';

/** Values by a text that equal ones share; few that differ share one. */
export class Members {
  private readonly byKey = new Map<string, RulesValue[]>();

  constructor(values: Iterable<RulesValue> = []) {
    for (const value of values) this.add(value);
  }

  has(wanted: RulesValue): boolean {
    const alike = this.byKey.get(keyOf(wanted) ?? '');
    return alike?.some((value) => equal(value, wanted)) ?? false;
  }

  /** What equals nothing, as NaN does, need not be kept. */
  add(value: RulesValue): void {
    const key = keyOf(value);
    if (key === undefined) return;
    const alike = this.byKey.get(key);
    if (alike) alike.push(value);
    else this.byKey.set(key, [value]);
  }
}

/** The text of a value to be compared by `==`, or undefined for one that equals nothing: numbers of both kinds meet. */
function keyOf(value: RulesValue): string | undefined {
  if (value.kind === 'int') return `float ${Number(value.value)}`;
  return innerKey(value);
}

/** The text of a value inside another, where int and float differ. */
function innerKey(value: RulesValue): string | undefined {
  switch (value.kind) {
    case 'float':
      return Number.isNaN(value.value) ? undefined : `float ${value.value}`;
    case 'null':
      return 'null';
    case 'bool':
    case 'int':
    case 'string':
      return `${value.kind} ${value.value}`;
    case 'bytes':
      return `bytes ${Buffer.from(value.value).toString('base64')}`;
    case 'timestamp':
    case 'duration':
      return `${value.kind} ${totalNanos(value)}`;
    case 'latlng':
      return `latlng ${value.latitude} ${value.longitude}`;
    case 'path':
      return `path ${value.segments.join('/')}`;
    case 'vector':
      return `vector ${value.values.join()}`;
    case 'list':
      return joined('list', value.values.map(innerKey));
    case 'set':
      return joined('set', value.values.map(keyOf).sort());
    case 'map':
      return joined(
        'map',
        [...value.fields].sort(byName).map(([name, field]) => withName(name, innerKey(field))),
      );
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function withName(name: string, key: string | undefined): string | undefined {
  return key === undefined ? undefined : JSON.stringify([name, key]);
}

function joined(kind: string, keys: readonly (string | undefined)[]): string | undefined {
  return keys.includes(undefined) ? undefined : `${kind} ${JSON.stringify(keys)}`;
}
