import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { MatchDecision } from '../../../functions/src/contract/dispatch.js';
import { toPlain } from '../../../functions/src/platform/stored.js';
import { connectAdmin } from '../../../local/src/admin.js';

const Decision = MatchDecision.omit({ expireAt: true }).strip();

interface StoredDecision {
  name: string;
  decision: z.infer<typeof Decision>;
}

/** What was read, and the names of what could not be. */
export interface StoredDecisions {
  decisions: StoredDecision[];
  unreadable: string[];
}

/** Reads decisions of a JSON file: an array of them. */
export async function decisionsOfFile(path: string): Promise<StoredDecisions> {
  const found = z.array(z.unknown()).parse(JSON.parse(await readFile(path, 'utf8')));
  return parseEach(found.map((value, index) => [`${path} [${index}]`, value]));
}

/** Every decision that the running stack has stored. */
export async function decisionsOfStack(): Promise<StoredDecisions> {
  const admin = connectAdmin();
  try {
    const { docs } = await admin.db.collectionGroup('matches').get();
    return parseEach(docs.map((one) => [one.ref.path, toPlain(one.data())]));
  } finally {
    await admin.close();
  }
}

/** A decision of another version of the contract keeps no other from being read. */
export function parseEach(found: readonly (readonly [name: string, value: unknown])[]): StoredDecisions {
  const read = found.map(([name, value]) => ({ name, parsed: Decision.safeParse(value) }));
  return {
    decisions: read.flatMap(({ name, parsed }) => (parsed.success ? [{ name, decision: parsed.data }] : [])),
    unreadable: read.flatMap(({ name, parsed }) => (parsed.success ? [] : [name])),
  };
}
