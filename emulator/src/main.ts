import { parseFlags } from './flags.js';
import { locateIndexFiles } from './indexes/index-file.js';
import { readRulesFiles } from './rules-files.js';
import { startServer } from './server.js';

/** Runs the emulator. Its exit codes are the official ones: 130 after SIGINT, 143 after SIGTERM, 0 after POST /shutdown. */
async function run(args: readonly string[]): Promise<void> {
  const flags = parseFlags(args);
  process.on('SIGINT', () => process.exit(130));
  process.on('SIGTERM', () => process.exit(143));
  const { host, port } = flags;
  const functionManifests = process.env['FIRESTORE_EMULATOR_FUNCTION_MANIFESTS'];
  const indexFiles = locateIndexFiles(flags.indexes, process.env, process.cwd());
  await startServer({
    host,
    port,
    indexFiles,
    singleProject: flags.singleProject,
    onWarning: (text) => console.log(`WARNING ${text}`),
    rules: readRulesFiles(flags.rules, process.cwd()),
    ...(flags.functionsEmulator === undefined ? {} : { functionsEmulator: flags.functionsEmulator }),
    ...(functionManifests ? { functionManifests } : {}),
    ...(flags.projectId === undefined ? {} : { projectId: flags.projectId }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    onLimit: (text) => console.warn(`Production: ${text}`),
    onShutdown: () => process.exit(0),
  });
  for (const path of indexFiles.values()) console.log(`Queries whose index is missing in ${path} are refused.`);
  console.log(
    `API endpoint: http://${host}:${port}\nexport FIRESTORE_EMULATOR_HOST=${host}:${port}\nDev App Server is now running.`,
  );
}

/** Formats an error for stderr; for a taken port it contains the text that firebase-tools searches for. */
function explain(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    return `address already in use: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});
