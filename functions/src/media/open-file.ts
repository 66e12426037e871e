import type { z } from 'zod';
import {
  requireOtherApplicant,
  requireOtherCourier,
  requireOtherPartyOf,
  requireOtherUser,
} from '../abuse/other-party.js';
import type { OpenFileInput, OpenFileOutput } from '../calls/operations.js';
import { writeAudit } from '../platform/audit.js';
import { hasRole } from '../platform/roles.js';
import type { Caller, Context } from '../platform/context.js';
import type { AuditEntry } from '../contract/operations.js';
import { Refusal } from '../core/outcome.js';
import { findProofPath } from '../orders/model/order-history.js';
import { paths } from '../platform/firestore.js';
import { readCheckedFile, readCheckedImage } from './checked.js';

/** Long enough to download a file, too short to share its URL. */
const URL_LIVES_MS = 10 * 60_000;

type Input = z.infer<typeof OpenFileInput>;

/**
 * Returns a URL, valid for minutes, for a file that rules do not let an app read: for an operator a proof, a claim's
 * photo or an applicant's document, which is audited; for a customer the proof of the own delivery; for a user the own
 * export. A photo or document is checked before its URL is returned. Throws CONTENT_NOT_FOUND, or OTHER_OPERATOR_REQUIRED for an
 * operator who is related to the uploader, to a party of the order, or to a restaurant or courier of the applicant's zone.
 */
export async function openFile(ctx: Context, caller: Caller, input: Input): Promise<z.infer<typeof OpenFileOutput>> {
  const path = await findAllowedPath(ctx, caller, input);
  const expiresAtMs = ctx.now() + URL_LIVES_MS;
  return { url: await ctx.files.signedUrl(path, expiresAtMs), expiresAtMs };
}

async function findAllowedPath(ctx: Context, caller: Caller, input: Input): Promise<string> {
  switch (input.type) {
    case 'export': {
      const isOwn = input.path.startsWith(`exports/${caller.uid}/`);
      if (!isOwn || !(await ctx.files.exists(input.path))) throw new Refusal('CONTENT_NOT_FOUND');
      return input.path;
    }
    case 'proof':
      return findOwnProof(ctx, caller.uid, input.orderId);
    case 'evidence':
      await openEvidence(ctx, caller, input);
      return input.path;
  }
}

/** Finds the photo of a delivery for its customer. */
async function findOwnProof(ctx: Context, uid: string, orderId: string): Promise<string> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  const path = order?.customerId === uid ? findProofPath(order) : null;
  if (path === null || !(await readCheckedImage(ctx, path))) throw new Refusal('CONTENT_NOT_FOUND');
  return path;
}

/** Checks that an operator may read a file, and records it. */
async function openEvidence(
  ctx: Context,
  caller: Caller,
  { path, reason }: Extract<Input, { type: 'evidence' }>,
): Promise<void> {
  if (!hasRole(caller, 'operator')) throw new Refusal('ROLE_REQUIRED', { roles: 'operator' });
  await requireOthersFile(ctx, caller.uid, path);
  if (!(await readCheckedFile(ctx, path))) throw new Refusal('CONTENT_NOT_FOUND');
  await ctx.db.runTransaction(async (tx) =>
    writeAudit(ctx, tx, { by: caller.uid, action: 'openFile', reason, before: null, ...toSubject(path) }),
  );
}

/**
 * Throws OTHER_OPERATOR_REQUIRED for a file of the operator, of a linked account, of an order of theirs, or of an
 * applicant in a zone in which they compete.
 */
async function requireOthersFile(ctx: Context, operator: string, path: string): Promise<void> {
  const [folder, id = '', uid = ''] = path.split('/');
  if (folder === 'courier-documents') return requireOtherCourier(ctx, operator, id);
  await requireOtherUser(ctx, operator, [uid]);
  if (folder === 'merchant-documents') await requireOtherApplicant(ctx, operator, id);
  if (folder === 'proofs' || folder === 'claims') await requireOtherPartyOf(ctx, operator, id);
}

/** A merchant's paper is found by its application: its path names the applicant, whom an erasure forgets. */
function toSubject(path: string): Pick<AuditEntry, 'subject' | 'after'> {
  const [folder, applicationId] = path.split('/');
  if (folder !== 'merchant-documents') return { subject: path, after: null };
  return { subject: `merchantApplications/${applicationId}`, after: { file: path.split('/').at(-1) ?? '' } };
}
