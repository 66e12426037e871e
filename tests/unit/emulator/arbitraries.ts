import fc from 'fast-check';
import { documentSize } from '#emulator/values/size.js';
import { type StoredDocument } from '#emulator/store/document.js';
import { type Fields, type Value } from '#emulator/values/value.js';

export const DATABASE = { project: 'p', database: '(default)', name: 'projects/p/databases/(default)' };

const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constant<Value>({ kind: 'null' }),
  fc.boolean().map((value): Value => ({ kind: 'boolean', value })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): Value => ({ kind: 'integer', value })),
  fc.double().map((value): Value => ({ kind: 'double', value })),
  fc.string({ unit: 'binary' }).map((value): Value => ({ kind: 'string', value })),
  fc.uint8Array({ maxLength: 4 }).map((value): Value => ({ kind: 'bytes', value })),
  fc
    .record({
      seconds: fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }),
      micros: fc.integer({ min: 0, max: 999_999 }),
    })
    .map(({ seconds, micros }): Value => ({ kind: 'timestamp', seconds, nanos: micros * 1000 })),
  fc
    .tuple(fc.integer({ min: -90, max: 90 }), fc.integer({ min: -180, max: 180 }))
    .map(([latitude, longitude]): Value => ({ kind: 'geo', latitude, longitude })),
  fc
    .constantFrom('a', 'b', '__id5__')
    .map((id): Value => ({ kind: 'reference', value: `${DATABASE.name}/documents/c/${id}` })),
);

/** Any value, nested a little. */
export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }).map((values): Value => ({ kind: 'array', values })),
    fc
      .dictionary(fc.string({ maxLength: 3 }), tie('value'), { maxKeys: 3 })
      .map((o): Value => ({ kind: 'map', fields: new Map(Object.entries(o)) })),
  ),
})).value;

/** Few values, so that documents agree and differ often. */
export const smallValue: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(
    { kind: 'null' },
    { kind: 'integer', value: 1n },
    { kind: 'integer', value: 2n },
    { kind: 'double', value: 1 },
    { kind: 'double', value: NaN },
    { kind: 'double', value: 1.5 },
    { kind: 'string', value: 'a' },
    { kind: 'string', value: 'b' },
    { kind: 'boolean', value: true },
  ),
  fc
    .array(fc.constantFrom<Value>({ kind: 'integer', value: 1n }, { kind: 'string', value: 'a' }), { maxLength: 2 })
    .map((values): Value => ({ kind: 'array', values })),
);

export const smallFields: fc.Arbitrary<Fields> = fc
  .record({ a: smallValue, b: smallValue, c: smallValue }, { requiredKeys: [] })
  .map((fields) => new Map(Object.entries(fields)));

export function aDocument(path: string, fields: Fields, time = 1): StoredDocument {
  const segments = path.split('/');
  return {
    name: `${DATABASE.name}/documents/${path}`,
    segments,
    fields,
    bytes: documentSize(segments, fields),
    createTime: time,
    updateTime: time,
  };
}
