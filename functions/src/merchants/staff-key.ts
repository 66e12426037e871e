import { createHash } from 'node:crypto';

/**
 * What stands for a user in the `staffKeys` of a restaurant and its open orders: 20 hexadecimal digits, which rules compute
 * from the uid in the same way. A digest, since restaurants are public and a uid is not.
 */
export const staffKeyOf = (uid: string): string => createHash('sha256').update(uid).digest('hex').slice(0, 20);
