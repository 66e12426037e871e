import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { solveAssignment, IMPOSSIBLE } from '#functions/dispatch/model/assignment.js';
import { runs } from '#fixtures/proofs.js';

const costs = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) => {
  const cost = fc.oneof({ arbitrary: fc.integer({ min: -20, max: 60 }), weight: 4 }, fc.constant(IMPOSSIBLE));
  const row = fc.array(cost, { minLength: columns, maxLength: columns });
  return fc.array(row, { minLength: rows, maxLength: rows });
});

interface Value {
  matched: number;
  cost: number;
}

const isBetter = (a: Value, b: Value) => a.matched > b.matched || (a.matched === b.matched && a.cost < b.cost);

/** The best of all matchings, tried one by one. */
function best(rows: readonly (readonly number[])[], taken: readonly number[] = []): Value {
  const [row, ...others] = rows;
  if (!row) return { matched: 0, cost: 0 };
  const ways = row.flatMap((cost, column) => {
    if (cost === IMPOSSIBLE || taken.includes(column)) return [];
    const rest = best(others, [...taken, column]);
    return [{ matched: rest.matched + 1, cost: rest.cost + cost }];
  });
  return ways.reduce((a, b) => (isBetter(b, a) ? b : a), best(others, taken));
}

describe('solveAssignment', () => {
  it('matches as many as possible, at the least cost, no column twice and no impossible pair', () => {
    fc.assert(
      fc.property(costs, (table) => {
        const columns = solveAssignment(table);
        const pairs = columns.flatMap((column, row) =>
          column >= 0 ? [{ column, cost: table[row]?.[column] ?? NaN }] : [],
        );
        assert.equal(new Set(pairs.map(({ column }) => column)).size, pairs.length);
        const value = { matched: pairs.length, cost: pairs.reduce((sum, { cost }) => sum + cost, 0) };
        assert.deepEqual(value, best(table));
      }),
      runs(500, 10_000),
    );
  });
  it('returns no match for an empty matrix', () => {
    assert.deepEqual(solveAssignment([[], []]), [-1, -1]);
    assert.deepEqual(solveAssignment([]), []);
  });
  it('prefers the lower column of those with the same cost', () => {
    const same = (rows: number, columns: number) =>
      solveAssignment(Array.from({ length: rows }, () => Array.from({ length: columns }, () => 7)));
    assert.deepEqual([same(1, 2), same(2, 2), same(2, 3), same(3, 3)], [[0], [0, 1], [0, 1], [0, 1, 2]]);
  });
  it('gives up the cheapest pair where the others cost less without it', () =>
    assert.deepEqual(
      solveAssignment([
        [4, 1, 3],
        [2, 0, 5],
        [3, 2, 2],
      ]),
      [1, 0, 2],
    ));
  it('leaves out the dearest rows where columns are scarce', () => {
    assert.deepEqual(solveAssignment([[3], [1], [2]]), [-1, 0, -1]);
    assert.deepEqual(solveAssignment([[-3], [-5]]), [-1, 0]);
  });
  it('matches one more row at any cost, but never an impossible pair', () => {
    assert.deepEqual(
      solveAssignment([
        [1, 1_000_000],
        [2, IMPOSSIBLE],
      ]),
      [1, 0],
    );
    assert.deepEqual(
      solveAssignment([
        [IMPOSSIBLE, IMPOSSIBLE],
        [3, IMPOSSIBLE],
      ]),
      [-1, 0],
    );
    assert.deepEqual(solveAssignment([[IMPOSSIBLE]]), [-1]);
  });
  it('reassigns along a chain of rows', () =>
    assert.deepEqual(
      solveAssignment([
        [1, 2, IMPOSSIBLE],
        [1, IMPOSSIBLE, 9],
        [1, IMPOSSIBLE, IMPOSSIBLE],
      ]),
      [1, 2, 0],
    ));
});
