import { isNamePath, type Query } from '../query/query.js';
import { formatFieldPath } from '../values/field-path.js';
import { collectionPattern } from './meter.js';
import { type RequiredIndex, listRequiredIndexes } from './required-index.js';

/** The form of a query without its operands. */
export interface QueryShape {
  readonly collection: string;
  readonly allDescendants: boolean;
  /** The fields and operators of each disjunct, in the order of the fields; equal disjuncts appear once. */
  readonly filters: readonly (readonly string[])[];
  readonly orders: readonly string[];
  readonly requiredIndexes: readonly RequiredIndex[];
  count: number;
}

/** Collects the distinct shapes of the queries that ran, so that a test can check for the index of each. */
export class QueryLog {
  private readonly shapes = new Map<string, QueryShape>();

  record(query: Query): void {
    const shape = toShape(query);
    const key = JSON.stringify(shape);
    const known = this.shapes.get(key) ?? { ...shape, requiredIndexes: listRequiredIndexes(query), count: 0 };
    known.count++;
    this.shapes.set(key, known);
  }

  reset(): void {
    this.shapes.clear();
  }

  toJson(): { queries: QueryShape[] } {
    return { queries: [...this.shapes.values()] };
  }
}

function toShape(query: Query): Omit<QueryShape, 'requiredIndexes' | 'count'> {
  const { parent, collectionId, allDescendants } = query.scope;
  const disjuncts = query.disjuncts.map((conditions) =>
    [...new Set(conditions.map((c) => `${formatFieldPath(c.path)} ${c.op}`))].sort(),
  );
  const distinct = new Map(disjuncts.map((filters) => [filters.join(), filters]));
  return {
    collection: allDescendants ? (collectionId ?? '*') : collectionPattern([...parent, collectionId ?? '*']),
    allDescendants,
    filters: [...distinct.values()],
    orders: query.order
      .filter(({ path }) => !isNamePath(path))
      .map(({ path, direction }) => `${formatFieldPath(path)} ${direction === 1 ? 'asc' : 'desc'}`),
  };
}
