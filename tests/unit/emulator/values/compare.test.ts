import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Document } from '#emulator/protocol/documents.js';
import { value as valueCodec } from '#emulator/protocol/value-codec.js';
import { compareStrings, compareValues, identical } from '#emulator/values/compare.js';
import { anyValue } from '../arbitraries.js';

describe('values: order', () => {
  it('is a total order: antisymmetric and transitive', () => {
    fc.assert(
      fc.property(anyValue, anyValue, anyValue, (a, b, c) => {
        assert.equal(Math.sign(compareValues(a, b)), -Math.sign(compareValues(b, a)) + 0);
        const [x, y, z] = [a, b, c].sort(compareValues);
        if (x && y && z) assert.ok(compareValues(x, y) <= 0 && compareValues(y, z) <= 0 && compareValues(x, z) <= 0);
      }),
    );
  });

  it('compares texts as their UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        assert.equal(Math.sign(compareStrings(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it('distinguishes an integer from the nearest double, which a conversion would not', () => {
    assert.ok(compareValues({ kind: 'integer', value: 2n ** 53n + 1n }, { kind: 'double', value: 2 ** 53 }) > 0);
  });
});

describe('values: codecs', () => {
  const roundTrips = (encode: (document: Document) => Document) =>
    fc.assert(
      fc.property(anyValue, (value) => {
        const copy = encode(Document.make({ name: 'n', fields: new Map([['v', value]]) })).fields.get('v');
        assert.ok(copy && identical(copy, value));
      }),
    );

  it('decode every value from protobuf', () => roundTrips((d) => Document.decode(Document.encode(d))));
  it('decode every value from JSON', () =>
    roundTrips((d) => Document.fromJson(JSON.parse(JSON.stringify(Document.toJson(d))))));
  it('keep the sign of −0 in JSON', () =>
    assert.deepEqual(valueCodec.toJson(valueCodec.fromJson({ doubleValue: '-0' })), { doubleValue: '-0' }));
  it('refuse a value without a type', () => {
    assert.throws(() => valueCodec.fromJson({}), { message: 'Cannot convert firestore.v1.Value with type unset.' });
  });
});
