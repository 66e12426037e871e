import assert from 'node:assert/strict';
import { FieldTransform } from '#emulator/protocol/documents.js';
import { parseTransform } from '#emulator/store/transforms.js';
import { arrayValue, doubleValue, integerValue, stringValue, type Value } from '#emulator/values/value.js';

function after(transform: Partial<FieldTransform>, old?: Value): Value {
  return parseTransform(FieldTransform.make({ fieldPath: 'f', ...transform })).apply(old, 1_234_567_890).value;
}

describe('field transforms', () => {
  const one = integerValue(1);

  it('increment: starts from the operand where the field is no number', () => {
    assert.deepEqual(after({ increment: one }), one);
    assert.deepEqual(after({ increment: one }, stringValue('x')), one);
  });
  it('increment: stops at the ends of int64', () => {
    assert.deepEqual(after({ increment: one }, integerValue(2n ** 63n - 1n)), integerValue(2n ** 63n - 1n));
  });
  it('increment: becomes a double beside a double', () => {
    assert.deepEqual(after({ increment: doubleValue(0.5) }, one), doubleValue(1.5));
  });
  it('maximum: keeps the stored value and its type when equal', () => {
    assert.deepEqual(after({ maximum: doubleValue(1) }, one), one);
    assert.deepEqual(after({ maximum: integerValue(2) }, one), integerValue(2));
  });
  it('minimum: gives NaN when either side is', () => {
    assert.deepEqual(after({ minimum: doubleValue(NaN) }, one), doubleValue(NaN));
  });
  it('array union: adds missing elements, 1 and 1.0 being equal', () => {
    assert.deepEqual(
      after({ appendMissingElements: arrayValue([doubleValue(1), stringValue('a')]) }, arrayValue([one])),
      arrayValue([one, stringValue('a')]),
    );
  });
  it('array remove: removes every equal element', () => {
    assert.deepEqual(
      after({ removeAllFromArray: arrayValue([doubleValue(1)]) }, arrayValue([one, stringValue('a'), one])),
      arrayValue([stringValue('a')]),
    );
  });
  it('server time: is cut to milliseconds', () => {
    assert.deepEqual(after({ setToServerValue: 'REQUEST_TIME' }), {
      kind: 'timestamp',
      seconds: 1234,
      nanos: 567_000_000,
    });
  });
});
