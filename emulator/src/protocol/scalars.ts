import { formatTimestamp, parseTimestamp, type Timestamp } from '../values/time.js';
import { BYTES, FIXED64, VARINT } from './reader.js';
import { badPayload, type Codec, type Json, isJsonObject } from './schema.js';

export const textCodec: Codec<string> = {
  wireType: BYTES,
  read: (reader) => reader.string(),
  write: (writer, value) => writer.string(value),
  fromJson(json) {
    if (typeof json !== 'string') throw badPayload();
    return json;
  },
  toJson: (value) => value,
};

export const bytesCodec: Codec<Uint8Array> = {
  wireType: BYTES,
  read: (reader) => reader.bytesValue(),
  write: (writer, value) => writer.bytesValue(value),
  fromJson: (json) => bytesFromJson(json),
  toJson: (value) => Buffer.from(value).toString('base64'),
};

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Decodes base64 in the standard or the URL-safe alphabet, padded or not. */
function bytesFromJson(json: Json): Uint8Array {
  if (typeof json !== 'string' || !BASE64.test(json)) throw badPayload();
  return new Uint8Array(Buffer.from(json, 'base64'));
}

export const boolCodec: Codec<boolean> = {
  wireType: VARINT,
  read: (reader) => reader.bool(),
  write: (writer, value) => writer.bool(value),
  fromJson(json) {
    if (typeof json !== 'boolean') throw badPayload();
    return json;
  },
  toJson: (value) => value,
};

export const int32Codec: Codec<number> = {
  wireType: VARINT,
  read: (reader) => reader.int32(),
  write: (writer, value) => writer.int32(value),
  fromJson(json) {
    const value = typeof json === 'string' && json !== '' ? Number(json) : json;
    if (typeof value !== 'number' || value !== (value | 0)) throw badPayload();
    return value;
  },
  toJson: (value) => value,
};

const INT64_TEXT = /^-?\d+$/;

export const int64Codec: Codec<bigint> = {
  wireType: VARINT,
  read: (reader) => reader.int64(),
  write: (writer, value) => writer.int64(value),
  fromJson(json) {
    const value = integerFromJson(json);
    if (value === undefined || BigInt.asIntN(64, value) !== value) throw badPayload();
    return value;
  },
  toJson: (value) => value.toString(),
};

function integerFromJson(json: Json): bigint | undefined {
  if (typeof json === 'number' && Number.isInteger(json)) return BigInt(json);
  return typeof json === 'string' && INT64_TEXT.test(json) ? BigInt(json) : undefined;
}

export const doubleCodec: Codec<number> = {
  wireType: FIXED64,
  read: (reader) => reader.double(),
  write: (writer, value) => writer.double(value),
  fromJson(json) {
    if (json === 'NaN' || json === 'Infinity' || json === '-Infinity') return Number(json);
    const value = typeof json === 'string' && json.trim() !== '' ? Number(json) : json;
    if (typeof value !== 'number' || Number.isNaN(value)) throw badPayload();
    return value;
  },
  toJson(value) {
    // JavaScript writes −0 as 0. The text keeps the sign; the web SDK writes it in the same form.
    if (Object.is(value, -0)) return '-0';
    return Number.isFinite(value) ? value : String(value);
  },
};

/** google.protobuf.Timestamp; RFC 3339 text in JSON. */
export const timestampCodec: Codec<Timestamp> = {
  wireType: BYTES,
  read(reader) {
    const outer = reader.enter();
    let seconds = 0;
    let nanos = 0;
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      if (tag >>> 3 === 1) seconds = Number(reader.int64());
      else if (tag >>> 3 === 2) nanos = reader.int32();
      else reader.skip(tag & 7);
    }
    reader.leave(outer);
    return { seconds, nanos };
  },
  write(writer, value) {
    const before = writer.length;
    if (value.nanos !== 0) {
      writer.int32(value.nanos);
      writer.tag(2, VARINT);
    }
    if (value.seconds !== 0) {
      writer.int64(BigInt(value.seconds));
      writer.tag(1, VARINT);
    }
    writer.uint32(writer.length - before);
  },
  fromJson(json) {
    const value = typeof json === 'string' ? parseTimestamp(json) : undefined;
    if (!value) throw badPayload();
    return value;
  },
  toJson: formatTimestamp,
};

/**
 * Describes google.protobuf.Int32Value, Int64Value and similar types: messages with one field `value`, bare scalars in
 * JSON.
 */
export function wrapped<T>(codec: Codec<T>, absent: T): Codec<T> {
  return {
    wireType: BYTES,
    read(reader) {
      const outer = reader.enter();
      let value = absent;
      for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
        if (tag >>> 3 === 1) value = codec.read(reader);
        else reader.skip(tag & 7);
      }
      reader.leave(outer);
      return value;
    },
    write(writer, value) {
      const before = writer.length;
      if (value !== absent) {
        codec.write(writer, value);
        writer.tag(1, codec.wireType);
      }
      writer.uint32(writer.length - before);
    },
    fromJson(json) {
      return codec.fromJson(isJsonObject(json) && json['value'] !== undefined ? json['value'] : json);
    },
    toJson: (value) => codec.toJson(value),
  };
}

/** Describes an enum by its names; an unknown number is read as the first, unspecified name. */
export function enumeration<N extends string>(first: N, numbers: Readonly<Record<N, number>>): Codec<N> {
  const names = new Map<number, N>();
  for (const name in numbers) names.set(numbers[name], name);
  return {
    wireType: VARINT,
    read: (reader) => names.get(reader.int32()) ?? first,
    write: (writer, value) => writer.int32(numbers[value]),
    fromJson(json) {
      const name = typeof json === 'number' ? names.get(json) : [...names.values()].find((n) => n === json);
      if (name === undefined) throw badPayload();
      return name;
    },
    toJson: (value) => value,
  };
}
