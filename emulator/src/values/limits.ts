import { checkTimestamp } from './time.js';
import { parseDocumentName } from './names.js';
import { documentSize } from './size.js';
import { invalid } from './status.js';
import { vectorElements, type Fields, type Value } from './value.js';

const MAX_NAME_BYTES = 1500;
const MAX_VALUE_BYTES = 1_048_487;
const MAX_DOCUMENT_BYTES = 1_048_576;
const MAX_DEPTH = 20;
const MAX_VECTOR = 2048;

/**
 * Thrown for a fault inside a map. The official emulator converts every map to an entity, and each outer property then
 * reports only that the entity is invalid. The property of an array is named "array".
 */
class NestedFault extends Error {}

/**
 * Throws INVALID_ARGUMENT for fields that production would not store; returns the document's size. This runs for each
 * document written, so it uses `forEach`, which allocates no pair for each field. Source: recorded messages of limits.
 */
export function checkFields(segments: readonly string[], fields: Fields): number {
  fields.forEach(checkTopLevel);
  fields.forEach(checkProperty);
  const bytes = documentSize(segments, fields);
  if (bytes > MAX_DOCUMENT_BYTES) throw invalid(`maximum entity size is ${MAX_DOCUMENT_BYTES} bytes`);
  return bytes;
}

function checkTopLevel(value: Value, name: string): void {
  if (name === '') throw invalid('The property.name is the empty string.');
  if (isReserved(name)) throw invalid(`field name ${name} is reserved`);
  checkReserved(value);
}

/** Returns whether a name is reserved, such as `__any__`. */
export function isReserved(name: string): boolean {
  return name.length >= 4 && name.startsWith('__') && name.endsWith('__');
}

/** Refuses invalid values; these checks come before all checks of lengths. */
function checkReserved(value: Value): void {
  switch (value.kind) {
    case 'timestamp':
      return checkTimestamp(value);
    case 'reference':
      return void parseDocumentName(value.value);
    case 'geo':
      return checkGeoPoint(value.latitude, value.longitude);
    case 'array':
      return checkElements(value.values);
    case 'map':
      return checkMap(value.fields);
    default:
  }
}

function checkGeoPoint(latitude: number, longitude: number): void {
  if (!(Math.abs(latitude) <= 90))
    throw invalid(`Geo point latitude '${decimal(latitude)}' outside permitted range -90.0 to 90.0.`);
  if (!(Math.abs(longitude) <= 180))
    throw invalid(`Geo point longitude '${decimal(longitude)}' outside permitted range -180.0 to 180.0.`);
}

function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function checkElements(values: readonly Value[]): void {
  for (const element of values) {
    if (element.kind === 'array') throw invalid('Nested arrays are not allowed');
    checkReserved(element);
  }
}

function checkMap(fields: Fields): void {
  const elements = vectorElements(fields);
  if (elements) return checkVector(elements);
  fields.forEach(checkEntry);
}

function checkEntry(value: Value, name: string): void {
  if (isReserved(name)) throw invalid(`field name '${name}' is reserved.`);
  checkReserved(value);
}

function checkVector(elements: readonly Value[]): void {
  if (elements.length < 1) throw invalid('Vectors must have at least one dimension.');
  if (elements.length > MAX_VECTOR) throw invalid(`Vectors must have at most ${MAX_VECTOR} dimensions.`);
  if (elements.some((e) => e.kind !== 'double' && e.kind !== 'integer'))
    throw invalid('Vectors may hold numbers only.');
}

function checkProperty(value: Value, name: string): void {
  try {
    checkNested(name, '', value, 0);
  } catch (fault) {
    if (!(fault instanceof NestedFault)) throw fault;
    throw invalid(`Property ${fault.message} contains an invalid nested entity.`);
  }
}

/**
 * Checks a nested value. `prefix` counts towards the length of a nested name; `depth` is the number of enclosing maps
 * and arrays.
 */
function checkNested(name: string, prefix: string, value: Value, depth: number): void {
  if (prefix.length + name.length > MAX_NAME_BYTES / 3 && tooLong(prefix + name, MAX_NAME_BYTES))
    throw invalid(`The property.name is longer than ${MAX_NAME_BYTES} bytes.`);
  if (value.kind === 'string' && tooLong(value.value, MAX_VALUE_BYTES)) throw tooLongValue(name);
  if (value.kind === 'bytes' && value.value.length > MAX_VALUE_BYTES) throw tooLongValue(name);
  if (value.kind !== 'array' && value.kind !== 'map') return;
  if (depth >= MAX_DEPTH) throw new NestedFault(name);
  if (value.kind === 'map') return checkEntries(name, `${prefix}${name}.`, value.fields, depth + 1);
  for (const element of value.values) checkNested('array', prefix, element, depth + 1);
}

function checkEntries(name: string, prefix: string, fields: Fields, depth: number): void {
  try {
    fields.forEach((value, key) => {
      if (key === '') throw new NestedFault(name);
      checkNested(key, prefix, value, depth);
    });
  } catch {
    throw new NestedFault(name);
  }
}

function tooLongValue(name: string): Error {
  return invalid(`The value of property "${name}" is longer than ${MAX_VALUE_BYTES} bytes.`);
}

/** Returns whether a text exceeds a limit; counts bytes only when it could. */
function tooLong(text: string, maxBytes: number): boolean {
  return text.length > maxBytes / 3 && Buffer.byteLength(text) > maxBytes;
}
