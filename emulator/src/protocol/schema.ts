import { invalid } from '../values/status.js';
import { BYTES, MalformedMessage, ProtoReader, VARINT } from './reader.js';
import { ProtoWriter } from './writer.js';

/** A result of JSON.parse. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Encodes values of one type as protobuf, without their tag, and as proto3 JSON. */
export interface Codec<T> {
  readonly wireType: number;
  read(reader: ProtoReader): T;
  write(writer: ProtoWriter, value: T): void;
  fromJson(json: Json): T;
  toJson(value: T): Json;
}

/** Encodes one field of a message; V includes the value for an absent field. */
export interface Field<V> {
  readonly number: number;
  read(reader: ProtoReader, wireType: number, current: V): V;
  /** Writes nothing for an absent or default value. */
  write(writer: ProtoWriter, value: V): void;
  fromJson(json: Json): V;
  /** Returns undefined for an absent or default value. */
  toJson(value: V): Json | undefined;
}

/** A message type: its codec, and `make`, which sets fields that are not given to their defaults. */
export interface MessageCodec<T> extends Codec<T> {
  make(given?: Partial<T>): T;
  encode(value: T): Buffer;
  /** Writes the fields of a top-level message, without a length. */
  writeFields(writer: ProtoWriter, value: T): void;
  decode(bytes: Buffer): T;
}

export type FieldTable<T> = { readonly [K in keyof T]-?: Field<T[K]> };

/** Returns the error for JSON that does not fit the request. Source: the official emulator's message. */
export function badPayload(): Error {
  return invalid("Payload isn't valid for request.");
}

