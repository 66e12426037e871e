import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/**
 * Computes the key that represents a user in the `staffKeys` of a restaurant and its open orders, and in the `linked`
 * of a courier: 20 hexadecimal digits, which rules compute from the uid in the same way. A digest, since restaurants
 * are public and a uid is not.
 */
export function toStaffKey(uid: string): string {
  const known = keys.get(uid);
  if (known !== undefined) return known;
  const key = createHash('sha256').update(uid).digest('hex').slice(0, 20);
  keys.set(uid, key);
  return key;
}

/** Dispatch requests the keys of the same few users repeatedly. */
const keys = new LRUCache<string, string>({ max: 10_000 });
