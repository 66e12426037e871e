import type { Declaration, Field, Type } from '../model/types.js';

type Declarations = ReadonlyMap<string, Declaration>;

const READERS = {
  text: 'text',
  integer: 'integer',
  decimal: 'decimal',
  boolean: 'boolean',
  minor: 'minor',
  time: 'time',
  json: 'json',
};

/** A function of one argument that reads a value: a tear-off or a closure. */
function formatReader(type: Type, declarations: Declarations): string {
  switch (type.kind) {
    case 'named':
      return declarations.get(type.name)?.kind === 'enumeration'
        ? `(one) => ${type.name}(one.text())`
        : `${type.name}.read`;
    default:
      return `(one) => ${formatRead('one', type, declarations)}`;
  }
}

/** The expression that reads a value from a Reading. */
function formatRead(from: string, type: Type, declarations: Declarations): string {
  switch (type.kind) {
    case 'named':
      return declarations.get(type.name)?.kind === 'enumeration'
        ? `${type.name}(${from}.text())`
        : `${type.name}.read(${from})`;
    case 'list':
    case 'map':
      return `${from}.${type.kind}(${formatReader(type.of, declarations)})`;
    case 'nullable':
      return `${from}.orNull(${formatReader(type.of, declarations)})`;
    default:
      return `${from}.${READERS[type.kind]}()`;
  }
}

/** The expression that reads a property: a stamp that the server has not set yet is null in a local snapshot. */
export function formatFieldRead(field: Field, from: string, declarations: Declarations): string {
  const { type, optional, stamp } = field;
  if (optional) return formatRead(from, { kind: 'nullable', of: type }, declarations);
  return stamp && type.kind === 'time' ? `${from}.stamp()` : formatRead(from, type, declarations);
}

const isPlain = (type: Type): boolean =>
  type.kind === 'text' ||
  type.kind === 'integer' ||
  type.kind === 'decimal' ||
  type.kind === 'boolean' ||
  type.kind === 'json' ||
  ((type.kind === 'list' || type.kind === 'map' || type.kind === 'nullable') && isPlain(type.of));

/** The expression that writes a value as JSON. `isNullable` is true for a value that may be null. */
export function formatWrite(value: string, type: Type, declarations: Declarations, isNullable = false): string {
  const dot = isNullable ? '?.' : '.';
  if (isPlain(type)) return value;
  switch (type.kind) {
    case 'named':
      return `${value}${dot}${declarations.get(type.name)?.kind === 'enumeration' ? 'text' : 'toJson()'}`;
    case 'nullable':
      return formatWrite(value, type.of, declarations, true);
    case 'list':
      return `${value}${dot}map((one) => ${formatWrite('one', type.of, declarations)}).toList()`;
    case 'map':
      return `${value}${dot}map((key, one) => MapEntry(key, ${formatWrite('one', type.of, declarations)}))`;
    default:
      return `${value}${dot}value`;
  }
}
