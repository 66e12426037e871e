import { invalid } from '../values/status.js';
import { truncatedToMicros } from '../values/time.js';
import { NULL, type Fields, type Value } from '../values/value.js';
import { BYTES, FIXED64, type ProtoReader, VARINT } from './reader.js';
import { boolCodec, bytesCodec, doubleCodec, int64Codec, textCodec, timestampCodec } from './scalars.js';
import { badPayload, type Codec, isJsonObject, type Json, mapField, repeated, writeEach } from './schema.js';
import { type ProtoWriter } from './writer.js';

/** Field numbers of google.firestore.v1.Value. */
const NUMBER = {
  boolean: 1,
  integer: 2,
  double: 3,
  reference: 5,
  map: 6,
  geo: 8,
  array: 9,
  timestamp: 10,
  null: 11,
  string: 17,
  bytes: 18,
} as const;

/**
 * Decodes a Value directly into the form that is stored and compared. This codec is written by hand because most of the
 * traffic consists of values.
 */
export const value: Codec<Value> = {
  wireType: BYTES,
  read(reader) {
    const outer = reader.enter();
    let result: Value | undefined;
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) result = readKind(reader, tag) ?? result;
    reader.leave(outer);
    if (!result) throw invalid('Cannot convert firestore.v1.Value with type unset.');
    return result;
  },
  write(writer, item) {
    const before = writer.length;
    writeKind(writer, item);
    writer.uint32(writer.length - before);
  },
  fromJson,
  toJson,
};

/** The fields of a document or of a map value. */
const fieldsField = mapField(1, value);
const elementsField = repeated(1, value);

function readKind(reader: ProtoReader, tag: number): Value | undefined {
  switch (tag >>> 3) {
    case NUMBER.boolean:
      return { kind: 'boolean', value: reader.bool() };
    case NUMBER.integer:
      return { kind: 'integer', value: reader.int64() };
    case NUMBER.double:
      return { kind: 'double', value: reader.double() };
    case NUMBER.string:
      return { kind: 'string', value: reader.string() };
    case NUMBER.timestamp:
      return { kind: 'timestamp', ...truncatedToMicros(timestampCodec.read(reader)) };
    case NUMBER.map:
      return { kind: 'map', fields: readFields(reader) };
    case NUMBER.array:
      return { kind: 'array', values: readElements(reader) };
    case NUMBER.reference:
      return { kind: 'reference', value: reader.string() };
    case NUMBER.geo:
      return { kind: 'geo', ...readGeoPoint(reader) };
    case NUMBER.bytes:
      return { kind: 'bytes', value: reader.bytesValue() };
    case NUMBER.null:
      reader.int32();
      return NULL;
    default:
      reader.skip(tag & 7);
      return undefined;
  }
}

function readFields(reader: ProtoReader): Fields {
  const outer = reader.enter();
  let fields: Fields = new Map();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag >>> 3 === 1) fields = fieldsField.read(reader, tag & 7, fields);
    else reader.skip(tag & 7);
  }
  reader.leave(outer);
  return fields;
}

function readElements(reader: ProtoReader): Value[] {
  const outer = reader.enter();
  const elements: Value[] = [];
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag >>> 3 === 1) elements.push(value.read(reader));
    else reader.skip(tag & 7);
  }
  reader.leave(outer);
  // A copy of exact size: these values are stored, and a growing list reserves more memory than it needs.
  return elements.slice();
}

function readGeoPoint(reader: ProtoReader): { latitude: number; longitude: number } {
  const outer = reader.enter();
  const point = { latitude: 0, longitude: 0 };
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag >>> 3 === 1) point.latitude = reader.double();
    else if (tag >>> 3 === 2) point.longitude = reader.double();
    else reader.skip(tag & 7);
  }
  reader.leave(outer);
  return point;
}

