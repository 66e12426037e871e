import { requiredIndex, type RequiredIndex } from '../billing/required-index.js';
import { type Query } from '../query/query.js';
import { fieldIndexes, type FieldIndex, type IndexDefinitions } from './definitions.js';
import { type Demand, demandOf, isServed } from './served.js';

/** What has to be pasted into an index file so that it serves a query. */
export interface Lacking {
  readonly indexes: readonly RequiredIndex[];
  /** Entries that take the place of any for the same field. */
  readonly fieldOverrides: readonly object[];
}

/** Undefined when the query is served. */
export function lackingFor(query: Query, definitions: IndexDefinitions): Lacking | undefined {
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

/** The fields without the single-field index that the query needs: with it, and with all that they have. */
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
