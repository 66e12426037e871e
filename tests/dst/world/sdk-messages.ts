import type { Json } from '#emulator/protocol/schema.js';
import { formatTimestamp, parseTimestamp } from '#emulator/values/time.js';

/** Fields of the Firestore API that hold a time. In a document's fields such a name holds an object instead. */
const TIMES = new Set(['timestampValue', 'createTime', 'updateTime', 'commitTime', 'readTime']);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isWrapper = (record: Record<string, unknown>): boolean => 'value' in record && Object.keys(record).length === 1;

/** Converts a message as the Admin SDK builds it, for protobuf.js, to proto3 JSON. */
export function toJson(message: unknown, name = ''): Json {
  if (message === null || typeof message === 'string' || typeof message === 'boolean') return message;
  if (typeof message === 'number') return Number.isFinite(message) ? message : String(message);
  if (message instanceof Uint8Array) return Buffer.from(message).toString('base64');
  if (Array.isArray(message)) return message.map((item) => toJson(item));
  if (!isRecord(message)) throw new Error(`${name}: ${typeof message} has no form in JSON`);
  if (TIMES.has(name) && ('seconds' in message || 'nanos' in message)) return toJsonTime(message);
  // A limit is wrapped as google.protobuf.Int32Value.
  if ((name === 'limit' || name === 'upTo') && isWrapper(message)) return toJson(message['value']);
  return toJsonRecord(message);
}

function toJsonRecord(record: Record<string, unknown>): Json {
  const json: Record<string, Json> = {};
  for (const key in record) {
    const value = record[key];
    if (value === undefined) continue;
    if (key === 'nullValue') json[key] = null;
    else json[key] = toJson(value, key);
  }
  return json;
}

function toJsonTime({ seconds, nanos }: Record<string, unknown>): string {
  return formatTimestamp({ seconds: Number(seconds ?? 0), nanos: Number(nanos ?? 0) });
}

/** Converts an answer in proto3 JSON to the message that the Admin SDK expects from protobuf.js. */
export function fromJson(json: Json, name = ''): unknown {
  if (typeof json === 'string') return fromJsonText(json, name);
  if (json === null || typeof json !== 'object') return name === 'nullValue' ? 'NULL_VALUE' : json;
  if (Array.isArray(json)) return json.map((item) => fromJson(item));
  const message: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(json)) message[key] = fromJson(value, key);
  return message;
}

function fromJsonText(text: string, name: string): unknown {
  if (TIMES.has(name)) return parseTimestamp(text);
  if (name === 'bytesValue' || name === 'transaction') return Buffer.from(text, 'base64');
  return name === 'doubleValue' ? Number(text) : text;
}
