/** Converts values to text: for `string()`, and for `debug` and the coverage report. */
import type { RulesValue } from '../types.js';

/** Casts a value to text; returns undefined for kinds that have no such cast. */
export function castToString(value: RulesValue): string | undefined {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'bool':
    case 'int':
      return String(value.value);
    case 'string':
      return value.value;
    case 'float':
      return floatText(value.value);
    case 'path':
      return pathText(value.segments);
    default:
      return undefined;
  }
}

const pathText = (segments: readonly string[]): string => segments.map((segment) => `/${segment}`).join('');

/** Formats a double as the official emulator's platform does: `1.0`, `1.0E10`, `NaN`. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (Object.is(value, -0)) return '-0.0';
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    return `${withFraction(digits)}E${Number(exponent)}`;
  }
  return withFraction(String(value));
}

const withFraction = (digits: string): string => (digits.includes('.') ? digits : `${digits}.0`);

/** Formats any value for developers, in `debug` output and the coverage report. */
export function show(value: RulesValue): string {
  switch (value.kind) {
    case 'string':
      return JSON.stringify(value.value);
    case 'bytes':
      return `b'${Buffer.from(value.value).toString('hex')}'`;
    case 'timestamp':
      return new Date(Number(value.seconds) * 1000 + value.nanos / 1e6).toISOString();
    case 'duration':
      return `${Number(value.seconds) + value.nanos / 1e9}s`;
    case 'latlng':
      return `latlng(${value.latitude}, ${value.longitude})`;
    case 'list':
      return `[${value.values.map(show).join(', ')}]`;
    case 'set':
      return `set(${value.values.map(show).join(', ')})`;
    case 'vector':
      return `vector(${value.values.join(', ')})`;
    case 'map':
      return `{${[...value.fields].map(([key, field]) => `${JSON.stringify(key)}: ${show(field)}`).join(', ')}}`;
    default:
      return castToString(value) ?? value.kind;
  }
}
