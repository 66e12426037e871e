import assert from 'node:assert/strict';
import { satisfies } from '#emulator/query/match.js';
import { type Condition } from '#emulator/query/query.js';
import { arrayValue, doubleValue, integerValue, NULL, stringValue, type Value } from '#emulator/values/value.js';
import { aDocument } from '../arbitraries.js';

const NAN = doubleValue(NaN);

function holds(value: Value | undefined, op: Condition['op'], operand: Value = NULL): boolean {
  const document = aDocument('c/d', new Map(value ? [['f', value]] : []));
  switch (op) {
    case 'is-null':
    case 'is-nan':
    case 'is-not-null':
    case 'is-not-nan':
    case 'exists':
      return satisfies(document, { path: ['f'], op });
    default:
      return satisfies(document, { path: ['f'], op, value: operand });
  }
}

describe('filters', () => {
  const one = integerValue(1);

  it('== matches 1 with 1.0, but neither null nor NaN', () => {
    assert.ok(holds(one, '==', doubleValue(1)));
    assert.ok(!holds(NULL, '==', NULL) && !holds(NAN, '==', NAN));
  });
  it('a missing field matches nothing', () => {
    for (const op of ['==', '!=', '<', 'not-in', 'is-null', 'is-not-null', 'exists'] as const)
      assert.ok(!holds(undefined, op, one), op);
  });
  it('!= excludes null and includes NaN', () => {
    assert.ok(holds(NAN, '!=', one) && holds(stringValue('a'), '!=', one));
    assert.ok(!holds(NULL, '!=', one) && !holds(one, '!=', NULL));
  });
  it('a range holds only values of its operand’s type, and no NaN', () => {
    assert.ok(holds(one, '<', doubleValue(1.5)) && holds(one, '>=', one));
    assert.ok(!holds(stringValue('a'), '>', one) && !holds(NAN, '<', one) && !holds(NULL, '<', one));
  });
  it('not-in with a null among its values matches nothing', () => {
    assert.ok(holds(one, 'not-in', arrayValue([integerValue(2)])));
    assert.ok(!holds(one, 'not-in', arrayValue([integerValue(2), NULL])));
  });
  it('array-contains compares elements by equality', () => {
    assert.ok(holds(arrayValue([one]), 'array-contains', doubleValue(1)));
    assert.ok(!holds(arrayValue([NULL]), 'array-contains', NULL) && !holds(one, 'array-contains', one));
  });
  it('tests distinguish null and NaN', () => {
    assert.ok(
      holds(NULL, 'is-null') && holds(NAN, 'is-nan') && holds(NAN, 'is-not-null') && !holds(NULL, 'is-not-nan'),
    );
  });
});
