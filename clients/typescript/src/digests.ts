/** The first twenty hexadecimal digits of a SHA-256. Browsers offer it on HTTPS pages and on localhost. */
async function shortDigest(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, 20);
}

/** Computes the key of a member of staff, by which the kitchen's board finds the open orders of a restaurant. */
export const staffKeyOf = (uid: string): Promise<string> => shortDigest(uid);

/** Computes the id of a courier's account in the ledger, below which the courier's days are. */
export const accountIdOf = (uid: string): Promise<string> => shortDigest(`ledger:${uid}`);
