/** All built-ins: methods by type, functions by name or namespace. */
import type { ExpressionValue } from '../outcome.js';
import { BYTES_METHODS } from './bytes.js';
import { CASTS } from './casts.js';
import { DURATION_FUNCTIONS, DURATION_METHODS } from './duration.js';
import { HASHING_FUNCTIONS } from './hashing.js';
import { LATLNG_FUNCTIONS, LATLNG_METHODS } from './latlng.js';
import { LIST_METHODS } from './list.js';
import { MAP_DIFF_METHODS, MAP_METHODS } from './map.js';
import { MATH_FUNCTIONS } from './math.js';
import type { Overload, Overloads } from './overload.js';
import { PATH_METHODS } from './path.js';
import { SET_METHODS } from './set.js';
import { STRING_METHODS } from './string.js';
import { TIMESTAMP_FUNCTIONS, TIMESTAMP_METHODS } from './timestamp.js';

const METHODS: Partial<Record<ExpressionValue['kind'], Overloads>> = {
  string: STRING_METHODS,
  list: LIST_METHODS,
  set: SET_METHODS,
  map: MAP_METHODS,
  mapDiff: MAP_DIFF_METHODS,
  timestamp: TIMESTAMP_METHODS,
  duration: DURATION_METHODS,
  latlng: LATLNG_METHODS,
  path: PATH_METHODS,
  bytes: BYTES_METHODS,
};

const NAMESPACES: Record<string, Overloads> = {
  duration: DURATION_FUNCTIONS,
  hashing: HASHING_FUNCTIONS,
  latlng: LATLNG_FUNCTIONS,
  math: MATH_FUNCTIONS,
  timestamp: TIMESTAMP_FUNCTIONS,
};

const METHOD_NAMES = new Set(Object.values(METHODS).flatMap((methods) => Object.keys(methods)));

export const findCast = (name: string): readonly Overload[] | undefined => getOwn(CASTS, name);
export const findMethod = (object: ExpressionValue, name: string): readonly Overload[] | undefined =>
  getOwn(METHODS[object.kind] ?? {}, name);
/** Lists the types whose values have the method, in alphabetical order. */
export const listTypesWith = (method: string): string[] =>
  Object.entries(METHODS)
    .flatMap(([type, methods]) => (Object.hasOwn(methods, method) ? [type] : []))
    .sort();
/** Returns whether values of any type have the method. */
export const isMethod = (name: string): boolean => METHOD_NAMES.has(name);
export const isNamespace = (name: string): boolean => Object.hasOwn(NAMESPACES, name);
export const findNamespaceFunction = (namespace: string, name: string): readonly Overload[] | undefined =>
  getOwn(getOwn(NAMESPACES, namespace) ?? {}, name);

/** Returns an own property. The names come from rules: `constructor` must not find an inherited property. */
function getOwn<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
