import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** What an erased person is called where something of theirs has to stay. */
const ERASED = 'erased-';

/**
 * Derives the id that stands for a person in the names of ledger accounts: 20 hexadecimal digits, which rules compute
 * from the uid in the same way. Firebase draws uids at random, so that once the uid is deleted everywhere the digest
 * leads to nobody. It differs from `staffKeyOf`, whose keys are public. A pseudonym has the id of its person: a journal
 * that is written after an erasure posts to the account that the earlier ones posted to.
 */
export function accountIdOf(uid: string): string {
  if (isPseudonym(uid)) return uid.slice(ERASED.length);
  const known = ids.get(uid);
  if (known !== undefined) return known;
  const id = createHash('sha256').update(`ledger:${uid}`).digest('hex').slice(0, 20);
  ids.set(uid, id);
  return id;
}

/** The id that replaces a person's uid when they are erased. */
export const pseudonymOf = (uid: string): string => ERASED + accountIdOf(uid);

/** Does the id stand for a person who was erased? */
export const isPseudonym = (id: string): boolean => id.startsWith(ERASED);

const ids = new LRUCache<string, string>({ max: 10_000 });
