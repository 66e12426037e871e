import { type Query } from '../query/query.js';
import { type DatabaseName } from '../values/names.js';
import { failedPrecondition } from '../values/status.js';
import { type IndexDefinitions } from './definitions.js';
import { IndexFile, type IndexFiles } from './index-file.js';
import { findMissingIndexes } from './missing-index-error.js';

/** Refuses the queries that production would refuse because an index is missing. Google's emulator serves them all. */
export class IndexGuard {
  private readonly files: ReadonlyMap<string, IndexFile>;

  /** Reads the index files. Throws when a file is missing or invalid. */
  constructor(files: IndexFiles, report: (problem: string) => void = console.log) {
    this.files = new Map([...files].map(([database, path]) => [database, new IndexFile(path, report)]));
  }

  /** Returns the definitions in a database's index file, or undefined when it has none. */
  getDefinitions({ database }: DatabaseName): IndexDefinitions | undefined {
    return (this.files.get(database) ?? this.files.get('*'))?.current();
  }

  require(query: Query): void {
    const definitions = this.getDefinitions(query.scope.database);
    if (!definitions) return;
    const missing = findMissingIndexes(query, definitions);
    if (!missing) return;
    const parts = [
      ...formatEntries('indexes', missing.indexes),
      ...formatEntries('fieldOverrides', missing.fieldOverrides),
    ];
    throw failedPrecondition(`The query requires an index.${parts.join('')}`);
  }
}

function formatEntries(list: string, entries: readonly object[]): string[] {
  if (entries.length === 0) return [];
  const lines = entries.map((entry) => JSON.stringify(entry)).join(',\n');
  return [` Add to "${list}" in firestore.indexes.json:\n${lines}\n`];
}
