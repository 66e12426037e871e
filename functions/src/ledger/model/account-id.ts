import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** The prefix of an erased person's pseudonym, where a document has to stay. */
const ERASED = 'erased-';

/**
 * Derives the id that represents a person in the names of ledger accounts: 20 hexadecimal digits, which rules compute
 * from the uid in the same way. Firebase draws uids at random, so once the uid is deleted everywhere the digest no
 * longer identifies a person. It differs from `toStaffKey`, whose keys are public. A pseudonym has the id of its
 * person: a journal that is written after an erasure posts to the same account as the earlier ones.
 */
export function toAccountId(uid: string): string {
  if (isPseudonym(uid)) return uid.slice(ERASED.length);
  const known = ids.get(uid);
  if (known !== undefined) return known;
  const id = createHash('sha256').update(`ledger:${uid}`).digest('hex').slice(0, 20);
  ids.set(uid, id);
  return id;
}

/** Returns the pseudonym that replaces the uid of an erased person. */
export const toPseudonym = (uid: string): string => ERASED + toAccountId(uid);

/** True where the id is an erased person's pseudonym. */
export const isPseudonym = (id: string): boolean => id.startsWith(ERASED);

const ids = new LRUCache<string, string>({ max: 10_000 });