/** Returns whether a value is a JSON object: not null and not an array. */
export function isJsonObject(json: Json | undefined): json is { readonly [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/**
 * Describes a message by its empty value and its fields. Both are evaluated lazily, so that message types may nest in
 * themselves.
 */
export function message<T extends object>(empty: () => T, table: () => FieldTable<T>): MessageCodec<T> {
  return new TableCodec(empty, table);
}

class TableCodec<T extends object> implements MessageCodec<T> {
  readonly wireType = BYTES;
  private fields: FieldTable<T> | undefined;
  private keys: (keyof T & string)[] = [];
  private readonly byNumber: (keyof T & string)[] = [];

  constructor(
    private readonly empty: () => T,
    private readonly table: () => FieldTable<T>,
  ) {}

  make(given: Partial<T> = {}): T {
    return { ...this.empty(), ...given };
  }

  encode(value: T): Buffer {
    const writer = new ProtoWriter();
    this.writeFields(writer, value);
    return writer.finish();
  }

  decode(bytes: Buffer): T {
    try {
      return this.readFields(new ProtoReader(bytes));
    } catch (fault) {
      throw fault instanceof MalformedMessage ? invalid(fault.message) : fault;
    }
  }

  read(reader: ProtoReader): T {
    const outer = reader.enter();
    const value = this.readFields(reader);
    reader.leave(outer);
    return value;
  }

  write(writer: ProtoWriter, value: T): void {
    const before = writer.length;
    this.writeFields(writer, value);
    writer.uint32(writer.length - before);
  }

  fromJson(json: Json): T {
    const value = this.empty();
    if (json === null) return value;
    if (!isJsonObject(json)) throw badPayload();
    const fields = this.prepared();
    for (const [name, item] of Object.entries(json)) {
      const key = this.keys.find((k) => k === name) ?? this.keys.find((k) => snakeCase(k) === name);
      if (key === undefined) throw badPayload();
      if (item !== null) value[key] = fields[key].fromJson(item);
    }
    return value;
  }

  toJson(value: T): Json {
    const fields = this.prepared();
    const json: Record<string, Json> = {};
    for (const key of this.keys) {
      const item = fields[key].toJson(value[key]);
      if (item !== undefined) json[key] = item;
    }
    return json;
  }

  private readFields(reader: ProtoReader): T {
    const fields = this.prepared();
    const value = this.empty();
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      const key = this.byNumber[tag >>> 3];
      if (key === undefined) reader.skip(tag & 7);
      else value[key] = fields[key].read(reader, tag & 7, value[key]);
    }
    return value;
  }

  writeFields(writer: ProtoWriter, value: T): void {
    const fields = this.prepared();
    for (let i = this.keys.length - 1; i >= 0; i--) {
      const key = this.keys[i];
      if (key !== undefined) fields[key].write(writer, value[key]);
    }
  }

  private prepared(): FieldTable<T> {
    if (this.fields) return this.fields;
    const fields = this.table();
    for (const key in fields) {
      this.keys.push(key);
      this.byNumber[fields[key].number] = key;
    }
    this.fields = fields;
    return fields;
  }
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Describes a field of a proto3 scalar without presence: its default is not written. */
export function plain<T>(number: number, codec: Codec<T>, absent: T): Field<T> {
  return {
    number,
    read: (reader) => codec.read(reader),
    write(writer, value) {
      if (value === absent) return;
      codec.write(writer, value);
      writer.tag(number, codec.wireType);
    },
    fromJson: (json) => codec.fromJson(json),
    toJson: (value) => (value === absent ? undefined : codec.toJson(value)),
  };
}

/** A field with presence: a message, a wrapped scalar or a member of a oneof. */
class OptionalField<T> implements Field<T | undefined> {
  constructor(
    readonly number: number,
    private readonly codec: Codec<T>,
  ) {}

  read(reader: ProtoReader): T | undefined {
    return this.codec.read(reader);
  }

  write(writer: ProtoWriter, value: T | undefined): void {
    if (value === undefined) return;
    this.codec.write(writer, value);
    writer.tag(this.number, this.codec.wireType);
  }

  fromJson(json: Json): T | undefined {
    return this.codec.fromJson(json);
  }

  toJson(value: T | undefined): Json | undefined {
    return value === undefined ? undefined : this.codec.toJson(value);
  }
}

/** Describes an optional field: an absent one is undefined. */
export function optional<T>(number: number, codec: Codec<T>): Field<T | undefined> {
  return new OptionalField(number, codec);
}

/** Describes a repeated field; packed and unpacked numbers are both accepted. */
export function repeated<T>(number: number, codec: Codec<T>): Field<T[]> {
  return {
    number,
    read(reader, wireType, list) {
      if (wireType === codec.wireType) list.push(codec.read(reader));
      else readPacked(reader, codec, list);
      return list;
    },
    write(writer, list) {
      if (codec.wireType === VARINT) return writePacked(writer, number, codec, list);
      writeEach(writer, number, codec, list);
    },
    fromJson(json) {
      if (!Array.isArray(json)) throw badPayload();
      return json.map((item: Json) => codec.fromJson(item));
    },
    toJson: (list) => (list.length === 0 ? undefined : list.map((item) => codec.toJson(item))),
  };
}

function readPacked<T>(reader: ProtoReader, codec: Codec<T>, list: T[]): void {
  const outer = reader.enter();
  while (reader.hasMore) list.push(codec.read(reader));
  reader.leave(outer);
}

/** Writes a repeated field unpacked, element by element. */
export function writeEach<T>(writer: ProtoWriter, number: number, codec: Codec<T>, list: readonly T[]): void {
  for (let i = list.length - 1; i >= 0; i--) {
    const item = list[i];
    if (item === undefined) continue;
    codec.write(writer, item);
    writer.tag(number, codec.wireType);
  }
}

function writePacked<T>(writer: ProtoWriter, number: number, codec: Codec<T>, list: readonly T[]): void {
  if (list.length === 0) return;
  const before = writer.length;
  for (const item of [...list].reverse()) codec.write(writer, item);
  writer.endNested(number, before);
}

/** Describes a map field with text keys; the order of its entries is kept. */
export function mapField<T>(number: number, codec: Codec<T>): Field<ReadonlyMap<string, T>> {
  return {
    number,
    read(reader, _wireType, current) {
      const map = current instanceof Map ? current : new Map(current);
      readEntry(reader, codec, map);
      return map;
    },
    write(writer, map) {
      for (const [key, value] of [...map].reverse()) {
        const before = writer.length;
        codec.write(writer, value);
        writer.tag(2, codec.wireType);
        writer.string(key);
        writer.tag(1, BYTES);
        writer.endNested(number, before);
      }
    },
    fromJson(json) {
      if (!isJsonObject(json)) throw badPayload();
      return new Map(Object.entries(json).map(([key, item]) => [key, codec.fromJson(item)]));
    },
    toJson: (map) => (map.size === 0 ? undefined : Object.fromEntries([...map].map(([k, v]) => [k, codec.toJson(v)]))),
  };
}

function readEntry<T>(reader: ProtoReader, codec: Codec<T>, map: Map<string, T>): void {
  const outer = reader.enter();
  let key = '';
  let value: T | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag >>> 3 === 1) key = reader.key();
    else if (tag >>> 3 === 2) value = codec.read(reader);
    else reader.skip(tag & 7);
  }
  reader.leave(outer);
  if (value !== undefined) map.set(key, value);
}
