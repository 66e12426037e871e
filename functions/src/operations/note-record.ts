import type { DocumentReference } from 'firebase-admin/firestore';
import type { z } from 'zod';
import { requireOtherSubject } from '../abuse/other-subject.js';
import type { NoteRecordInput, NoteRecordOutput } from '../calls/operations.js';
import type { DeskRecord } from '../contract/operations.js';
import { toDigest } from '../core/digest.js';
import { Refusal } from '../core/outcome.js';
import { writeAudit } from '../platform/audit.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

type Input = z.infer<typeof NoteRecordInput>;
type State = Pick<DeskRecord, 'tags' | 'ownerId' | 'notes'>;

/**
 * Records what operators need to know about an order, a person or a restaurant. Each act is an audit entry with its path
 * as the subject, named by the key, so that a repeated call changes nothing. Throws ORDER_NOT_FOUND, USER_NOT_FOUND,
 * RESTAURANT_NOT_FOUND, or OTHER_OPERATOR_REQUIRED for an operator whom the record concerns, who may still add a note.
 */
export async function noteRecord(
  ctx: Context,
  { uid: by }: Caller,
  { subject, act, reason, idempotencyKey }: Input,
): Promise<z.infer<typeof NoteRecordOutput>> {
  const { path } = await findSubject(ctx, subject);
  if (act.type !== 'note') await requireOtherSubject(ctx, by, path);
  const ref = paths.deskRecord(ctx.db, toDigest(path));
  const entryId = `note-${toDigest(path)}-${idempotencyKey}`;
  return ctx.db.runTransaction(async (tx) => {
    const { tags, ownerId, notes } = (await tx.get(ref)).data() ?? { tags: [], ownerId: null, notes: 0 };
    const before = { tags, ownerId, notes };
    if ((await tx.get(paths.auditEntry(ctx.db, entryId))).exists) return { ...before, replayed: true };
    const after = applyAct(before, by, act);
    tx.set(ref, { ...after, subject: path, atMs: ctx.now() });
    const facts = { before: toFacts(before), after: { ...toFacts(after), act: act.type } };
    writeAudit(ctx, tx, { by, action: 'noteRecord', subject: path, reason, ...facts }, entryId);
    return { ...after, replayed: false };
  });
}

async function findSubject({ db }: Context, { type, id }: Input['subject']): Promise<DocumentReference<unknown>> {
  const [ref, refusal]: readonly [DocumentReference<unknown>, Refusal] = {
    order: [paths.order(db, id), new Refusal('ORDER_NOT_FOUND', { orderId: id })] as const,
    person: [paths.user(db, id), new Refusal('USER_NOT_FOUND', { uid: id })] as const,
    restaurant: [paths.restaurant(db, id), new Refusal('RESTAURANT_NOT_FOUND', { restaurantId: id })] as const,
  }[type];
  if (!(await ref.get()).exists) throw refusal;
  return ref;
}

function applyAct(before: State, by: string, act: Input['act']): State {
  switch (act.type) {
    case 'note':
      return { ...before, notes: before.notes + 1 };
    case 'tags':
      return { ...before, tags: [...new Set(act.tags)] };
    case 'take':
      return { ...before, ownerId: by };
    case 'release':
      return { ...before, ownerId: null };
  }
}

/** As many tags as fit a fact of the audit; without a uid. */
const toFacts = ({ tags, ownerId }: State) => ({ tags: tags.join(' ').slice(0, 200), isOwned: ownerId !== null });
