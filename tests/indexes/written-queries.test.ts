import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseIndexFile } from '#emulator/indexes/definitions.js';
import { type MissingIndexes, findMissingIndexes } from '#emulator/indexes/missing-index-error.js';
import { QUERY_READS, type QueryRead } from '#functions/contract/reads.js';
import { HOLDINGS } from '#functions/privacy/model/registry.js';
import { collectionsOf, compiled, queriesIn, type WrittenQuery } from './written-queries.js';

const COLLECTIONS = collectionsOf(readFileSync('functions/src/platform/firestore.ts', 'utf8'));

function filesBelow(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** The code that a page of documentation shows. */
function codeOf(page: string): string {
  return [...readFileSync(page, 'utf8').matchAll(/```(?:ts|js|typescript|javascript)\n(.*?)```/gs)]
    .map(([, code]) => code)
    .join('\n;\n');
}

/** Its queries are not written but drawn up from the register of personal data. */
const REGISTERED = 'functions/src/privacy/personal-data-queries.ts';

function registered(): WrittenQuery[] {
  const query = (path: string, ...filters: WrittenQuery['filters']): WrittenQuery => ({
    place: REGISTERED,
    collectionGroup: path.split('/').at(-2) ?? '',
    isGroup: path.split('/').length > 2,
    filters,
    orders: [],
  });
  const below = (field: string) => [
    { field, operator: '>=' },
    { field, operator: '<' },
  ];
  return [
    ...HOLDINGS.flatMap(({ path, fields = [], mentions = [], paths }) => [
      ...fields.map((field) => query(path, { field, operator: '==' })),
      ...mentions.map(({ field, how }) => query(path, { field, operator: how })),
      ...(paths ? [query(path, ...below(paths.field))] : []),
    ]),
    // Of an order.
    query('reports/{id}', { field: 'content.orderId', operator: '==' }),
    query('operatorTasks/{id}', { field: 'orderId', operator: '==' }),
  ];
}

/** The queries of the apps, from the table of the contract. */
function queriesOfApps(): WrittenQuery[] {
  return Object.entries<QueryRead>(QUERY_READS).map(([name, { of, where, orderBy }]) => ({
    place: `${name} of contract/reads.ts`,
    collectionGroup: of.split('/').at(-2) ?? '',
    isGroup: false,
    filters: where.map(([field, operator]) => ({ field, operator })),
    orders: orderBy ? [{ field: orderBy[0], descending: orderBy[1] === 'desc' }] : [],
  }));
}

function writtenQueries(): WrittenQuery[] {
  const files = ['functions/src', 'simulator/src', 'web/src', 'local/src'].flatMap((folder) =>
    filesBelow(folder, '.ts'),
  );
  const pages = [...(existsSync('README.md') ? ['README.md'] : []), ...filesBelow('docs', '.md')];
  return [
    ...registered(),
    ...queriesOfApps(),
    ...files
      .filter((file) => file !== REGISTERED)
      .flatMap((file) => queriesIn(file, readFileSync(file, 'utf8'), COLLECTIONS)),
    ...pages.flatMap((page) => queriesIn(page, codeOf(page), COLLECTIONS)),
  ];
}

const named = ({ place, collectionGroup, filters, orders }: WrittenQuery): string =>
  [
    collectionGroup,
    ...filters.map(({ field, operator }) => `${field} ${operator}`),
    ...orders.map(({ field, descending }) => `by ${field}${descending ? ' desc' : ''}`),
    `(${place})`,
  ].join(' ');

const QUERIES = writtenQueries();
const DECLARED = parseIndexFile(readFileSync('firestore.indexes.json', 'utf8'));
const lacking = (query: WrittenQuery): MissingIndexes | undefined => findMissingIndexes(compiled(query), DECLARED);
const fields = (group: string): string[] =>
  DECLARED.fieldOverrides.filter(({ collectionGroup }) => collectionGroup === group).map(({ fieldPath }) => fieldPath);

describe('indexes: the queries in the source', () => {
  it('are found, in functions and apps', () => {
    assert.ok(
      QUERIES.some(({ place }) => place.startsWith('functions/')) &&
        QUERIES.some(({ place }) => place.startsWith('simulator/')),
    );
  });

  for (const query of QUERIES) it(`serve ${named(query)}`, () => assert.equal(lacking(query), undefined));

  // The app's list of its user's orders, as firestore.rules allows it.
  const history: WrittenQuery = {
    place: 'app',
    collectionGroup: 'orders',
    isGroup: false,
    filters: [{ field: 'customerId', operator: '==' }],
    orders: [{ field: 'createdAtMs', descending: true }],
  };
  it(`serve ${named(history)}`, () => assert.equal(lacking(history), undefined));
});

describe('indexes: a missing index', () => {
  const lackingWith = (changes: Partial<WrittenQuery>): MissingIndexes | undefined =>
    lacking({ place: 'test', collectionGroup: 'orders', isGroup: false, filters: [], orders: [], ...changes });

  it('is printed as JSON to paste', () => {
    const filters = [{ field: 'zoneId', operator: '==' }];
    const index = {
      collectionGroup: 'orders',
      queryScope: 'COLLECTION',
      fields: [
        { fieldPath: 'zoneId', order: 'ASCENDING' },
        { fieldPath: 'createdAtMs', order: 'DESCENDING' },
      ],
    };
    assert.deepEqual(lackingWith({ filters, orders: [{ field: 'createdAtMs', descending: true }] })?.indexes, [index]);
  });

  it('is reported for the other direction', () => {
    const filters = [{ field: 'customerId', operator: '==' }];
    assert.equal(lackingWith({ filters, orders: [{ field: 'createdAtMs', descending: false }] })?.indexes.length, 1);
  });

  it('is not reported where equal fields have another order', () => {
    const filters = ['status', 'restaurantId'].map((field) => ({ field, operator: '==' }));
    assert.equal(lackingWith({ filters, orders: [{ field: 'createdAtMs', descending: false }] }), undefined);
  });

  it('is reported for a field whose index was removed', () => {
    const filters = [{ field: 'payment.intentId', operator: '==' }];
    const index = { order: 'ASCENDING', queryScope: 'COLLECTION' };
    assert.deepEqual(lackingWith({ filters })?.fieldOverrides, [
      { collectionGroup: 'orders', fieldPath: 'payment.intentId', indexes: [index] },
    ]);
  });

  it('is reported for a collection group, even on one field', () => {
    const filters = [{ field: 'token', operator: '==' }];
    assert.equal(lackingWith({ collectionGroup: 'devices', isGroup: true, filters })?.fieldOverrides.length, 1);
  });
});

describe('indexes: the exempt fields', () => {
  it('do not include the deadlines of orders and offers', () => {
    for (const field of ['due', 'due.atMs']) assert.ok(!fields('orders').includes(field));
    for (const field of ['offer', 'offer.expiresAtMs', 'offer.orderId']) assert.ok(!fields('couriers').includes(field));
  });

  it('include what every heartbeat and every packet of positions writes', () => {
    assert.ok(fields('couriers').includes('presence'));
    for (const field of ['at', 'fixes', 'seq', 'customerId', 'restaurantId', 'staffKeys'])
      assert.ok(fields('live').includes(field));
  });

  it('are named once each', () => {
    const names = DECLARED.fieldOverrides.map(({ collectionGroup, fieldPath }) => `${collectionGroup}.${fieldPath}`);
    assert.equal(new Set(names).size, names.length);
  });
});
