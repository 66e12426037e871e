import { createHash } from 'node:crypto';

/**
 * Computes a SHA-256 digest of 32 hexadecimal digits that replaces a user, device or address where its name must not be
 * stored.
 */
export const toDigest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
