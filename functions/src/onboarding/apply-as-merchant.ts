import type { z } from 'zod';
import { isTimeZone } from '../hours/hours.js';
import type { ApplyAsMerchantInput, ApplyAsMerchantOutput } from '../calls/merchants.js';
import { DOCUMENT_KINDS, type MerchantApplication } from '../contract/merchants.js';
import { readCheckedFile } from '../media/checked.js';
import { getZone } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';

type Request = z.output<typeof ApplyAsMerchantInput>;

/**
 * Applies for a restaurant. Called first without documents, since their upload belongs to the application; with one of
 * each kind it is submitted. Until an operator approved it may be called again, also after a rejection. Throws
 * APPLICATION_NOT_FOUND for an id that is another application's, a restaurant's or a user's.
 */
export async function applyAsMerchant(
  ctx: Context,
  caller: Caller,
  request: Request,
): Promise<z.infer<typeof ApplyAsMerchantOutput>> {
  const { applicationId, venture, documents } = request;
  const { timeZone } = venture;
  if (!isTimeZone(timeZone)) throw new Refusal('TIME_ZONE_UNKNOWN', { timeZone });
  await getZone(ctx, venture.zoneId);
  await checkUploads(ctx, caller.uid, request);
  const isComplete = DOCUMENT_KINDS.every((kind) => documents.some((one) => one.kind === kind));
  const status = isComplete ? 'submitted' : 'draft';
  const isOfUser = await namesUser(ctx, applicationId);
  const ref = paths.merchantApplication(ctx.db, applicationId);
  await ctx.db.runTransaction(async (tx) => {
    const known = (await tx.get(ref)).data();
    // The restaurant gets the application's id: an existing one belongs to another owner.
    const taken = known ? known.ownerId !== caller.uid : (await tx.get(paths.restaurant(ctx.db, applicationId))).exists;
    if (taken || (!known && isOfUser)) throw new Refusal('APPLICATION_NOT_FOUND', { applicationId });
    if (known?.status === 'approved') throw new Refusal('APPLICATION_DECIDED', { status: known.status });
    const application: MerchantApplication = {
      ownerId: caller.uid,
      ownerName: caller.name,
      venture,
      documents,
      status,
      version: (known?.version ?? 0) + 1,
      createdAtMs: known?.createdAtMs ?? ctx.now(),
      review: null,
    };
    tx.set(ref, application);
  });
  return { status };
}

/** Uids that Firebase draws have 28 letters and digits; so have UUIDs without hyphens, which are hexadecimal. */
const ALIKE = /[A-Za-z0-9]{28,}/g;
const HEXADECIMAL = /^[\da-f]+$/i;

/**
 * True for an id that is a user's or contains one in the form that Firebase draws: the id becomes that of a restaurant,
 * which outlives the account, and an erasure could not remove it.
 */
async function namesUser(ctx: Context, applicationId: string): Promise<boolean> {
  const alike = applicationId.match(ALIKE) ?? [];
  return alike.some((one) => !HEXADECIMAL.test(one)) || (await ctx.identity.accountOf(applicationId)) !== null;
}

/** Requires documents of this application, uploaded by the applicant. */
async function checkUploads(ctx: Context, uid: string, { applicationId, documents }: Request): Promise<void> {
  const folder = `merchant-documents/${applicationId}/${uid}/`;
  const isThere = async (path: string) => path.startsWith(folder) && (await readCheckedFile(ctx, path)) !== null;
  const there = await Promise.all(documents.map(({ path }) => isThere(path)));
  const missing = documents.find((_, index) => !there[index]);
  if (missing) throw new Refusal('DOCUMENT_NOT_FOUND', { kind: missing.kind });
}
