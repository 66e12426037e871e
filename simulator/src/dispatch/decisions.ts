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

/** The decisions that were parsed, and the names of those that were not. */
export interface StoredDecisions {
  decisions: StoredDecision[];
  unreadable: string[];
}

/** Reads the decisions in a JSON file, which holds an array of them. */
export async function readFileDecisions(path: string): Promise<StoredDecisions> {
  const found = z.array(z.unknown()).parse(JSON.parse(await readFile(path, 'utf8')));
  return parseEach(found.map((value, index) => [`${path} [${index}]`, value]));
}

/** Reads all decisions that the running stack has stored. */
export async function readStackDecisions(): Promise<StoredDecisions> {
  const admin = connectAdmin();
  try {
    const { docs } = await admin.db.collectionGroup('matches').get();
    return parseEach(docs.map((one) => [one.ref.path, toPlain(one.data())]));
  } finally {
    await admin.close();
  }
}

/** Parses each decision on its own: one of another version of the contract does not prevent reading the others. */
export function parseEach(found: readonly (readonly [name: string, value: unknown])[]): StoredDecisions {
  const read = found.map(([name, value]) => ({ name, parsed: Decision.safeParse(value) }));
  return {
    decisions: read.flatMap(({ name, parsed }) => (parsed.success ? [{ name, decision: parsed.data }] : [])),
    unreadable: read.flatMap(({ name, parsed }) => (parsed.success ? [] : [name])),
  };
}
