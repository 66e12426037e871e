import { toDigest } from '../../core/digest.js';
import { toAccountId } from '../../ledger/model/account-id.js';

/** Letters of a digest: 64 bits. */
const KEY_CHARS = 16;

/** Returns the id of a zone's payout of a day: one by courier, currency and day. */
export const toScheduledPayoutId = (uid: string, currency: string, day: string): string =>
  `${toAccountId(uid)}-${currency}-${day}`;

/** Returns the id of a payout that a caller requested or recorded with a key. */
export const toKeyedPayoutId = (uid: string, currency: string, type: 'instant' | 'manual', key: string): string =>
  `${toAccountId(uid)}-${currency}-${type}-${toDigest(key).slice(0, KEY_CHARS)}`;

/** Returns the id of the operator task to pay a courier by hand, or to have a courier add an account. */
export const toPaymentTaskId = (uid: string, currency: string, method: 'bank' | 'none'): string =>
  `courier-payment-${toAccountId(uid)}-${currency}-${method}`;
