import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareDocuments, matches } from '#emulator/query/match.js';
import { type Query } from '#emulator/query/query.js';
import { findDocuments } from '#emulator/query/run.js';
import { Database } from '#emulator/store/database.js';
import { type StoredDocument } from '#emulator/store/document.js';
import { CommitClock } from '#emulator/values/time.js';
import { anyQuery, write } from '../any-query.js';
import { compareValues } from '#emulator/values/compare.js';
import { anyValue, DATABASE, smallFields } from '../arbitraries.js';

/** What the query must give, by trying every document. */
function naive(documents: readonly StoredDocument[], query: Query): string[] {
  const found = documents.filter((d) => matches(query, d)).sort((a, b) => compareDocuments(query.order, a, b));
  return found.slice(query.offset, query.offset + (query.limit ?? Infinity)).map((d) => d.name);
}

const steps = fc.array(
  fc.tuple(
    fc.constantFrom('c/1', 'c/2', 'c/3', 'c/4', 'x/y/c/5', 'x/y/c/1'),
    fc.option(smallFields, { nil: undefined }),
  ),
  { minLength: 1, maxLength: 30 },
);

describe('the query engine', () => {
  it('finds the same as testing every document, with indexes made before or after the writes', () => {
    fc.assert(
      fc.property(steps, anyQuery, fc.boolean(), (writes, query, indexedBefore) => {
        const database = new Database(DATABASE, new CommitClock());
        if (indexedBefore) findDocuments(database, query);
        const half = Math.floor(writes.length / 2);
        for (const [place, fields] of writes.slice(0, half)) write(database, place, fields);
        if (indexedBefore) findDocuments(database, query);
        for (const [place, fields] of writes.slice(half)) write(database, place, fields);
        assert.deepEqual(
          findDocuments(database, query).map((d) => d.name),
          naive([...database.allDocuments()], query),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('reads a past state as it was', () => {
    fc.assert(
      fc.property(steps, steps, anyQuery, (earlier, later, query) => {
        const database = new Database(DATABASE, new CommitClock());
        for (const [place, fields] of earlier) write(database, place, fields);
        const then = database.clock.current();
        const expected = findDocuments(database, query).map((d) => d.name);
        for (const [place, fields] of later) write(database, place, fields);
        assert.deepEqual(
          findDocuments(database, query, database.overlayAt(then)).map((d) => d.name),
          expected,
        );
      }),
    );
  });

  it('keeps values of all types in its indexes in their one order, forwards and backwards', () => {
    fc.assert(
      fc.property(
        fc.array(anyValue, { minLength: 1, maxLength: 20 }),
        fc.constantFrom<1 | -1>(1, -1),
        (values, direction) => {
          const database = new Database(DATABASE, new CommitClock());
          const query: Query = {
            scope: { database: DATABASE, parent: [], collectionId: 'c', allDescendants: false },
            disjuncts: [[]],
            explicitOrder: [{ path: ['v'], direction }],
            order: [
              { path: ['v'], direction },
              { path: ['__name__'], direction },
            ],
            start: undefined,
            end: undefined,
            offset: 0,
            limit: undefined,
            projection: undefined,
          };
          findDocuments(database, query); // Makes the index, which the writes then keep up.
          for (const [i, value] of values.entries()) write(database, `c/${i}`, new Map([['v', value]]));
          const found = findDocuments(database, query).map((d) => d.fields.get('v'));
          assert.equal(found.length, values.length);
          for (const [i, value] of found.entries()) {
            const next = found[i + 1];
            if (value && next) assert.ok(compareValues(value, next) * direction <= 0);
          }
        },
      ),
    );
  });
});
