import type { QueryShape } from '../../emulator/src/billing/query-log.js';
import { declaredIndexes, lackingFor } from './declared.js';

/**
 * A root hook plugin: after the whole run, every kind of query that reached an emulator must have its index, since
 * production refuses a query without one and the emulator does not.
 */
const PROJECT_ID = 'demo-tiffin';

/** The emulator of the environment and those that tests started by themselves and named here. */
const hosts = new Set<string>(process.env['SUITE_FIRESTORE_HOST'] ? [process.env['SUITE_FIRESTORE_HOST']] : []);

/** For a fixture that starts an emulator in its own process; it must still run when the last test has ended. */
export function rememberEmulator(host: string): void {
  hosts.add(host);
}

export const mochaHooks = {
  async afterAll(): Promise<void> {
    const shapes = (await Promise.all([...hosts].map(recordedQueries))).flat();
    const lacking = lackingForAll(shapes);
    if (lacking.length > 0)
      throw new Error(
        `firestore.indexes.json does not serve the queries of this run. Add or change:\n${lacking.join(',\n')}`,
      );
  },
};

/** What to paste, each once, in the order of the queries. */
export function lackingForAll(shapes: readonly QueryShape[]): string[] {
  const declared = declaredIndexes();
  return [...new Set(shapes.flatMap((shape) => lackingFor(shape, declared)))];
}

/** Google's own emulator keeps no record: then there is nothing to check. */
async function recordedQueries(host: string): Promise<readonly QueryShape[]> {
  const response = await fetch(`http://${host}/emulator/v1/projects/${PROJECT_ID}:queries`);
  if (response.status === 404) return [];
  if (!response.ok) throw new Error(`${host} does not tell the queries it has run: ${response.status}`);
  const { queries }: { queries: QueryShape[] } = JSON.parse(await response.text());
  return queries;
}
