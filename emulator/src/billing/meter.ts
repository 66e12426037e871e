/** The billed operations of one caller in one collection. */
export interface Usage {
  /**
   * Documents that gets and queries read, including those that an offset skipped; a query without a result counts as
   * one.
   */
  reads: number;
  /** Index entry reads of queries on several range fields: one read per 1,000 entries. */
  indexReads: number;
  /** Documents that were sent to listeners. */
  listenerReads: number;
  /** Documents that rules looked up: each once per request, and again with each update of a listener. */
  ruleReads: number;
  /** Aggregations: one read per 1,000 index entries, at least one. */
  aggregationReads: number;
  /** Writes other than deletes; a write that changes nothing is billed too. */
  writes: number;
  deletes: number;
}

const NOTHING: Usage = {
  reads: 0,
  indexReads: 0,
  listenerReads: 0,
  ruleReads: 0,
  aggregationReads: 0,
  writes: 0,
  deletes: 0,
};

/** Sums up all operations that the price list calls document reads. */
export function countReads(usage: Usage): number {
  return usage.reads + usage.indexReads + usage.listenerReads + usage.ruleReads + usage.aggregationReads;
}

/**
 * Counts the billed operations of one project, per caller and collection. Source: Firestore docs, "Understand billing".
 */
export class Meter {
  private readonly usage = new Map<string, Map<string, Usage>>();

  /** Counts operations. `segments` are those of a document or a collection, `caller` is a label from `getCallerLabel`. */
  count(caller: string, segments: readonly string[], kind: keyof Usage, operations: number): void {
    if (operations === 0) return;
    let collections = this.usage.get(caller);
    if (!collections) this.usage.set(caller, (collections = new Map()));
    const pattern = collectionPattern(segments);
    let usage = collections.get(pattern);
    if (!usage) collections.set(pattern, (usage = { ...NOTHING }));
    usage[kind] += operations;
  }

  reset(): void {
    this.usage.clear();
  }

  toJson(): { total: Usage; callers: Record<string, Record<string, Usage>> } {
    const total = { ...NOTHING };
    const callers: Record<string, Record<string, Usage>> = {};
    for (const [caller, collections] of this.usage) {
      callers[caller] = Object.fromEntries(collections);
      for (const usage of collections.values()) addTo(total, usage);
    }
    return { total, callers };
  }
}

function addTo(total: Usage, usage: Usage): void {
  total.reads += usage.reads;
  total.indexReads += usage.indexReads;
  total.listenerReads += usage.listenerReads;
  total.ruleReads += usage.ruleReads;
  total.aggregationReads += usage.aggregationReads;
  total.writes += usage.writes;
  total.deletes += usage.deletes;
}

/** Returns the ids of the collections on a path: couriers/cora/live/now is "couriers/live". */
export function collectionPattern(segments: readonly string[]): string {
  if (segments.length <= 2) return segments[0] ?? '*';
  return segments.filter((_, i) => i % 2 === 0).join('/');
}
