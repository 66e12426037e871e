import { isJsonObject, type Json } from '#emulator/protocol/schema.js';

/** Counts what Firestore bills: documents read, where a query that finds none counts as one, and commits. */
export class Meter {
  reads = 0;
  commits = 0;

  count(rpc: string, answers: readonly Json[]): void {
    if (rpc === 'commit' || rpc === 'batchWrite') this.commits += 1;
    if (rpc === 'batchGetDocuments') this.reads += answers.length;
    if (rpc === 'runQuery' || rpc === 'runAggregationQuery')
      this.reads += Math.max(1, answers.filter((answer) => isJsonObject(answer) && 'document' in answer).length);
  }
}