/** Writes the member of the oneof; unlike a plain scalar, it is written even when it has its type's default. */
function writeKind(writer: ProtoWriter, item: Value): void {
  const before = writer.length;
  switch (item.kind) {
    case 'null':
      writer.uint32(0);
      return writer.tag(NUMBER.null, VARINT);
    case 'boolean':
      writer.bool(item.value);
      return writer.tag(NUMBER.boolean, VARINT);
    case 'integer':
      writer.int64(item.value);
      return writer.tag(NUMBER.integer, VARINT);
    case 'double':
      writer.double(item.value);
      return writer.tag(NUMBER.double, FIXED64);
    case 'string':
      writer.string(item.value);
      return writer.tag(NUMBER.string, BYTES);
    case 'reference':
      writer.string(item.value);
      return writer.tag(NUMBER.reference, BYTES);
    case 'bytes':
      writer.bytesValue(item.value);
      return writer.tag(NUMBER.bytes, BYTES);
    case 'timestamp':
      timestampCodec.write(writer, item);
      return writer.tag(NUMBER.timestamp, BYTES);
    case 'geo':
      writeGeoPoint(writer, item.latitude, item.longitude);
      return writer.endNested(NUMBER.geo, before);
    case 'array':
      writeEach(writer, 1, value, item.values);
      return writer.endNested(NUMBER.array, before);
    case 'map':
      fieldsField.write(writer, item.fields);
      return writer.endNested(NUMBER.map, before);
  }
}

function writeGeoPoint(writer: ProtoWriter, latitude: number, longitude: number): void {
  writer.double(longitude);
  writer.tag(2, FIXED64);
  writer.double(latitude);
  writer.tag(1, FIXED64);
}

function fromJson(json: Json): Value {
  if (!isJsonObject(json)) throw badPayload();
  const [entry, ...others] = Object.entries(json);
  if (!entry) throw invalid('Cannot convert firestore.v1.Value with type unset.');
  if (others.length > 0) throw badPayload();
  const [name, item] = entry;
  return kindFromJson(
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    item,
  );
}

function kindFromJson(name: string, item: Json): Value {
  switch (name) {
    case 'nullValue':
      return NULL;
    case 'booleanValue':
      return { kind: 'boolean', value: boolCodec.fromJson(item) };
    case 'integerValue':
      return { kind: 'integer', value: int64Codec.fromJson(item) };
    case 'doubleValue':
      return { kind: 'double', value: doubleCodec.fromJson(item) };
    case 'timestampValue':
      return { kind: 'timestamp', ...truncatedToMicros(timestampCodec.fromJson(item)) };
    case 'stringValue':
      return { kind: 'string', value: textCodec.fromJson(item) };
    case 'bytesValue':
      return { kind: 'bytes', value: bytesCodec.fromJson(item) };
    case 'referenceValue':
      return { kind: 'reference', value: textCodec.fromJson(item) };
    case 'geoPointValue':
      return { kind: 'geo', latitude: coordinate(item, 'latitude'), longitude: coordinate(item, 'longitude') };
    case 'arrayValue':
      return { kind: 'array', values: elementsField.fromJson(member(item, 'values') ?? []) };
    case 'mapValue':
      return { kind: 'map', fields: fieldsField.fromJson(member(item, 'fields') ?? {}) };
    default:
      throw badPayload();
  }
}

function member(json: Json, name: string): Json | undefined {
  if (!isJsonObject(json)) throw badPayload();
  return json[name];
}

function coordinate(json: Json, name: string): number {
  const item = member(json, name);
  return item === undefined ? 0 : doubleCodec.fromJson(item);
}

function toJson(item: Value): Json {
  switch (item.kind) {
    case 'null':
      return { nullValue: null };
    case 'boolean':
      return { booleanValue: item.value };
    case 'integer':
      return { integerValue: item.value.toString() };
    case 'double':
      return { doubleValue: doubleCodec.toJson(item.value) };
    case 'timestamp':
      return { timestampValue: timestampCodec.toJson(item) };
    case 'string':
      return { stringValue: item.value };
    case 'bytes':
      return { bytesValue: bytesCodec.toJson(item.value) };
    case 'reference':
      return { referenceValue: item.value };
    case 'geo':
      return { geoPointValue: { latitude: item.latitude, longitude: item.longitude } };
    case 'array':
      return { arrayValue: item.values.length === 0 ? {} : { values: item.values.map(toJson) } };
    case 'map':
      return {
        mapValue:
          item.fields.size === 0
            ? {}
            : { fields: Object.fromEntries([...item.fields].map(([k, v]) => [k, toJson(v)])) },
      };
  }
}
