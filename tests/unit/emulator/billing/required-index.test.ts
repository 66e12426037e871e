import assert from 'node:assert/strict';
import { listRequiredIndexes } from '#emulator/billing/required-index.js';
import { StructuredQuery } from '#emulator/protocol/queries.js';
import { type Json } from '#emulator/protocol/schema.js';
import { compileQuery } from '#emulator/query/compile.js';
import { DATABASE } from '../arbitraries.js';

const filter = (fieldPath: string, op: string): Json => ({
  fieldFilter: { field: { fieldPath }, op, value: { integerValue: '1' } },
});
const order = (fieldPath: string, direction = 'ASCENDING'): Json => ({ field: { fieldPath }, direction });

function indexesFor(filters: Json[], orderBy: Json[], allDescendants = false): unknown {
  const query = {
    from: [{ collectionId: 'c', allDescendants }],
    where: { compositeFilter: { op: 'AND', filters } },
    orderBy,
  };
  return listRequiredIndexes(compileQuery({ database: DATABASE, segments: [] }, StructuredQuery.fromJson(query))).map(
    ({ queryScope, fields }) =>
      [queryScope, ...fields.map((f) => `${f.fieldPath} ${'order' in f ? f.order : f.arrayConfig}`)].join(', '),
  );
}

describe('the index a query requires', () => {
  it('is none for a single field, or for equalities joined', () => {
    assert.deepEqual(indexesFor([filter('a', 'GREATER_THAN')], [order('a', 'DESCENDING')]), []);
    assert.deepEqual(indexesFor([filter('a', 'EQUAL'), filter('b', 'EQUAL')], []), []);
  });
  it('is composite for an equality with an order on another field', () => {
    assert.deepEqual(indexesFor([filter('a', 'EQUAL')], [order('b', 'DESCENDING')]), [
      'COLLECTION, a ASCENDING, b DESCENDING',
    ]);
  });
  it('is composite for ranges on two fields', () => {
    assert.deepEqual(indexesFor([filter('lat', 'GREATER_THAN'), filter('lng', 'LESS_THAN')], []), [
      'COLLECTION, lat ASCENDING, lng ASCENDING',
    ]);
  });
  it('is composite for an array beside another field', () => {
    assert.deepEqual(indexesFor([filter('tags', 'ARRAY_CONTAINS')], [order('n')]), [
      'COLLECTION, tags CONTAINS, n ASCENDING',
    ]);
  });
  it('is of the whole group for a filtered collection group', () => {
    assert.deepEqual(indexesFor([filter('a', 'EQUAL')], [], true), ['COLLECTION_GROUP, a ASCENDING']);
  });
});
