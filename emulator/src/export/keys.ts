import { parseNumericId } from '../values/compare.js';
import { formatName, parseDatabaseName, type ResourceName } from '../values/names.js';
import { groupField, messageField, textField, varintField, type WireField, WireMessage } from './wire.js';

/** The field numbers of a path's element, which differ between a key and a reference value. */
interface ElementNumbers {
  readonly kind: number;
  readonly id: number;
  readonly name: number;
}
const IN_KEY: ElementNumbers = { kind: 2, id: 3, name: 4 };
const IN_REFERENCE: ElementNumbers = { kind: 15, id: 16, name: 17 };

const DEFAULT = '(default)';

/**
 * The location of a document. An export stores the project as `dev~<project>`; exports of production have another
 * prefix.
 */
export interface KeyParts {
  readonly project: string;
  readonly database: string;
  readonly segments: readonly string[];
}

/** Encodes a key, as field 13 of an entity holds it. */
export function encodeKey({ database, segments }: ResourceName): WireField[] {
  const path = messageField(14, encodePath(segments));
  return [textField(13, `dev~${database.project}`), path, ...databaseField(database.database)];
}

/** Encodes a path as groups of a message. */
export function encodePath(segments: readonly string[]): WireField[] {
  return pairs(segments).map((pair) => groupField(1, element(pair, IN_KEY)));
}

/** Encodes a document's name as the reference of a property. */
export function encodeReference({ database, segments }: ResourceName): WireField {
  const elements = pairs(segments).map((pair) => groupField(14, element(pair, IN_REFERENCE)));
  return groupField(12, [textField(13, `dev~${database.project}`), ...elements, ...databaseField(database.database)]);
}

function databaseField(id: string): WireField[] {
  return id === DEFAULT ? [] : [textField(23, id)];
}

function element([kind, id]: readonly [string, string], numbers: ElementNumbers): WireField[] {
  const numeric = parseNumericId(id);
  return [
    textField(numbers.kind, kind),
    numeric === undefined ? textField(numbers.name, id) : varintField(numbers.id, numeric),
  ];
}

function pairs(segments: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let i = 0; i + 1 < segments.length; i += 2) found.push([segments[i] ?? '', segments[i + 1] ?? '']);
  return found;
}

/** Decodes the key of an entity. Throws where a part is missing. */
export function decodeKey(key: WireMessage): KeyParts {
  return decodeParts(key, WireMessage.of(key.bytes(14)).groups(1), IN_KEY);
}

/** Decodes a reference property. Throws where a part is missing. */
export function decodeReference(reference: WireMessage): KeyParts {
  return decodeParts(reference, reference.groups(14), IN_REFERENCE);
}

function decodeParts(owner: WireMessage, elements: readonly WireMessage[], numbers: ElementNumbers): KeyParts {
  const app = owner.text(13) ?? '';
  return {
    project: app.slice(app.indexOf('~') + 1),
    database: owner.text(23) || DEFAULT,
    segments: elements.flatMap((part) => {
      const id = part.varint(numbers.id);
      return [part.text(numbers.kind) ?? '', id === undefined ? (part.text(numbers.name) ?? '') : `__id${id}__`];
    }),
  };
}

/** Formats the parts of a key as a resource name. */
export function formatKeyName({ project, database, segments }: KeyParts): string {
  return formatName({ database: parseDatabaseName(`projects/${project}/databases/${database}`), segments });
}
