import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { MatchDecision } from '../../../functions/src/contract/dispatch.js';
import { toPlain } from '../../../functions/src/platform/stored.js';
import { connectAdmin } from '../../../local/src/admin.js';

const Decision = MatchDecision.omit({ expireAt: true }).strip();

export interface StoredDecision {
  name: string;
  decision: z.infer<typeof Decision>;
}

/** Reads decisions of a JSON file: an array of them. */
export async function decisionsOfFile(path: string): Promise<StoredDecision[]> {
  const decisions = z.array(Decision).parse(JSON.parse(await readFile(path, 'utf8')));
  return decisions.map((decision, index) => ({ name: `${path} [${index}]`, decision }));
}

/** Every decision that the running stack has stored. */
export async function decisionsOfStack(): Promise<StoredDecision[]> {
  const admin = connectAdmin();
  try {
    const { docs } = await admin.db.collectionGroup('matches').get();
    return docs.map((one) => ({ name: one.ref.path, decision: Decision.parse(toPlain(one.data())) }));
  } finally {
    await admin.close();
  }
}
