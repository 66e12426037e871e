import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isJsonObject, type Json } from '../protocol/schema.js';
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
  const configuration = resolve(folder, 'firebase.json');
  return existsSync(configuration) ? filesNamedIn(configuration) : new Map();
}

/** `firestore` is one database or a list of them. A broken firebase.json is for firebase-tools to tell. */
function filesNamedIn(configuration: string): IndexFiles {
  const files = new Map<string, string>();
  for (const database of databasesIn(configuration)) {
    const { indexes, database: id } = database;
    if (typeof indexes !== 'string') continue;
    const path = resolve(dirname(configuration), indexes);
    if (existsSync(path)) files.set(typeof id === 'string' ? id : '(default)', path);
  }
  return files;
}

function databasesIn(configuration: string): { readonly [key: string]: Json }[] {
  try {
    const json: Json = JSON.parse(readFileSync(configuration, 'utf8'));
    const firestore = isJsonObject(json) ? (json['firestore'] ?? []) : [];
    return [firestore].flat().filter(isJsonObject);
  } catch {
    return [];
  }
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
    this.definitions = parseIndexFile(readFileSync(path, 'utf8'));
  }

  /** A change that broke or removed the file is told once, and the former definitions stay. */
  current(): IndexDefinitions {
    const stamp = this.stampNow();
    if (stamp === this.stamp) return this.definitions;
    this.stamp = stamp;
    try {
      this.definitions = parseIndexFile(readFileSync(this.path, 'utf8'));
    } catch (fault) {
      this.tell(`${this.path}: ${fault instanceof Error ? fault.message : String(fault)}`);
    }
    return this.definitions;
  }

  private stampNow(): string {
    const found = statSync(this.path, { throwIfNoEntry: false });
    return found ? `${found.mtimeMs} ${found.size}` : '';
  }
}
