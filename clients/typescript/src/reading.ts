import { SHAPES } from './generated/shapes.js';
import { withoutGaps } from './values.js';

/** What has to be done to read one value. Values without a rule are passed on as they are. */
interface Rule {
  /** A Timestamp of Firestore becomes milliseconds since 1970. */
  readonly stamp?: true;
  /** The name of a shape. */
  readonly shape?: string;
  readonly list?: Rule;
  readonly map?: Rule;
  /** Stands for an absent value. */
  readonly fallback?: unknown;
}

type Fields = Readonly<Record<string, Rule>>;

/** A record, or a union of records that the text in `tag` tells apart. */
export type ShapeTable =
  { readonly fields: Fields } | { readonly tag: string; readonly cases: Readonly<Record<string, Fields>> };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = <V>(map: Readonly<Record<string, V>>, key: string): V | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined;

/**
 * Reads a document or an answer of the server. It never throws: properties of a newer server stay, and an unknown case
 * of a union becomes `unknown`, with the value in `raw`. The server wrote the value by the same contract, so its type is
 * not checked again.
 */
export function readAs<T>(shape: string, value: unknown): T {
  return readShape(shape, value) as T;
}

function readShape(shape: string, value: unknown): unknown {
  const table = own(SHAPES, shape);
  if (!table || !isRecord(value)) return value;
  if ('fields' in table) return readFields(table.fields, value);
  const tag = value[table.tag];
  const fields = typeof tag === 'string' ? own(table.cases, tag) : undefined;
  return fields ? readFields(fields, value) : { [table.tag]: 'unknown', raw: value };
}

function readFields(fields: Fields, value: Readonly<Record<string, unknown>>): unknown {
  const read: Record<string, unknown> = { ...value };
  for (const [name, rule] of Object.entries(fields)) {
    if (read[name] !== undefined) read[name] = readValue(rule, read[name]);
    // A copy: a reader may change what it got.
    else if ('fallback' in rule) read[name] = readValue(rule, withoutGaps(rule.fallback));
  }
  return read;
}

function readValue(rule: Rule, value: unknown): unknown {
  if (rule.stamp) return toMillis(value);
  if (rule.shape !== undefined) return readShape(rule.shape, value);
  const { list, map } = rule;
  if (list && Array.isArray(value)) return value.map((one) => readValue(list, one));
  if (map && isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, readValue(map, one)]));
  return value;
}

/** A time that the server has not set yet is null in a local snapshot. */
function toMillis(value: unknown): unknown {
  if (!isRecord(value) || !('toMillis' in value) || typeof value['toMillis'] !== 'function') return value;
  return Number(value['toMillis']());
}
