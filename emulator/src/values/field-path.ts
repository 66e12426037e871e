import { invalid } from './status.js';
import { mapValue, type Fields, type Value } from './value.js';

/** The names that lead from a document's fields to a value. */
export type FieldPath = readonly string[];

const SEGMENT = /(?:([a-zA-Z_][a-zA-Z_0-9]*)|`((?:[^`\\]|\\.)+)`)(\.|$)/y;
const RULE =
  'Unquoted property paths must match regex ([a-zA-Z_][a-zA-Z_0-9]*), ' +
  'and quoted property paths must match regex (`(?:[^`\\\\]|(?:\\\\.))+`)';

const parsed = new Map<string, FieldPath>();
const CACHED_PATHS = 10_000;

/** Parses `a.b.`quoted name``. Results are cached, because requests repeat the same paths. */
export function parseFieldPath(text: string): FieldPath {
  const known = parsed.get(text);
  if (known) return known;
  const path = parse(text);
  if (parsed.size >= CACHED_PATHS) parsed.clear();
  parsed.set(text, path);
  return path;
}

function parse(text: string): FieldPath {
  if (text === '') throw invalid('Invalid empty property path string.');
  const segments: string[] = [];
  SEGMENT.lastIndex = 0;
  for (let open = true; open;) {
    const match = SEGMENT.exec(text);
    if (!match) throw invalid(`Invalid property path "${text}". ${RULE}`);
    segments.push(match[1] ?? (match[2] ?? '').replace(/\\(.)/g, '$1'));
    open = match[3] === '.';
  }
  return segments;
}

const SIMPLE = /^[a-zA-Z_][a-zA-Z_0-9]*$/;

/** Formats a field path; a segment that is not a simple name is quoted. */
export function formatFieldPath(path: FieldPath): string {
  return path.map((s) => (SIMPLE.test(s) ? s : `\`${s.replace(/[\\`]/g, '\\$&')}\``)).join('.');
}

/** Returns the value at a path, or undefined where a segment is missing or not a map. */
export function getField(fields: Fields, path: FieldPath): Value | undefined {
  let value: Value | undefined = fields.get(path[0] ?? '');
  for (let i = 1; i < path.length && value; i++) {
    value = value.kind === 'map' ? value.fields.get(path[i] ?? '') : undefined;
  }
  return value;
}

/**
 * Returns the fields with the value at the path set, or removed when it is undefined. Setting replaces parents that are
 * not maps; removing below such a parent changes nothing.
 */
export function withField(fields: Fields, path: FieldPath, value: Value | undefined): Fields {
  const [head = '', ...rest] = path;
  const child = fields.get(head);
  if (rest.length > 0 && value === undefined && child?.kind !== 'map') return fields;
  const copy = new Map(fields);
  if (rest.length > 0) {
    const inner = child?.kind === 'map' ? child.fields : new Map<string, Value>();
    copy.set(head, mapValue(withField(inner, rest, value)));
  } else if (value === undefined) copy.delete(head);
  else copy.set(head, value);
  return copy;
}

/** Returns only the values at the paths, as a read with a mask does. */
export function maskedFields(fields: Fields, paths: readonly FieldPath[]): Fields {
  let result: Fields = new Map();
  for (const path of paths) {
    const value = getField(fields, path);
    if (value) result = withField(result, path, value);
  }
  return result;
}
