import { type RunningServer, startServer } from '#emulator/server.js';

/** Tests also replay on Google's own emulator, with its faults. Intended differences are not expected of it. */
export const IS_OFFICIAL = process.env['OFFICIAL'] === '1';

const OPEN_RULES = `service cloud.firestore { match /{any=**} { allow read, write; } }`;

/**
 * The emulator for the SDK recordings: one of the tests' own, or one that already runs, so that the recordings can be
 * made again: at CONFORMANCE_HOST (`host:port`), or with OFFICIAL=1 the suite's. Its rules allow everything, as when
 * the recordings were made.
 */
export async function emulatorUnderTest(projectId: string): Promise<RunningServer & { readonly host: string }> {
  const given = process.env['CONFORMANCE_HOST'] ?? (IS_OFFICIAL ? process.env['SUITE_FIRESTORE_HOST'] : undefined);
  if (given === undefined) return { host: '127.0.0.1', ...(await startServer()) };
  const body = JSON.stringify({ rules: { files: [{ name: 'firestore.rules', content: OPEN_RULES }] } });
  const url = `http://${given}/emulator/v1/projects/${projectId}:securityRules`;
  const answer = await fetch(url, { method: 'PUT', body });
  if (!answer.ok) throw new Error(`${given} takes no rules: ${await answer.text()}`);
  const [host = '', port = ''] = given.split(':');
  return { host, port: Number(port), close: () => Promise.resolve() };
}
