import { type Fields, type Value } from './value.js';

/**
 * Computes the bytes that a document takes of the limit of 1 MiB. Source: Firestore docs, "Storage size calculations".
 */
export function documentSize(segments: readonly string[], fields: Fields): number {
  return nameSize(segments) + fieldsSize(fields) + 32;
}

function nameSize(segments: readonly string[]): number {
  return segments.reduce((sum, id) => sum + textSize(id), 16);
}

function textSize(text: string): number {
  return Buffer.byteLength(text) + 1;
}

function fieldsSize(fields: Fields): number {
  let size = 0;
  fields.forEach((value, name) => (size += textSize(name) + valueSize(value)));
  return size;
}

function valueSize(value: Value): number {
  switch (value.kind) {
    case 'null':
    case 'boolean':
      return 1;
    case 'integer':
    case 'double':
    case 'timestamp':
      return 8;
    case 'geo':
      return 16;
    case 'string':
      return textSize(value.value);
    case 'bytes':
      return value.value.length;
    case 'reference':
      return nameSize(value.value.split('/').slice(5));
    case 'array':
      return value.values.reduce((sum, element) => sum + valueSize(element), 0);
    case 'map':
      return fieldsSize(value.fields) + 32;
  }
}
