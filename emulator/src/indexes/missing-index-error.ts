import {
  type IndexedField,
  getRequiredIndex,
  type RequiredIndex,
  type VectorField,
} from '../billing/required-index.js';
import { type Nearest } from '../query/nearest.js';
import { type Query } from '../query/query.js';
import { formatFieldPath } from '../values/field-path.js';
import { listFieldIndexes, type FieldIndex, type IndexDefinitions, type VectorIndex } from './definitions.js';
import { type IndexDemand, computeDemand, isServed } from './served.js';

/** An index as firestore.indexes.json has it. */
interface FileIndex extends Omit<RequiredIndex, 'fields'> {
  readonly fields: readonly (IndexedField | VectorField)[];
}

/** The entries that the developer has to add to the index file so that it serves a query. */
export interface MissingIndexes {
  readonly indexes: readonly FileIndex[];
  /** Entries that replace the existing entry of the same field. */
  readonly fieldOverrides: readonly object[];
}

/** Returns the missing indexes of a query, or undefined when the query is served. */
export function findMissingIndexes(query: Query, definitions: IndexDefinitions): MissingIndexes | undefined {
  if (query.nearest) return findMissingVectorIndexes(query, query.nearest, definitions);
  const indexes = new Map<string, RequiredIndex>();
  const overrides = new Map<string, object>();
  for (const conditions of query.disjuncts) {
    const demand = computeDemand(query, conditions);
    if (!demand || isServed(demand, definitions)) continue;
    const index = getRequiredIndex(query, conditions);
    if (index && index.fields.length > 1) indexes.set(JSON.stringify(index), index);
    else for (const override of listOverrides(demand, definitions)) overrides.set(JSON.stringify(override), override);
  }
  if (indexes.size + overrides.size === 0) return undefined;
  return { indexes: [...indexes.values()], fieldOverrides: [...overrides.values()] };
}

/** Returns the missing indexes of a vector search, which needs its own: its filter and sort fields, then the vector. */
function findMissingVectorIndexes(
  query: Query,
  nearest: Nearest,
  definitions: IndexDefinitions,
): MissingIndexes | undefined {
  const needed = query.disjuncts.flatMap((conditions): VectorIndex[] => {
    const demand = computeDemand(query, conditions);
    if (!demand) return [];
    const { collectionGroup, queryScope, equal, arrays, sorts } = demand;
    const fields: RequiredIndex['fields'] = [
      ...[...arrays].map((fieldPath) => ({ fieldPath, arrayConfig: 'CONTAINS' as const })),
      ...[...equal].map((fieldPath) => ({ fieldPath, order: 'ASCENDING' as const })),
      ...sorts.map(({ fieldPath, mode }) => ({
        fieldPath,
        order: mode === 'DESCENDING' ? mode : ('ASCENDING' as const),
      })),
    ];
    const vector = {
      fieldPath: formatFieldPath(nearest.path),
      vectorConfig: { dimension: nearest.vector.length, flat: {} },
    };
    return [{ collectionGroup, queryScope, fields, vector }];
  });
  const missing = needed.filter((index) => !definitions.vectorIndexes.some((known) => isSameIndex(known, index)));
  if (missing.length === 0) return undefined;
  const entries = new Map(missing.map(toFileIndex).map((index) => [JSON.stringify(index), index]));
  return { indexes: [...entries.values()], fieldOverrides: [] };
}

/** Compares two indexes; the order of equality fields does not matter. */
function isSameIndex(a: VectorIndex, b: VectorIndex): boolean {
  const serialize = ({ fields, ...rest }: VectorIndex) =>
    JSON.stringify({ ...rest, fields: fields.map((field) => JSON.stringify(field)).toSorted() });
  return serialize(a) === serialize(b);
}

const toFileIndex = ({ vector, fields, ...index }: VectorIndex): FileIndex => ({
  ...index,
  fields: [...fields, vector],
});

/** Lists an override for each field whose single-field index is missing; it keeps the indexes that the field has. */
function listOverrides(demand: IndexDemand, definitions: IndexDefinitions): object[] {
  const needed = new Map<string, FieldIndex['mode']>();
  for (const fieldPath of demand.equal) needed.set(fieldPath, demand.nameMode);
  for (const fieldPath of demand.arrays) needed.set(fieldPath, 'CONTAINS');
  for (const { fieldPath, mode } of demand.sorts) needed.set(fieldPath, mode);
  return [...needed].flatMap(([fieldPath, mode]) => {
    const { collectionGroup, queryScope } = demand;
    const present = listFieldIndexes(definitions, collectionGroup, fieldPath);
    if (present.some((index) => index.mode === mode && index.queryScope === queryScope)) return [];
    return [{ collectionGroup, fieldPath, indexes: [...present, { mode, queryScope }].map(toFileEntry) }];
  });
}

function toFileEntry({ mode, queryScope }: FieldIndex): object {
  return mode === 'CONTAINS' ? { arrayConfig: mode, queryScope } : { order: mode, queryScope };
}
