import fc from 'fast-check';
import { type Condition, isInequality, type Query, type SortField } from '#emulator/query/query.js';
import { type Database } from '#emulator/store/database.js';
import { type Fields } from '#emulator/values/value.js';
import { aDocument, DATABASE, smallValue } from './arbitraries.js';

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

/** Puts or, without fields, deletes one document. */
export function write(database: Database, place: string, fields: Fields | undefined): void {
  const time = database.clock.next();
  const name = `${DATABASE.name}/documents/${place}`;
  const before = database.get(name);
  const after = fields && aDocument(place, fields, time);
  if (before || after)
    database.commit([{ name, segments: place.split('/'), before, after }], time, { type: 'system', id: undefined });
}
