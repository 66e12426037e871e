import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { databasesIn } from '../firebase-json.js';
import { type IndexDefinitions, parseIndexFile } from './definitions.js';

/** The index file of each database by its id; `*` stands for every database. */
export type IndexFiles = ReadonlyMap<string, string>;

/**
 * A path given by hand serves every database; otherwise firebase.json of the folder names the files.
 * None when the environment says FIRESTORE_EMULATOR_ENFORCE_INDEXES=0.
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
  for (const { id, indexes } of databasesIn(folder))
    if (indexes !== undefined && existsSync(indexes)) files.set(id, indexes);
  return files;
}

/** An index file that is read again when it changed. */
export class IndexFile {
  private stamp: string;
  private definitions: IndexDefinitions;

  /** Throws when the file is missing or broken. */
  constructor(
    private readonly path: string,
    private readonly tell: (problem: string) => void,
  ) {
    this.stamp = this.stampNow();
    this.definitions = this.read();
  }

  /** A change that broke or removed the file is told once, and the former definitions stay. */
  current(): IndexDefinitions {
    const stamp = this.stampNow();
    if (stamp === this.stamp) return this.definitions;
    this.stamp = stamp;
    try {
      this.definitions = this.read();
    } catch (fault) {
      this.tell(messageOf(fault));
    }
    return this.definitions;
  }

  private read(): IndexDefinitions {
    try {
      return parseIndexFile(readFileSync(this.path, 'utf8'));
    } catch (fault) {
      throw new Error(`${this.path}: ${messageOf(fault)}`, { cause: fault });
    }
  }

  private stampNow(): string {
    const found = statSync(this.path, { throwIfNoEntry: false });
    return found ? `${found.mtimeMs} ${found.size}` : '';
  }
}

const messageOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));
