import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readDatabases } from '../firebase-json.js';
import { type IndexDefinitions, parseIndexFile } from './definitions.js';

/** The index file of each database by its id; `*` stands for every database. */
export type IndexFiles = ReadonlyMap<string, string>;

/**
 * Locates the index files. A path given by flag serves every database; otherwise firebase.json of the folder names the
 * files. Returns an empty map when the environment has FIRESTORE_EMULATOR_ENFORCE_INDEXES=0.
 */
export function locateIndexFiles(
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): IndexFiles {
  if (environment['FIRESTORE_EMULATOR_ENFORCE_INDEXES'] === '0') return new Map();
  const path = given ?? environment['FIRESTORE_EMULATOR_INDEXES'];
  if (path !== undefined && path !== '') return new Map([['*', resolve(folder, path)]]);
  const files = new Map<string, string>();
  for (const { id, indexes } of readDatabases(folder))
    if (indexes !== undefined && existsSync(indexes)) files.set(id, indexes);
  return files;
}

/** An index file that is read again after a change. */
export class IndexFile {
  private stamp: string;
  private definitions: IndexDefinitions;

  /** Reads the file. Throws when it is missing or invalid. */
  constructor(
    private readonly path: string,
    private readonly report: (problem: string) => void,
  ) {
    this.stamp = this.readStamp();
    this.definitions = this.read();
  }

  /**
   * Returns the current definitions. When a change made the file invalid or removed it, this reports the problem once
   * and keeps the former definitions.
   */
  current(): IndexDefinitions {
    const stamp = this.readStamp();
    if (stamp === this.stamp) return this.definitions;
    this.stamp = stamp;
    try {
      this.definitions = this.read();
    } catch (fault) {
      this.report(toMessage(fault));
    }
    return this.definitions;
  }

  private read(): IndexDefinitions {
    try {
      return parseIndexFile(readFileSync(this.path, 'utf8'));
    } catch (fault) {
      throw new Error(`${this.path}: ${toMessage(fault)}`, { cause: fault });
    }
  }

  private readStamp(): string {
    const found = statSync(this.path, { throwIfNoEntry: false });
    return found ? `${found.mtimeMs} ${found.size}` : '';
  }
}

const toMessage = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));
