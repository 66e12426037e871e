import assert from 'node:assert/strict';
import { parseIndexFile } from '#emulator/indexes/definitions.js';
import { findMissingIndexes } from '#emulator/indexes/missing-index-error.js';
import { Aggregation, StructuredQuery } from '#emulator/protocol/queries.js';
import { type Json } from '#emulator/protocol/schema.js';
import { parseAggregations, restrictQuery } from '#emulator/query/aggregate.js';
import { compileQuery } from '#emulator/query/compile.js';
import { DATABASE } from '../arbitraries.js';

const ONE: Json = { integerValue: '1' };

/** 'a == ' and the like on one field; the operand is always 1. */
function filter(text: string): Json {
  const [fieldPath = '', op = ''] = text.split(' ');
  const ops: Record<string, string> = { '==': 'EQUAL', '>': 'GREATER_THAN', has: 'ARRAY_CONTAINS', in: 'IN' };
  const value = op === 'in' ? { arrayValue: { values: [ONE, { integerValue: '2' }] } } : ONE;
  return { fieldFilter: { field: { fieldPath }, op: ops[op] ?? '', value } };
}

/** 'b' or 'b desc'. */
function order(text: string): Json {
  const [fieldPath = '', direction] = text.split(' ');
  return { field: { fieldPath }, direction: direction === 'desc' ? 'DESCENDING' : 'ASCENDING' };
}

interface Written {
  readonly where?: readonly string[];
  readonly by?: readonly string[];
  readonly group?: boolean;
  /** Fields that are summed. */
  readonly sum?: readonly string[];
}

/** What is lacking: composite indexes as 'a ASCENDING, b DESCENDING', overrides as the path of their field. */
function lacking(query: Written, file: Json = {}): unknown {
  const { where = [], by = [], group = false, sum = [] } = query;
  const json: Json = {
    from: [{ collectionId: 'c', allDescendants: group }],
    where: { compositeFilter: { op: 'AND', filters: where.map(filter) } },
    orderBy: by.map(order),
  };
  const compiled = compileQuery({ database: DATABASE, segments: [] }, StructuredQuery.fromJson(json));
  const aggregations = sum.map((fieldPath) => Aggregation.make({ alias: fieldPath, sum: { field: { fieldPath } } }));
  const run = sum.length > 0 ? restrictQuery(compiled, parseAggregations(aggregations)) : compiled;
  const found = findMissingIndexes(run, parseIndexFile(JSON.stringify(file)));
  if (!found) return 'nothing';
  const composite = found.indexes.map(({ fields }) =>
    fields
      .map(
        (field) =>
          `${field.fieldPath} ${'order' in field ? field.order : 'arrayConfig' in field ? field.arrayConfig : 'VECTOR'}`,
      )
      .join(', '),
  );
  return [...composite, ...found.fieldOverrides.map((override) => JSON.stringify(override))];
}

/** A composite index of collection c: 'a', 'b desc', 'tags[]'. */
function index(...fields: string[]): Json {
  return {
    collectionGroup: 'c',
    queryScope: 'COLLECTION',
    fields: fields.map((text) => {
      const [name = '', direction] = text.split(' ');
      if (name.endsWith('[]')) return { fieldPath: name.slice(0, -2), arrayConfig: 'CONTAINS' };
      return { fieldPath: name, order: direction === 'desc' ? 'DESCENDING' : 'ASCENDING' };
    }),
  };
}

