/** Decodes the two notations of values that this runtime receives: its own, and that of Firestore's REST API. */
import type { RulesValue } from '../rules/types.js';
import {
  bool,
  bytes,
  duration,
  float,
  int,
  latlng,
  list,
  map,
  path,
  RULES_NULL,
  str,
  timestampFromIso,
} from '../rules/values.js';
import { set } from '../rules/value-set.js';
import { asInt, asItems, asNumber, asText, isObject, member, type JsonObject } from './json.js';

type Readers = Readonly<Record<string, (content: unknown) => RulesValue>>;

const timestampOrText = (content: unknown): RulesValue => timestampFromIso(asText(content)) ?? str(asText(content));
const toLatlng = (content: unknown): RulesValue =>
  latlng(asNumber(member(content, 'latitude')), asNumber(member(content, 'longitude')));
const base64 = (content: unknown): RulesValue => bytes(Buffer.from(asText(content), 'base64'));
const toMap = (content: unknown, toValue: (value: unknown) => RulesValue): RulesValue =>
  map(new Map(Object.entries(isObject(content) ? content : {}).map(([name, value]) => [name, toValue(value)])));

/** Readers for `{"int_value": 1}` and similar values, which firebase-tools sends. */
const WIRE: Readers = {
  null_value: () => RULES_NULL,
  bool_value: (content) => bool(content === true),
  int_value: (content) => int(asInt(content)),
  float_value: (content) => float(asNumber(content)),
  string_value: (content) => str(asText(content)),
  bytes_value: base64,
  timestamp_value: timestampOrText,
  duration_value: (content) => duration(asInt(member(content, 'seconds')), asNumber(member(content, 'nanos'))),
  latlng_value: toLatlng,
  list_value: (content) => list(asItems(member(content, 'values')).map(fromWire)),
  set_value: (content) => set(asItems(member(content, 'values')).map(fromWire)),
  map_value: (content) => toMap(member(content, 'fields'), fromWire),
  path_value: (content) =>
    path(asItems(member(content, 'segments')).map((segment) => asText(member(segment, 'simple')))),
};

/**
 * Readers for `{"integerValue": "1"}` and similar values, the fields of a document. A reference becomes a path that
 * begins with `databases`.
 */
const REST: Readers = {
  nullValue: () => RULES_NULL,
  booleanValue: (content) => bool(content === true),
  integerValue: (content) => int(asInt(content)),
  doubleValue: (content) => float(asNumber(content)),
  stringValue: (content) => str(asText(content)),
  bytesValue: base64,
  timestampValue: timestampOrText,
  geoPointValue: toLatlng,
  referenceValue: (content) => path(asText(content).split('/').slice(2)),
  arrayValue: (content) => list(asItems(member(content, 'values')).map(fromRest)),
  mapValue: (content) => toMap(member(content, 'fields'), fromRest),
};

export const fromWire = (value: unknown): RulesValue => read(WIRE, value);
export const fromRest = (value: unknown): RulesValue => read(REST, value);
export const fromRestFields = (fields: unknown): RulesValue => toMap(fields, fromRest);

/** Reads a value. An unknown kind is read as null, so that a rule that needs it fails. */
function read(readers: Readers, value: unknown): RulesValue {
  const [kind, content] = Object.entries(isObject(value) ? value : ({} satisfies JsonObject))[0] ?? [];
  const reader = kind !== undefined && Object.hasOwn(readers, kind) ? readers[kind] : undefined;
  return reader ? reader(content) : RULES_NULL;
}

/** Converts an object of Storage: its two times are texts in the message and timestamps in rules. */
export function objectFromWire(value: unknown): RulesValue {
  const object = fromWire(value);
  if (object.kind !== 'map') return object;
  const times = ['timeCreated', 'updated'].flatMap((name) => {
    const text = object.fields.get(name);
    return text?.kind === 'string' ? [[name, timestampOrText(text.value)] as const] : [];
  });
  return map(new Map([...object.fields, ...times]));
}
