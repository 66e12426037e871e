import type { z } from 'zod';
import type {
  ReadBankDetailsInput,
  ReadBankDetailsOutput,
  SaveBankDetailsInput,
  SaveBankDetailsOutput,
} from '../calls/courier-payouts.js';
import { requireOtherCourier } from '../abuse/other-party.js';
import { writeAudit } from '../platform/audit.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { seal, unseal } from '../core/seal.js';
import { isIban, normalizeIban } from './model/iban.js';
import { NO_ACCOUNT } from './read-pay.js';

const KEY_PURPOSE = 'bank-details';

/** Saves the caller's bank account for payments by hand. Its number is stored sealed; its last characters are not. */
export async function saveBankDetails(
  ctx: Context,
  { uid }: Caller,
  { holder, iban: typed }: z.infer<typeof SaveBankDetailsInput>,
): Promise<z.infer<typeof SaveBankDetailsOutput>> {
  const iban = normalizeIban(typed);
  if (!isIban(iban)) throw new Refusal('IBAN_INVALID');
  const last4 = iban.slice(-4);
  const bank = { holder, last4, sealed: seal(ctx.secretKey(KEY_PURPOSE), uid, iban), savedAtMs: ctx.now() };
  const ref = paths.courierAccount(ctx.db, uid);
  await ctx.db.runTransaction(async (tx) => {
    const [account, courier] = await Promise.all([tx.get(ref), tx.get(paths.courier(ctx.db, uid))]);
    // An account that is being erased has no courier document any more.
    if (!courier.exists) throw new Refusal('USER_NOT_FOUND', { uid });
    tx.set(ref, { ...(account.data() ?? NO_ACCOUNT), bank });
  });
  return { last4 };
}

/** Returns a courier's whole bank account to an operator who pays by hand, and records that it was read. */
export async function readBankDetails(
  ctx: Context,
  { uid: by }: Caller,
  { courierId, reason }: z.infer<typeof ReadBankDetailsInput>,
): Promise<z.infer<typeof ReadBankDetailsOutput>> {
  await requireOtherCourier(ctx, by, courierId);
  return ctx.db.runTransaction(async (tx) => {
    const bank = (await tx.get(paths.courierAccount(ctx.db, courierId))).data()?.bank;
    if (!bank) throw new Refusal('BANK_DETAILS_MISSING');
    const iban = unseal(ctx.secretKey(KEY_PURPOSE), courierId, bank.sealed);
    if (iban === null) throw new Refusal('BANK_DETAILS_MISSING');
    // Of the courier's document: an erasure replaces its uid.
    const subject = paths.courier(ctx.db, courierId).path;
    writeAudit(ctx, tx, { by, action: 'readBankDetails', subject, reason, before: null, after: null });
    return { holder: bank.holder, iban };
  });
}
