import { type IndexedField, requiredIndex, type RequiredIndex, type VectorField } from '../billing/required-index.js';
import { type Nearest } from '../query/nearest.js';
import { type Query } from '../query/query.js';
import { formatFieldPath } from '../values/field-path.js';
import { fieldIndexes, type FieldIndex, type IndexDefinitions, type VectorIndex } from './definitions.js';
import { type Demand, demandOf, isServed } from './served.js';

/** An index as firestore.indexes.json has it. */
interface WrittenIndex extends Omit<RequiredIndex, 'fields'> {
  readonly fields: readonly (IndexedField | VectorField)[];
}

/** The entries that the developer has to add to the index file so that it serves a query. */
export interface Lacking {
  readonly indexes: readonly WrittenIndex[];
  /** Entries that replace the existing entry of the same field. */
  readonly fieldOverrides: readonly object[];
}

/** Returns the missing indexes of a query, or undefined when the query is served. */
export function lackingFor(query: Query, definitions: IndexDefinitions): Lacking | undefined {
  if (query.nearest) return lackingVector(query, query.nearest, definitions);
  const indexes = new Map<string, RequiredIndex>();
  const overrides = new Map<string, object>();
  for (const conditions of query.disjuncts) {
    const demand = demandOf(query, conditions);
    if (!demand || isServed(demand, definitions)) continue;
    const index = requiredIndex(query, conditions);
    if (index && index.fields.length > 1) indexes.set(JSON.stringify(index), index);
    else for (const override of neededOverrides(demand, definitions)) overrides.set(JSON.stringify(override), override);
  }
  if (indexes.size + overrides.size === 0) return undefined;
  return { indexes: [...indexes.values()], fieldOverrides: [...overrides.values()] };
}

/** Returns the missing indexes of a vector search, which needs its own: its filter and sort fields, then the vector. */
function lackingVector(query: Query, nearest: Nearest, definitions: IndexDefinitions): Lacking | undefined {
  const needed = query.disjuncts.flatMap((conditions): VectorIndex[] => {
    const demand = demandOf(query, conditions);
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
  const missing = needed.filter((index) => !definitions.vectorIndexes.some((known) => sameIndex(known, index)));
  if (missing.length === 0) return undefined;
  const written = new Map(missing.map(vectorInFile).map((index) => [JSON.stringify(index), index]));
  return { indexes: [...written.values()], fieldOverrides: [] };
}

/** Compares two indexes; the order of equality fields does not matter. */
function sameIndex(a: VectorIndex, b: VectorIndex): boolean {
  const shown = ({ fields, ...rest }: VectorIndex) =>
    JSON.stringify({ ...rest, fields: fields.map((field) => JSON.stringify(field)).toSorted() });
  return shown(a) === shown(b);
}

const vectorInFile = ({ vector, fields, ...index }: VectorIndex): WrittenIndex => ({
  ...index,
  fields: [...fields, vector],
});

/** Lists an override for each field whose single-field index is missing; it keeps the indexes that the field has. */
function neededOverrides(demand: Demand, definitions: IndexDefinitions): object[] {
  const needed = new Map<string, FieldIndex['mode']>();
  for (const fieldPath of demand.equal) needed.set(fieldPath, demand.nameMode);
  for (const fieldPath of demand.arrays) needed.set(fieldPath, 'CONTAINS');
  for (const { fieldPath, mode } of demand.sorts) needed.set(fieldPath, mode);
  return [...needed].flatMap(([fieldPath, mode]) => {
    const { collectionGroup, queryScope } = demand;
    const present = fieldIndexes(definitions, collectionGroup, fieldPath);
    if (present.some((index) => index.mode === mode && index.queryScope === queryScope)) return [];
    return [{ collectionGroup, fieldPath, indexes: [...present, { mode, queryScope }].map(inFile) }];
  });
}

function inFile({ mode, queryScope }: FieldIndex): object {
  return mode === 'CONTAINS' ? { arrayConfig: mode, queryScope } : { order: mode, queryScope };
}
