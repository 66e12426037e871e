import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  countAggregationReads,
  countDocumentReads,
  hasSeveralRanges,
  countIndexReads,
} from '#emulator/billing/query-cost.js';
import { StructuredQuery } from '#emulator/protocol/queries.js';
import { type Json } from '#emulator/protocol/schema.js';
import { compileQuery } from '#emulator/query/compile.js';
import { type Query } from '#emulator/query/query.js';
import { findDocuments } from '#emulator/query/run.js';
import { Database } from '#emulator/store/database.js';
import { type StoredDocument } from '#emulator/store/document.js';
import { CommitClock } from '#emulator/values/time.js';
import { anyQuery, write } from '../any-query.js';
import { DATABASE, smallFields } from '../arbitraries.js';

const OPS: Record<string, string> = { '==': 'EQUAL', '>': 'GREATER_THAN_OR_EQUAL' };

/** 'a > 3' and 'a == 3'. */
function filter(text: string): Json {
  const [fieldPath = '', op = '', integerValue = ''] = text.split(' ');
  return { fieldFilter: { field: { fieldPath }, op: OPS[op] ?? '', value: { integerValue } } };
}

function query(where: readonly string[], orderBy: readonly string[] = [], page: Json = {}): Query {
  const json: Json = {
    from: [{ collectionId: 'c' }],
    where: { compositeFilter: { op: 'AND', filters: where.map(filter) } },
    orderBy: orderBy.map((fieldPath) => ({ field: { fieldPath } })),
    ...(typeof page === 'object' && page),
  };
  return compileQuery({ database: DATABASE, segments: [] }, StructuredQuery.fromJson(json));
}

/** Documents 0 to 2,999, whose a counts up and whose b counts down. */
function filled(): Database {
  const database = new Database(DATABASE, new CommitClock());
  for (let n = 0; n < 3000; n++)
    write(
      database,
      `c/${n}`,
      new Map([
        ['a', { kind: 'integer', value: BigInt(n) }],
        ['b', { kind: 'integer', value: BigInt(3000 - n) }],
      ]),
    );
  return database;
}

describe('what a query costs', () => {
  const database = filled();
  const find = (asked: Query): StoredDocument[] => findDocuments(database, asked);
  const readsOf = (asked: Query): [documents: number, entries: number] => {
    const found = find(asked);
    return [countDocumentReads(asked, found, find), countIndexReads(asked, found, find)];
  };

  it('is a read for each document, and one when there is none', () => {
    assert.deepEqual(readsOf(query(['a > 2990'])), [10, 0]);
    assert.deepEqual(readsOf(query(['a > 9000'])), [1, 0]);
  });

  it('is a read for each document skipped by an offset, up to the number of documents', () => {
    assert.deepEqual(readsOf(query(['a > 2990'], [], { offset: 4 })), [10, 0]);
    assert.deepEqual(readsOf(query(['a > 2990'], [], { offset: 40 })), [10, 0]);
    assert.deepEqual(readsOf(query(['a > 2990'], [], { offset: 4, limit: 1 })), [5, 0]);
  });

  it('is one more read per 1,000 index entries when two fields are ranges, found or not', () => {
    assert.deepEqual(readsOf(query(['a > 500', 'b > 2499'])), [2, 3]);
    assert.deepEqual(readsOf(query(['a > 2000', 'b > 2499'])), [1, 1]);
  });

  it('stops counting index entries where a limit is reached', () => {
    assert.deepEqual(readsOf(query(['a > 500', 'b > 1'], [], { limit: 1 })), [1, 1]);
    assert.deepEqual(readsOf(query(['a > 500', 'b > 1'], [], { limit: 1001 })), [1001, 2]);
  });

  it('counts an ordered field as a range only beside another range, and a filter on the name always', () => {
    assert.ok(hasSeveralRanges(query(['a > 1'], ['a', 'b'])));
    assert.ok(!hasSeveralRanges(query(['a > 1'], ['a'])));
    assert.ok(!hasSeveralRanges(query(['a == 1'], ['b'])));
    const value = { referenceValue: `${DATABASE.name}/documents/c/1` };
    const named: Json = { fieldFilter: { field: { fieldPath: '__name__' }, op: 'EQUAL', value } };
    assert.ok(hasSeveralRanges(query([], ['a'], { where: named })));
    assert.ok(!hasSeveralRanges(query([], [], { where: named })));
  });

  it('is, for an aggregation, a read per 1,000 index entries and one at least', () => {
    const cost = (asked: Query): number => countAggregationReads(asked, find(asked), find);
    assert.deepEqual(
      [query(['a > 9000']), query(['a > 2000']), query(['a > 1999']), query(['a > 500', 'b > 2499'])].map(cost),
      [1, 1, 2, 3],
    );
  });

  it('includes the index entry of each document', () => {
    fc.assert(
      fc.property(anyQuery, fc.array(smallFields, { maxLength: 8 }), (asked, documents) => {
        const small = new Database(DATABASE, new CommitClock());
        documents.forEach((fields, i) => write(small, `c/${i}`, fields));
        const search = (q: Query): StoredDocument[] => findDocuments(small, q);
        const found = search(asked);
        const expected = hasSeveralRanges(asked) && found.length > 0 ? 1 : 0;
        assert.ok(countIndexReads(asked, found, search) >= expected);
        assert.ok(countDocumentReads(asked, found, search) >= Math.max(1, found.length));
      }),
    );
  });
});
