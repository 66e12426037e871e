import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeEntity, encodeEntity } from '#emulator/export/entities.js';
import { decode } from '#emulator/export/wire.js';
import {
  arrayValue,
  doubleValue,
  type Fields,
  integerValue,
  mapValue,
  stringValue,
  type Value,
} from '#emulator/values/value.js';
import { aDocument, anyValue, DATABASE } from '../arbitraries.js';

const ELSEWHERE = { project: 'q', database: '(default)', name: 'projects/q/databases/(default)' };

function there(fields: Fields, path = 'c/a'): ReturnType<typeof decodeEntity> {
  return decodeEntity(encodeEntity(DATABASE, aDocument(path, fields)), DATABASE, 7);
}

/** Firestore takes no array that holds an array. */
function isStorable(value: Value): boolean {
  if (value.kind === 'map') return [...value.fields.values()].every(isStorable);
  return value.kind !== 'array' || value.values.every((item) => item.kind !== 'array' && isStorable(item));
}

describe('an exported entity', () => {
  it('has the bytes that the format description gives', () => {
    const path = '0b1201632201610c'; // group 1 { 2: "c", 4: "a" }
    const key = `6a11${'6a056465767e70'}${'7208'}${path}`; // 13 { 13: "dev~p", 14: path }
    const property = '7a091a016e20002a020801'; // 15 { 3: "n", 4: 0, 5: { 1: 1 } }
    const encoded = encodeEntity(DATABASE, aDocument('c/a', new Map([['n', integerValue(1)]])));
    assert.equal(encoded.toString('hex'), `${key}${property}820108${path}`);
  });

  it('is imported with every value unchanged', () => {
    fc.assert(
      fc.property(anyValue.filter(isStorable), (value) => {
        assert.deepEqual(there(new Map([['f', value]]))?.fields, new Map([['f', value]]));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps vectors, empty arrays and maps, and arrays of one', () => {
    const vector = mapValue(
      new Map<string, Value>([
        ['__type__', stringValue('__vector__')],
        ['value', arrayValue([doubleValue(1), doubleValue(-0.5)])],
      ]),
    );
    const fields = new Map<string, Value>([
      ['empty', arrayValue([])],
      ['one', arrayValue([mapValue(new Map([['v', vector]]))])],
      ['map', mapValue(new Map())],
      ['vector', vector],
    ]);
    assert.deepEqual(there(fields)?.fields, fields);
  });

  it('keeps nested paths and numeric ids, which it writes as numbers', () => {
    assert.deepEqual(there(new Map(), 'c/__id7__/sub/x')?.segments, ['c', '__id7__', 'sub', 'x']);
    const encoded = encodeEntity(DATABASE, aDocument('c/__id7__', new Map()));
    assert.ok(!encoded.includes('__id7__'));
  });

  it('moves to another project with its references, but not those into a third', () => {
    const own: Value = { kind: 'reference', value: 'projects/p/databases/(default)/documents/c/b' };
    const foreign: Value = { kind: 'reference', value: 'projects/third/databases/two/documents/c/b' };
    const encoded = encodeEntity(
      DATABASE,
      aDocument(
        'c/a',
        new Map([
          ['own', own],
          ['foreign', foreign],
        ]),
      ),
    );
    const moved = decodeEntity(encoded, ELSEWHERE, 7);
    assert.equal(moved?.name, 'projects/q/databases/(default)/documents/c/a');
    assert.deepEqual(moved?.fields.get('own'), { ...own, value: 'projects/q/databases/(default)/documents/c/b' });
    assert.deepEqual(moved?.fields.get('foreign'), foreign);
    assert.deepEqual([moved?.createTime, moved?.updateTime], [7, 7]);
  });

  it('is left out of a database with another id', () => {
    const two = { project: 'p', database: 'two', name: 'projects/p/databases/two' };
    const encoded = encodeEntity(two, aDocument('c/a', new Map()));
    assert.equal(decodeEntity(encoded, DATABASE, 7), undefined);
    assert.equal(decodeEntity(encoded, two, 7)?.name, 'projects/p/databases/two/documents/c/a');
  });

  it('is refused when it is truncated or its groups do not close', () => {
    const encoded = encodeEntity(DATABASE, aDocument('c/a', new Map([['n', integerValue(1)]])));
    assert.throws(() => decode(encoded.subarray(0, -1)), /Invalid record/);
    assert.throws(() => decode(Buffer.from([0x0b, 0x12, 0x01, 0x63])), /Invalid record/);
    assert.throws(() => decode(Buffer.from([0x0c])), /Invalid record/);
  });
});
