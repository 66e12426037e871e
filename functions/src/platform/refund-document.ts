import { HIDDEN_OF_REFUND, RefundDocument, SealedRefund, type Refund } from '../contract/payments.js';
import { seal, unseal } from '../core/seal.js';
import { pickFields, omitFields, type Fields } from './sealed-fields.js';

/** Divides a refund into the fields that its readers need, and `sealed`. */
export function toRefundDocument(refund: Refund, key: Buffer): RefundDocument {
  const hidden = JSON.stringify(SealedRefund.parse(pickFields(refund, HIDDEN_OF_REFUND)));
  return RefundDocument.parse({
    ...omitFields(refund, HIDDEN_OF_REFUND),
    sealed: seal(key, toSubject(refund), hidden),
  });
}

/**
 * Returns the fields of a refund from those that are stored, for its schema to check. Null where `sealed` was encrypted
 * by another key or for another refund. A document without `sealed` is returned as it is.
 */
export function toRefundFields(stored: Fields, key: Buffer): Fields | null {
  const { sealed, ...shown } = stored;
  if (sealed === undefined) return stored;
  const text = unseal(key, toSubject(stored), String(sealed));
  const hidden = text === null ? null : SealedRefund.safeParse(JSON.parse(text)).data;
  return hidden ? { ...hidden, ...shown } : null;
}

/** Facts of the refund that never change. */
const toSubject = ({ restaurantId, atMs, amountMinor }: Fields): string =>
  `refund ${String(restaurantId)} ${String(atMs)} ${String(amountMinor)}`;
