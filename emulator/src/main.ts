import { readFileSync } from 'node:fs';
import { startServer } from './server.js';

/** Flags of the official program that are understood; others are ignored with their values. */
interface Flags {
  readonly host: string;
  readonly port: number;
  readonly projectId: string | undefined;
  readonly rules: string | undefined;
  readonly functionsEmulator: string | undefined;
  readonly seed: string | undefined;
}

/** Reads `--flag value` and `--flag=value`. A flag before another flag has no value; positionals are ignored. */
export function parseFlags(args: readonly string[]): Flags {
  const values = new Map<string, string>();
  for (const [i, arg] of args.entries()) {
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
    if (!match) continue;
    const next = args[i + 1];
    values.set(match[1] ?? '', match[2] ?? (next?.startsWith('--') === false ? next : 'true'));
  }
  return {
    host: values.get('host') ?? '127.0.0.1',
    port: Number(values.get('port') ?? 8080),
    projectId: values.get('project_id'),
    rules: values.get('rules'),
    functionsEmulator: values.get('functions_emulator'),
    seed: values.get('seed_from_export'),
  };
}

/** Exit codes are the official program's: 130 after SIGINT, 143 after SIGTERM, 0 after POST /shutdown. */
async function run(flags: Flags): Promise<void> {
  process.on('SIGINT', () => process.exit(130));
  process.on('SIGTERM', () => process.exit(143));
  const { host, port } = flags;
  await startServer({
    host, port,
    ...(flags.rules === undefined ? {} : { rules: { source: readFileSync(flags.rules, 'utf8'), fileName: 'firestore.rules' } }),
    ...(flags.functionsEmulator === undefined ? {} : { functionsEmulator: flags.functionsEmulator }),
    ...(flags.projectId === undefined ? {} : { projectId: flags.projectId }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    onShutdown: () => process.exit(0),
  });
  console.log(`API endpoint: http://${host}:${port}\nexport FIRESTORE_EMULATOR_HOST=${host}:${port}\nDev App Server is now running.`);
}

/** What firebase-tools looks for on stderr when a port is taken. */
function explain(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return `address already in use: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

run(parseFlags(process.argv.slice(2))).catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});
