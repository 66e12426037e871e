import { parseDocumentName } from '../values/names.js';
import { timestampToMicros, microsToTimestamp } from './times.js';
import {
  arrayValue,
  doubleValue,
  type Fields,
  integerValue,
  mapValue,
  NULL,
  referenceValue,
  stringValue,
  type Value,
  vectorElements,
} from '../values/value.js';
import { decodeReference, encodeReference, formatKeyName } from './keys.js';
import {
  bytesField,
  doubleField,
  groupField,
  messageField,
  textField,
  varintField,
  WireMessage,
  type WireField,
} from './wire.js';

/** The types of property values that their encoding does not show. Source: App Engine, entity.proto. */
const MEANING = { timestamp: 7n, geo: 9n, bytes: 14n, map: 19n, emptyArray: 24n } as const;
const PROPERTY = 14;
const RAW_PROPERTY = 15;
/** The property that holds a vector's numbers. */
const VECTOR = '__vector__';

type Encoded = readonly [meaning: bigint | undefined, value: readonly WireField[]];

/** Encodes fields as properties of an entity: empty arrays first, other arrays as a repeated property. */
export function encodeProperties(fields: Fields): WireField[] {
  const all = [...fields];
  const isEmptyArray = (value: Value): boolean => value.kind === 'array' && value.values.length === 0;
  return [
    ...all
      .filter(([, value]) => isEmptyArray(value))
      .map(([name]) => property(PROPERTY, name, false, [MEANING.emptyArray, []])),
    ...all
      .filter(([, value]) => !isEmptyArray(value))
      .flatMap(([name, value]) =>
        value.kind === 'array'
          ? value.values.map((item) => property(RAW_PROPERTY, name, true, encodeValue(item)))
          : [property(RAW_PROPERTY, name, false, encodeValue(value))],
      ),
  ];
}

function property(number: number, name: string, isMultiple: boolean, [meaning, value]: Encoded): WireField {
  return messageField(number, [
    ...(meaning === undefined ? [] : [varintField(1, meaning)]),
    textField(3, name),
    varintField(4, isMultiple ? 1 : 0),
    messageField(5, value),
  ]);
}

function encodeValue(value: Value): Encoded {
  switch (value.kind) {
    case 'null':
      return [undefined, []];
    case 'integer':
      return [undefined, [varintField(1, value.value)]];
    case 'boolean':
      return [undefined, [varintField(2, value.value ? 1 : 0)]];
    case 'string':
      return [undefined, [textField(3, value.value)]];
    case 'double':
      return [undefined, [doubleField(4, value.value)]];
    case 'timestamp':
      return [MEANING.timestamp, [varintField(1, timestampToMicros(value))]];
    case 'bytes':
      return [MEANING.bytes, [bytesField(3, value.value)]];
    case 'geo':
      return [MEANING.geo, [groupField(5, [doubleField(6, value.latitude), doubleField(7, value.longitude)])]];
    case 'reference':
      return [undefined, [encodeReference(parseDocumentName(value.value))]];
    case 'map':
      return [MEANING.map, [messageField(3, encodeMap(value.fields))]];
    case 'array':
      throw new Error('an array cannot contain an array');
  }
}

/** Encodes a map as an entity with an empty key; a vector is an entity whose repeated property holds its numbers. */
function encodeMap(fields: Fields): WireField[] {
  const elements = vectorElements(fields);
  const inside = elements ? new Map([[VECTOR, arrayValue(elements)]]) : fields;
  return [
    messageField(13, [textField(13, ''), bytesField(14, Buffer.alloc(0))]),
    ...encodeProperties(inside),
    messageField(16, []),
  ];
}

/** The id of the exported project and the id that replaces it. */
export interface Renaming {
  readonly from: string;
  readonly to: string;
}

/** Decodes the fields of an entity; `renaming` maps the project and database of references. */
export function decodeProperties(entity: WireMessage, renaming: Renaming): Map<string, Value> {
  const fields = new Map<string, Value>();
  for (const one of entity.messages(PROPERTY)) fields.set(one.text(3) ?? '', decodeAlone(one, renaming));
  const arrays = new Map<string, Value[]>();
  for (const one of entity.messages(RAW_PROPERTY)) {
    const name = one.text(3) ?? '';
    if (one.varint(4) === 1n) {
      const items = arrays.get(name) ?? [];
      arrays.set(name, items);
      items.push(decodeAlone(one, renaming));
      fields.set(name, arrayValue(items));
    } else fields.set(name, decodeAlone(one, renaming));
  }
  return fields;
}

function decodeAlone(one: WireMessage, renaming: Renaming): Value {
  const value = WireMessage.of(one.bytes(5));
  const reference = value.group(12);
  const integer = value.varint(1);
  const raw = value.bytes(3);
  switch (one.varint(1)) {
    case MEANING.emptyArray:
      return arrayValue([]);
    case MEANING.timestamp:
      return { kind: 'timestamp', ...microsToTimestamp(integer ?? 0n) };
    case MEANING.bytes:
      return { kind: 'bytes', value: new Uint8Array(raw ?? []) };
    case MEANING.geo:
      return {
        kind: 'geo',
        latitude: value.group(5)?.double(6) ?? 0,
        longitude: value.group(5)?.double(7) ?? 0,
      };
    case MEANING.map:
      return decodeMap(WireMessage.of(raw), renaming);
    default:
  }
  if (reference) return decodeReferenceValue(reference, renaming);
  if (integer !== undefined) return integerValue(integer);
  const flag = value.varint(2);
  if (flag !== undefined) return { kind: 'boolean', value: flag !== 0n };
  const number = value.double(4);
  if (number !== undefined) return doubleValue(number);
  return raw ? stringValue(raw.toString('utf8')) : NULL;
}

/** Decodes a reference. A reference to the exported project is renamed with it; one to another project is kept. */
function decodeReferenceValue(reference: WireMessage, { from, to }: Renaming): Value {
  const parts = decodeReference(reference);
  return referenceValue(formatKeyName({ ...parts, project: parts.project === from ? to : parts.project }));
}

function decodeMap(entity: WireMessage, renaming: Renaming): Value {
  const fields = decodeProperties(entity, renaming);
  const vector = fields.get(VECTOR);
  if (fields.size !== 1 || !vector) return mapValue(fields);
  return mapValue(
    new Map([
      ['__type__', stringValue(VECTOR)],
      ['value', vector],
    ]),
  );
}
