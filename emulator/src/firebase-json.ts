import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseCommentedJson } from './commented-json.js';
import { isJsonObject, type Json } from './protocol/schema.js';

/** A database as firebase.json describes it, with absolute paths of its files. */
export interface ConfiguredDatabase {
  readonly id: string;
  readonly rules: string | undefined;
  readonly indexes: string | undefined;
}

/**
 * Lists the databases in a folder's firebase.json, whose `firestore` is one database or a list of them. Returns an
 * empty list without the file, or when it is invalid: firebase-tools reports that.
 */
export function readDatabases(folder: string): ConfiguredDatabase[] {
  const configuration = resolve(folder, 'firebase.json');
  const toPath = (path: Json | undefined): string | undefined =>
    typeof path === 'string' ? resolve(dirname(configuration), path) : undefined;
  return readEntries(configuration).map(({ database, rules, indexes }) => ({
    id: typeof database === 'string' ? database : '(default)',
    rules: toPath(rules),
    indexes: toPath(indexes),
  }));
}

function readEntries(configuration: string): { readonly [key: string]: Json }[] {
  if (!existsSync(configuration)) return [];
  try {
    const json = parseCommentedJson(readFileSync(configuration, 'utf8'));
    const firestore = isJsonObject(json) ? (json['firestore'] ?? []) : [];
    return [firestore].flat().filter(isJsonObject);
  } catch {
    return [];
  }
}
