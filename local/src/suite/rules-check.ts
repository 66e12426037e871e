import { existsSync, readFileSync, unwatchFile, watchFile } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { parseCommentedJson } from '../../../emulator/src/commented-json.js';
import { readDatabases } from '../../../emulator/src/firebase-json.js';
import { compileRules, explainIssue, type RulesRequest } from '../../../emulator/src/rules/index.js';
import { LaunchError } from './launch-error.js';

/** How often the files are checked: fast enough to appear immediate to a developer. */
const WATCH_INTERVAL_MS = 300;

const Bucket = z.looseObject({ rules: z.string().optional() });
const Storage = z.looseObject({ storage: z.union([Bucket, z.array(Bucket)]).optional() });

interface RulesFile {
  readonly path: string;
  readonly service: RulesRequest['service'];
}

export interface CheckedRules {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Lists the rules files that firebase.json names for the emulators that will run. */
function rulesFiles(root: string, emulators: readonly string[]): RulesFile[] {
  const { storage } = Storage.parse(parseCommentedJson(readFileSync(join(root, 'firebase.json'), 'utf8')));
  const ofFirestore = readDatabases(root).flatMap(({ rules }) => rules ?? []);
  const ofStorage = [storage ?? []].flat().flatMap(({ rules }) => (rules === undefined ? [] : [join(root, rules)]));
  const files: RulesFile[] = [
    ...(emulators.includes('firestore') ? ofFirestore : []).map((path) => ({
      path,
      service: 'cloud.firestore' as const,
    })),
    ...(emulators.includes('storage') ? ofStorage : []).map((path) => ({ path, service: 'firebase.storage' as const })),
  ];
  return files.filter(({ path }) => existsSync(path));
}

function check({ path, service }: RulesFile, root: string): CheckedRules {
  const source = readFileSync(path, 'utf8');
  const { issues } = compileRules(source, relative(root, path), service);
  const explained = (severity: 'ERROR' | 'WARNING'): string[] =>
    issues.filter((issue) => issue.severity === severity).map((issue) => explainIssue(issue, source));
  return { errors: explained('ERROR'), warnings: explained('WARNING') };
}

/**
 * Compiles the rules before the suite starts, which would only report that an emulator has exited. Returns their
 * warnings. Throws a LaunchError that explains every error.
 */
export function requireValidRules(root: string, emulators: readonly string[]): readonly string[] {
  const checked = rulesFiles(root, emulators).map((file) => check(file, root));
  const errors = checked.flatMap((one) => one.errors);
  if (errors.length === 0) return checked.flatMap((one) => one.warnings);
  throw new LaunchError(
    'The rules do not compile.',
    `\n${errors.join('\n')}`,
    'correct them; "firebase deploy" prints the same messages.',
  );
}

/** Compiles rules files again whenever they change and reports their issues. The result stops the watch. */
export function watchRules(
  root: string,
  emulators: readonly string[],
  onChange: (rules: CheckedRules) => void,
): () => void {
  const files = rulesFiles(root, emulators);
  for (const file of files)
    watchFile(file.path, { interval: WATCH_INTERVAL_MS, persistent: false }, () => {
      if (existsSync(file.path)) onChange(check(file, root));
    });
  return () => {
    for (const { path } of files) unwatchFile(path);
  };
}
