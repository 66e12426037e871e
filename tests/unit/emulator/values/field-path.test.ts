import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatFieldPath, getField, parseFieldPath, withField } from '#emulator/values/field-path.js';
import { type Fields, integerValue } from '#emulator/values/value.js';

describe('field paths', () => {
  it('are parsed back as they are written, for all names', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }), (path) => {
        assert.deepEqual(parseFieldPath(formatFieldPath(path)), path);
      }),
    );
  });

  it('refuse an empty part', () => assert.throws(() => parseFieldPath('a..b'), /Invalid property path "a\.\.b"/));

  it('replace a parent that is no map when setting below it, and keep it when removing', () => {
    const fields: Fields = new Map([['a', integerValue(1)]]);
    assert.deepEqual(getField(withField(fields, ['a', 'b'], integerValue(2)), ['a', 'b']), integerValue(2));
    assert.equal(withField(fields, ['a', 'b'], undefined), fields);
  });
});
