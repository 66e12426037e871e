import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareDocuments, matches } from '../../../../emulator/src/query/match.js';
import { type Condition, isInequality, type Query, type SortField } from '../../../../emulator/src/query/query.js';
import { runQuery } from '../../../../emulator/src/query/run.js';
import { Database } from '../../../../emulator/src/store/database.js';
import { type StoredDocument } from '../../../../emulator/src/store/document.js';
import { CommitClock } from '../../../../emulator/src/values/time.js';
import { type Fields } from '../../../../emulator/src/values/value.js';
import { aDocument, DATABASE, smallFields, smallValue } from '../arbitraries.js';

const path = fc.constantFrom(['a'], ['b'], ['c']);
const direction = fc.constantFrom<1 | -1>(1, -1);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    path,
    op: fc.constantFrom(
      '==' as const,
      '!=' as const,
      '<' as const,
      '<=' as const,
      '>' as const,
      '>=' as const,
      'array-contains' as const,
    ),
    value: smallValue,
  }),
  fc.record({ path, op: fc.constantFrom('is-null' as const, 'is-nan' as const, 'is-not-null' as const) }),
);

/** A query as the compiler would leave it: inequality fields ordered, the name last. */
export const anyQuery: fc.Arbitrary<Query> = fc
  .record({
    disjuncts: fc.array(fc.array(condition, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    explicit: fc.uniqueArray(fc.record({ path, direction }), { maxLength: 2, selector: (o) => o.path.join() }),
    group: fc.boolean(),
    offset: fc.constantFrom(0, 0, 1),
    limit: fc.constantFrom(undefined, 1, 3),
    start: fc.option(fc.record({ value: smallValue, before: fc.boolean() }), { nil: undefined }),
    end: fc.option(fc.record({ value: smallValue, before: fc.boolean() }), { nil: undefined }),
  })
  .map(({ disjuncts, explicit, group, offset, limit, start, end }): Query => {
    const order: SortField[] = [...explicit];
    const last = explicit.at(-1)?.direction ?? 1;
    for (const c of disjuncts.flat()) {
      if (isInequality(c.op) && !order.some((o) => o.path.join() === c.path.join()))
        order.push({ path: c.path, direction: last });
    }
    const cursor = (at: typeof start): Query['start'] =>
      at && order.length > 0 ? { values: [at.value], before: at.before } : undefined;
    return {
      scope: { database: DATABASE, parent: [], collectionId: 'c', allDescendants: group },
      disjuncts,
      explicitOrder: explicit,
      order: [...order, { path: ['__name__'], direction: last }],
      start: cursor(start),
      end: cursor(end),
      offset,
      limit,
      projection: undefined,
    };
  });

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

export function write(database: Database, place: string, fields: Fields | undefined): void {
  const time = database.clock.next();
  const name = `${DATABASE.name}/documents/${place}`;
  const before = database.get(name);
  const after = fields && aDocument(place, fields, time);
  if (before || after)
    database.commit([{ name, segments: place.split('/'), before, after }], time, { type: 'system', id: undefined });
}

describe('the query engine', () => {
  it('finds what trying every document finds, with indexes made before or after the writes', () => {
    fc.assert(
      fc.property(steps, anyQuery, fc.boolean(), (writes, query, indexedBefore) => {
        const database = new Database(DATABASE, new CommitClock());
        if (indexedBefore) runQuery(database, query);
        const half = Math.floor(writes.length / 2);
        for (const [place, fields] of writes.slice(0, half)) write(database, place, fields);
        if (indexedBefore) runQuery(database, query);
        for (const [place, fields] of writes.slice(half)) write(database, place, fields);
        assert.deepEqual(
          runQuery(database, query).map((d) => d.name),
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
        const expected = runQuery(database, query).map((d) => d.name);
        for (const [place, fields] of later) write(database, place, fields);
        assert.deepEqual(
          runQuery(database, query, database.overlayAt(then)).map((d) => d.name),
          expected,
        );
      }),
    );
  });
});