describe('the missing indexes of a query', () => {
  it('are none for one field, nor for equalities joined', () => {
    assert.equal(lacking({ where: ['a > 1'], by: ['a desc'] }), 'nothing');
    assert.equal(lacking({ where: ['a == 1', 'b == 1'] }), 'nothing');
    assert.equal(lacking({ where: ['tags has 1'] }), 'nothing');
    assert.equal(lacking({ by: ['__name__'] }), 'nothing');
  });

  it('are composite for an equality and an order, until one is declared in that direction', () => {
    const query: Written = { where: ['a == 1'], by: ['b desc'] };
    assert.deepEqual(lacking(query), ['a ASCENDING, b DESCENDING']);
    assert.deepEqual(lacking(query, { indexes: [index('a', 'b')] }), ['a ASCENDING, b DESCENDING']);
    assert.equal(lacking(query, { indexes: [index('a', 'b desc')] }), 'nothing');
  });

  it('are served by an index whose equal fields stand in another order', () => {
    const query: Written = { where: ['a == 1', 'b == 1'], by: ['n'] };
    assert.equal(lacking(query, { indexes: [index('b', 'a', 'n')] }), 'nothing');
    assert.deepEqual(lacking(query, { indexes: [index('a', 'n', 'b')] }), ['a ASCENDING, b ASCENDING, n ASCENDING']);
  });

  it('are served by two indexes that end in the same order', () => {
    const query: Written = { where: ['a == 1', 'b == 1'], by: ['n'] };
    assert.equal(lacking(query, { indexes: [index('a', 'n'), index('b', 'n')] }), 'nothing');
    assert.deepEqual(lacking(query, { indexes: [index('a', 'n'), index('b', 'n desc')] }), [
      'a ASCENDING, b ASCENDING, n ASCENDING',
    ]);
  });

  it('are requested once, for any number of values of an `in`', () => {
    assert.deepEqual(lacking({ where: ['a in 1'], by: ['n'] }), ['a ASCENDING, n ASCENDING']);
  });

  it('are composite for an array beside another field', () => {
    const query: Written = { where: ['tags has 1'], by: ['n'] };
    assert.deepEqual(lacking(query), ['tags CONTAINS, n ASCENDING']);
    assert.equal(lacking(query, { indexes: [index('tags[]', 'n')] }), 'nothing');
  });

  it('are composite for ranges on two fields', () => {
    assert.deepEqual(lacking({ where: ['a > 1', 'b > 1'] }), ['a ASCENDING, b ASCENDING']);
    assert.equal(lacking({ where: ['a > 1', 'b > 1'] }, { indexes: [index('a', 'b')] }), 'nothing');
  });

  it('are composite for a sum beside a filter on another field, not for one alone or on the field it filters', () => {
    const query: Written = { where: ['a == 1'], sum: ['n'] };
    assert.deepEqual(lacking(query), ['a ASCENDING, n ASCENDING']);
    assert.equal(lacking(query, { indexes: [index('a', 'n')] }), 'nothing');
    assert.equal(lacking({ sum: ['n'] }), 'nothing');
    assert.equal(lacking({ where: ['n > 1'], sum: ['n'] }), 'nothing');
  });

  it('include the single-field index of a summed field where an override removed it', () => {
    const fieldOverrides = [{ collectionGroup: 'c', fieldPath: 'n', indexes: [] }];
    const needed = {
      collectionGroup: 'c',
      fieldPath: 'n',
      indexes: [{ order: 'ASCENDING', queryScope: 'COLLECTION' }],
    };
    assert.deepEqual(lacking({ sum: ['n'] }, { fieldOverrides }), [JSON.stringify(needed)]);
    assert.equal(lacking({ sum: ['m'] }, { fieldOverrides }), 'nothing');
  });

  it('are those of the whole group for a collection group, beside the automatic ones', () => {
    const override = {
      collectionGroup: 'c',
      fieldPath: 'a',
      indexes: [
        { order: 'ASCENDING', queryScope: 'COLLECTION' },
        { order: 'DESCENDING', queryScope: 'COLLECTION' },
        { arrayConfig: 'CONTAINS', queryScope: 'COLLECTION' },
        { order: 'ASCENDING', queryScope: 'COLLECTION_GROUP' },
      ],
    };
    const query: Written = { where: ['a == 1'], group: true };
    assert.deepEqual(lacking(query), [JSON.stringify(override)]);
    assert.equal(lacking(query, { fieldOverrides: [override] }), 'nothing');
    assert.equal(lacking({ where: ['a == 1'] }, { fieldOverrides: [override] }), 'nothing');
  });

  it('are not served across scopes', () => {
    const file = { indexes: [index('a', 'n')] };
    assert.equal(lacking({ where: ['a == 1'], by: ['n'] }, file), 'nothing');
    assert.deepEqual(lacking({ where: ['a == 1'], by: ['n'], group: true }, file), ['a ASCENDING, n ASCENDING']);
  });

  it('include those that an override removed from a field and from its subfields', () => {
    const fieldOverrides = [{ collectionGroup: 'c', fieldPath: 'm', indexes: [] }];
    const needed = (fieldPath: string): string =>
      JSON.stringify({ collectionGroup: 'c', fieldPath, indexes: [{ order: 'ASCENDING', queryScope: 'COLLECTION' }] });
    assert.deepEqual(lacking({ where: ['m.x == 1'] }, { fieldOverrides }), [needed('m.x')]);
    assert.deepEqual(lacking({ where: ['m > 1'] }, { fieldOverrides }), [needed('m')]);
    assert.equal(lacking({ where: ['mx == 1'] }, { fieldOverrides }), 'nothing');
    const nearer = { collectionGroup: 'c', fieldPath: 'm.x', indexes: [{ order: 'ASCENDING' }] };
    assert.equal(lacking({ where: ['m.x == 1'] }, { fieldOverrides: [...fieldOverrides, nearer] }), 'nothing');
  });

  it('are none for an exempt field that a composite index contains', () => {
    const fieldOverrides = [{ collectionGroup: 'c', fieldPath: 'b', indexes: [] }];
    assert.equal(lacking({ where: ['a == 1'], by: ['b'] }, { indexes: [index('a', 'b')], fieldOverrides }), 'nothing');
  });

  it('do not result from a time to live alone', () => {
    const fieldOverrides = [{ collectionGroup: 'c', fieldPath: 'at', ttl: true }];
    assert.equal(lacking({ by: ['at'] }, { fieldOverrides }), 'nothing');
  });
});
