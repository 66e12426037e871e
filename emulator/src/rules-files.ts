import { existsSync, readFileSync } from 'node:fs';
import { readDatabases } from './firebase-json.js';

/** The text of rules and the name of their file. */
export interface RulesText {
  readonly source: string;
  readonly fileName: string;
}

/** Denies all access to a database that firebase.json does not name, or names without rules, as production does. */
const DENY_ALL: RulesText = { source: "rules_version = '2';\nservice cloud.firestore {}\n", fileName: 'no rules' };

/**
 * Reads the rules of each database by its id; `*` is every other database. firebase-tools passes `--rules` for a single
 * database only; for several databases, firebase.json names the files. Returns an empty map when no rules are named at
 * all.
 *
 * Throws for a named file that does not exist.
 */
export function readRulesFiles(given: string | undefined, folder: string): ReadonlyMap<string, RulesText> {
  if (given !== undefined) return new Map([['*', readRules(given, 'firestore.rules')]]);
  const named = readDatabases(folder).flatMap(({ id, rules }) => (rules === undefined ? [] : [{ id, rules }]));
  if (named.length === 0) return new Map();
  return new Map([['*', DENY_ALL], ...named.map(({ id, rules }) => [id, readRules(rules, rules)] as const)]);
}

function readRules(path: string, fileName: string): RulesText {
  if (!existsSync(path)) throw new Error(`The rules file ${path} does not exist. Correct firebase.json.`);
  return { source: readFileSync(path, 'utf8'), fileName };
}
