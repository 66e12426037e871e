import type { Fields, Value } from '#emulator/values/value.js';

/** Converts the fields of a stored document to plain data; integers to numbers. */
export function toPlainFields(fields: Fields): Record<string, unknown> {
  return Object.fromEntries([...fields].map(([name, value]) => [name, toPlainValue(value)]));
}

function toPlainValue(value: Value): unknown {
  switch (value.kind) {
    case 'map':
      return toPlainFields(value.fields);
    case 'array':
      return value.values.map(toPlainValue);
    case 'integer':
      return Number(value.value);
    case 'timestamp':
      return value.seconds * 1000 + value.nanos / 1e6;
    case 'null':
      return null;
    case 'geo':
      return { latitude: value.latitude, longitude: value.longitude };
    default:
      return value.value;
  }
}
