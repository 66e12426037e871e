/** A pair that must not be matched. */
export const IMPOSSIBLE = Infinity;

/**
 * Computes the cheapest matching of rows to columns, each used at most once; as many rows as possible are matched.
 * Returns the column of each row, or −1. Source: Kuhn's and Munkres' algorithm in Jonker's and Volgenant's form with
 * potentials, O(n³); ties go to the lower column, so that the same costs always give the same matching.
 */
export function solveAssignment(costs: readonly (readonly number[])[]): number[] {
  const rows = costs.length;
  const columns = costs[0]?.length ?? 0;
  // Each row has a column of its own for "unmatched", which costs more than any match.
  const unmatchedCost = computeUnmatchedCost(costs);
  const width = columns + rows;
  const at = (row: number, column: number): number => {
    if (column >= columns) return column - columns === row ? unmatchedCost : unmatchedCost * 4;
    const cost = costs[row]?.[column] ?? IMPOSSIBLE;
    return cost === IMPOSSIBLE ? unmatchedCost * 4 : cost;
  };
  const rowOf = solve(rows, width, at);
  const columnOf = costs.map(() => -1);
  for (const [column, row] of rowOf.entries()) {
    if ((costs[row]?.[column] ?? IMPOSSIBLE) !== IMPOSSIBLE) columnOf[row] = column;
  }
  return columnOf;
}

/** More than leaving one row out could save on all others. */
function computeUnmatchedCost(costs: readonly (readonly number[])[]): number {
  const finite = costs.flat().filter((cost) => cost !== IMPOSSIBLE);
  const spread = finite.reduce((most, cost) => Math.max(most, Math.abs(cost)), 1);
  return 2 * spread * (costs.length + 1);
}

/** The row of each column, −1 for none. Rows are added one by one, each along the shortest augmenting path. */
function solve(rows: number, columns: number, at: (row: number, column: number) => number): number[] {
  const rowPotential = new Float64Array(rows);
  const columnPotential = new Float64Array(columns);
  const rowOf = new Int32Array(columns).fill(-1);
  for (let row = 0; row < rows; row++) augment(row, at, { rowPotential, columnPotential, rowOf });
  return [...rowOf];
}

interface Duals {
  rowPotential: Float64Array;
  columnPotential: Float64Array;
  rowOf: Int32Array;
}

function augment(start: number, at: (row: number, column: number) => number, duals: Duals): void {
  const { rowPotential, columnPotential, rowOf } = duals;
  const columns = rowOf.length;
  const distance = new Float64Array(columns).fill(Infinity);
  const from = new Int32Array(columns).fill(-1);
  const done = new Uint8Array(columns);
  let row = start;
  let reached = 0;
  let column = -1;
  for (;;) {
    let nearest = -1;
    for (let next = 0; next < columns; next++) {
      if (done[next] === 1) continue;
      const through = reached + at(row, next) - (rowPotential[row] ?? 0) - (columnPotential[next] ?? 0);
      if (through < (distance[next] ?? Infinity)) {
        distance[next] = through;
        from[next] = column;
      }
      if (nearest < 0 || (distance[next] ?? Infinity) < (distance[nearest] ?? Infinity)) nearest = next;
    }
    column = nearest;
    reached = distance[column] ?? Infinity;
    const holder = rowOf[column] ?? -1;
    if (holder < 0) break;
    done[column] = 1;
    row = holder;
  }
  rowPotential[start] = (rowPotential[start] ?? 0) + reached;
  for (let other = 0; other < columns; other++) {
    if (done[other] !== 1) continue;
    const holder = rowOf[other] ?? -1;
    const slack = reached - (distance[other] ?? 0);
    columnPotential[other] = (columnPotential[other] ?? 0) - slack;
    rowPotential[holder] = (rowPotential[holder] ?? 0) + slack;
  }
  for (let end = column; end >= 0;) {
    const before = from[end] ?? -1;
    rowOf[end] = before < 0 ? start : (rowOf[before] ?? -1);
    end = before;
  }
}
