import { type Query } from '../query/query.js';
import { failedPrecondition } from '../values/status.js';
import { IndexFile, type IndexFiles } from './index-file.js';
import { lackingFor } from './lacking.js';

/** Refuses the queries that production would refuse for want of an index. Google's emulator serves them all. */
export class IndexGuard {
  private readonly files: ReadonlyMap<string, IndexFile>;

  /** Throws when a file is missing or broken. */
  constructor(files: IndexFiles, tell: (problem: string) => void = console.log) {
    this.files = new Map([...files].map(([database, path]) => [database, new IndexFile(path, tell)]));
  }

  require(query: Query): void {
    const file = this.files.get(query.scope.database.database) ?? this.files.get('*');
    if (!file) return;
    const lacking = lackingFor(query, file.current());
    if (!lacking) return;
    const parts = [...pasted('indexes', lacking.indexes), ...pasted('fieldOverrides', lacking.fieldOverrides)];
    throw failedPrecondition(`The query requires an index.${parts.join('')}`);
  }
}

function pasted(list: string, entries: readonly object[]): string[] {
  if (entries.length === 0) return [];
  const lines = entries.map((entry) => JSON.stringify(entry)).join(',\n');
  return [` Add to "${list}" in firestore.indexes.json:\n${lines}\n`];
}
