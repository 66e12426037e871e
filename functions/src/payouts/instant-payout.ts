import type { z } from 'zod';
import type { RequestInstantPayoutInput, RequestInstantPayoutOutput } from '../calls/courier-payouts.js';
import type { CourierPayout } from '../contract/courier-payouts.js';
import { getZone } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { beginPayout } from './begin-payout.js';
import { toKeyedPayoutId } from './model/payout-ids.js';
import { computeAvailable, splitPayout, type PayoutParts } from './model/split-payout.js';
import { choosePayMethod, toOwedPay, type CourierPay } from './read-pay.js';

/**
 * Pays a courier at once what is available in the zone's currency, less the zone's fee. A repeated call with the same
 * key returns the same payout. Throws what the provider refused, after the amount is owed again.
 */
export async function requestInstantPayout(
  ctx: Context,
  { uid }: Caller,
  { idempotencyKey }: z.infer<typeof RequestInstantPayoutInput>,
): Promise<z.infer<typeof RequestInstantPayoutOutput>> {
  const courier = (await paths.courier(ctx.db, uid).get()).data();
  if (!courier) throw new Refusal('USER_NOT_FOUND', { uid });
  const { currency } = await getZone(ctx, courier.zoneId);
  const payoutId = toKeyedPayoutId(uid, currency, 'instant', idempotencyKey);
  const begun = await beginPayout(ctx, { payoutId, uid, currency, type: 'instant' }, (pay) =>
    decideInstant(pay, currency),
  );
  const payout = (await paths.courierPayout(ctx.db, payoutId).get()).data() ?? begun.payout;
  if (!payout) throw new Refusal('PAYOUT_NOT_FOUND');
  return toAnswer(payoutId, payout);
}

function toAnswer(payoutId: string, payout: CourierPayout): z.infer<typeof RequestInstantPayoutOutput> {
  const { status, currency, amountMinor, feeMinor, setOffMinor, failureCode } = payout;
  if (status === 'failed' && failureCode === 'instant') throw new Refusal('INSTANT_PAYOUT_UNAVAILABLE');
  if (status === 'failed') throw new Refusal('PAYOUT_FAILED', { failureCode });
  return { payoutId, status, currency, amountMinor, feeMinor, setOffMinor };
}

function decideInstant(pay: CourierPay, currency: string): PayoutParts {
  const { courier, zone, account } = pay;
  const { instant: fee } = zone.courierPayouts;
  if (!fee) throw new Refusal('INSTANT_PAYOUT_UNAVAILABLE');
  if (!courier.approved) throw new Refusal('PAYOUT_HELD');
  if (choosePayMethod(account) !== 'provider') throw new Refusal('PAYOUT_ACCOUNT_NOT_READY');
  const owed = toOwedPay(pay, currency);
  const parts = splitPayout(owed, { minimumMinor: 0, fee, currency });
  if (parts.amountMinor === 0)
    throw new Refusal('NOT_ENOUGH_PAY', { availableMinor: computeAvailable(owed), feeMinor: fee.minMinor });
  return parts;
}
