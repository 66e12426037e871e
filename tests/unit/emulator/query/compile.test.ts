import assert from 'node:assert/strict';
import { StructuredQuery } from '#emulator/protocol/queries.js';
import { type Json } from '#emulator/protocol/schema.js';
import { compileQuery } from '#emulator/query/compile.js';
import { type Query } from '#emulator/query/query.js';
import { DATABASE } from '../arbitraries.js';

const ONE: Json = { integerValue: '1' };
const list = (count: number): Json => ({ arrayValue: { values: Array.from({ length: count }, () => ONE) } });
const filter = (op: string, value: Json = ONE, fieldPath = 'a'): Json => ({
  fieldFilter: { field: { fieldPath }, op, value },
});
const composite = (op: string, ...filters: Json[]): Json => ({ compositeFilter: { op, filters } });
const order = (fieldPath: string, direction = 'ASCENDING'): Json => ({ field: { fieldPath }, direction });

function compile(query: { [key: string]: Json }): Query {
  return compileQuery(
    { database: DATABASE, segments: [] },
    StructuredQuery.fromJson({ from: [{ collectionId: 'c' }], ...query }),
  );
}

describe('compiling a query', () => {
  const refusals: [what: string, query: { [key: string]: Json }, message: string | RegExp][] = [
    ['a negative limit', { limit: -1 }, 'limit is negative'],
    ['more than 30 values for in', { where: filter('IN', list(31)) }, "'IN' supports up to 30 comparison values."],
    [
      'more than 10 values for not-in',
      { where: filter('NOT_IN', list(11)) },
      "'NOT_IN' supports up to 10 comparison values.",
    ],
    ['an empty list', { where: filter('IN', list(0)) }, "'IN' requires an non-empty ArrayValue."],
    ['no list', { where: filter('IN') }, "'IN' requires an ArrayValue."],
    [
      'two negations',
      { where: composite('AND', filter('NOT_EQUAL'), filter('NOT_EQUAL', ONE, 'b')) },
      /^Only a single 'NOT_EQUAL'/,
    ],
    [
      'not-in beside in',
      { where: composite('AND', filter('NOT_IN', list(1)), filter('IN', list(1))) },
      /^'NOT_IN' cannot be used/,
    ],
    [
      'two array-contains',
      { where: composite('AND', filter('ARRAY_CONTAINS'), filter('ARRAY_CONTAINS')) },
      'Only a single array-contains clause is allowed in a query',
    ],
    [
      'too many disjunctions',
      { where: composite('AND', filter('IN', list(6)), filter('IN', list(6), 'b')) },
      /^Too many disjunctions after normalization. Result had 36/,
    ],
    ['duplicate orders', { orderBy: [order('a'), order('a')] }, 'order by clause cannot contain duplicate fields a'],
    [
      'fields after the name',
      { orderBy: [order('__name__'), order('a')] },
      'order by clause cannot contain more fields after the key',
    ],
    [
      'a descending scan of names',
      { orderBy: [order('__name__', 'DESCENDING')] },
      'Firestore does not support descending key scans',
    ],
    ['a cursor longer than the order', { startAt: { values: [ONE, ONE] } }, 'Cursor has too many values.'],
    ['a name that is none', { where: filter('EQUAL', ONE, '__name__') }, '__key__ filter value must be a Key'],
    [
      'a filter on no collection in particular',
      { from: [{ allDescendants: true }], where: filter('EQUAL') },
      'kind is required for filter: a',
    ],
  ];
  for (const [what, query, message] of refusals)
    it(`refuses ${what}`, () => assert.throws(() => compile(query), { message }));

  it('orders by inequality fields and the name, in the last direction given', () => {
    const { order: full } = compile({
      where: composite('AND', filter('GREATER_THAN', ONE, 'z'), filter('LESS_THAN', ONE, 'b')),
      orderBy: [order('m', 'DESCENDING')],
    });
    assert.deepEqual(
      full.map(({ path, direction }) => `${path.join('.')} ${direction}`),
      ['m -1', 'b -1', 'z -1', '__name__ -1'],
    );
  });

  it('makes a disjunction of in, and distributes and over or', () => {
    const { disjuncts } = compile({
      where: composite(
        'AND',
        filter('IN', list(2)),
        composite('OR', filter('EQUAL', ONE, 'b'), filter('LESS_THAN', ONE, 'b')),
      ),
    });
    assert.deepEqual(
      disjuncts.map((d) => d.map((c) => c.op)),
      [
        ['==', '=='],
        ['==', '<'],
        ['==', '=='],
        ['==', '<'],
      ],
    );
  });
});
