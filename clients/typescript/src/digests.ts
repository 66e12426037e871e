import { sha256 } from './sha256.js';

/** Computes the key of a member of staff, by which the kitchen's board finds the open orders of a restaurant. */
export const staffKeyOf = (uid: string): string => sha256(uid).slice(0, 20);

/** Computes the id of a courier's account in the ledger, below which the courier's days are. */
export const accountIdOf = (uid: string): string => sha256(`ledger:${uid}`).slice(0, 20);
