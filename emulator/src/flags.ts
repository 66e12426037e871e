/**
 * The flags of the official program that this one supports, and `--indexes`. Other flags are ignored with their values.
 */
export interface Flags {
  readonly host: string;
  readonly port: number;
  readonly projectId: string | undefined;
  readonly singleProject: boolean;
  readonly rules: string | undefined;
  readonly functionsEmulator: string | undefined;
  readonly seed: string | undefined;
  /** A path to firestore.indexes.json. */
  readonly indexes: string | undefined;
}

/**
 * Reads `--flag value` and `--flag=value`. A flag before another flag has no value; positional arguments are ignored.
 *
 * Throws for an edition of Firestore that this emulator does not support.
 */
export function parseFlags(args: readonly string[]): Flags {
  const values = new Map<string, string>();
  for (const [i, arg] of args.entries()) {
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
    if (!match) continue;
    const next = args[i + 1];
    values.set(match[1] ?? '', match[2] ?? (next?.startsWith('--') === false ? next : 'true'));
  }
  const edition = values.get('database-edition') ?? 'standard';
  if (edition !== 'standard')
    throw new Error(
      `The Firestore emulator does not support the ${edition} edition. Set "edition" to "standard" in firebase.json, or remove it.`,
    );
  return {
    host: values.get('host') ?? '127.0.0.1',
    port: Number(values.get('port') ?? 8080),
    projectId: values.get('project_id'),
    singleProject: values.get('single_project_mode') === 'true',
    rules: values.get('rules'),
    functionsEmulator: values.get('functions_emulator'),
    seed: values.get('seed_from_export'),
    indexes: values.get('indexes'),
  };
}
