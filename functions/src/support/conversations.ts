import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import { requireOtherUser } from '../abuse/other-party.js';
import { requireStayingUser } from '../authority/erasing-user.js';
import { worksFor } from '../authority/staff.js';
import type {
  AnswerSupportInput,
  AnswerSupportOutput,
  WriteToSupportInput,
  WriteToSupportOutput,
} from '../calls/support.js';
import { SUPPORT_KEPT_DAYS, type Conversation, type SupportMessage } from '../contract/support.js';
import { Refusal } from '../core/outcome.js';
import { notifyRecipient } from '../notifications/send.js';
import { writeAudit } from '../platform/audit.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { toDigest } from '../core/digest.js';

const DAY_MS = 24 * 3_600_000;

/**
 * Adds a person's message to the conversation with the operators and opens it. Throws ORDER_NOT_FOUND for an order of
 * others, and USER_NOT_FOUND while the account is being erased.
 */
export async function writeToSupport(
  ctx: Context,
  caller: Caller,
  { text, orderId, idempotencyKey }: z.infer<typeof WriteToSupportInput>,
): Promise<z.infer<typeof WriteToSupportOutput>> {
  const { uid } = caller;
  if (orderId !== undefined) await requireParty(ctx, caller, orderId);
  const ref = paths.conversation(ctx.db, uid);
  const message = paths.supportMessage(ctx.db, uid, `person-${idempotencyKey}`);
  return ctx.db.runTransaction(async (tx) => {
    await requireStayingUser(ctx, tx, uid);
    const [before, known] = [(await tx.get(ref)).data(), (await tx.get(message)).exists];
    if (known) return { replayed: true };
    tx.create(message, toMessage(ctx, 'person', text, orderId));
    const ownerId = before?.ownerId ?? null;
    tx.set(ref, { open: true, lastFrom: 'person', lastAtMs: ctx.now(), ownerId });
    return { replayed: false };
  });
}

async function requireParty(ctx: Context, caller: Caller, orderId: string): Promise<void> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  const isOwn = order?.customerId === caller.uid || order?.courierId === caller.uid;
  if (!order || !(isOwn || (await worksFor(ctx, caller, order.restaurantId))))
    throw new Refusal('ORDER_NOT_FOUND', { orderId });
}

/**
 * Answers a person, takes the conversation or closes it. The audit entry is named by the key, so that a repeated call
 * changes nothing; the notification follows the commit. Throws CONVERSATION_NOT_FOUND where the person has not written,
 * and OTHER_OPERATOR_REQUIRED for the operator's own account or a linked one.
 */
export async function answerSupport(
  ctx: Context,
  { uid: by }: Caller,
  { uid, act, reason, idempotencyKey }: z.infer<typeof AnswerSupportInput>,
): Promise<z.infer<typeof AnswerSupportOutput>> {
  await requireOtherUser(ctx, by, [uid]);
  const ref = paths.conversation(ctx.db, uid);
  const entryId = `support-${toDigest(uid)}-${idempotencyKey}`;
  const answer = await ctx.db.runTransaction(async (tx) => {
    await requireStayingUser(ctx, tx, uid);
    const before = (await tx.get(ref)).data();
    if (!before) throw new Refusal('CONVERSATION_NOT_FOUND', { uid });
    if ((await tx.get(paths.auditEntry(ctx.db, entryId))).exists) return { open: before.open, replayed: true };
    const after = toAnswered(ctx, before, by, act);
    tx.set(ref, after);
    if (act.type === 'reply') writeReply(ctx, tx, uid, idempotencyKey, act);
    const facts = { before: { open: before.open }, after: { open: after.open, act: act.type } };
    writeAudit(ctx, tx, { by, action: 'answerSupport', subject: ref.path, reason, ...facts }, entryId);
    return { open: after.open, replayed: false };
  });
  // After the commit: if the call crashes in between, it fails and the app repeats it. The task has the same name.
  if (act.type === 'reply')
    await ctx.tasks.schedule(entryId, ctx.now(), { type: 'supportAnswer', uid, key: idempotencyKey });
  return answer;
}

type Act = z.infer<typeof AnswerSupportInput>['act'];

function toAnswered(ctx: Context, before: Conversation, by: string, { type }: Act): Conversation {
  if (type === 'close') return { ...before, open: false };
  if (type === 'take') return { ...before, ownerId: by };
  return { open: true, lastFrom: 'operator', lastAtMs: ctx.now(), ownerId: by };
}

function writeReply(
  ctx: Context,
  tx: Transaction,
  uid: string,
  key: string,
  { text, orderId }: Extract<Act, { type: 'reply' }>,
): void {
  tx.create(paths.supportMessage(ctx.db, uid, toAnswerId(key)), toMessage(ctx, 'operator', text, orderId));
}

const toMessage = (
  ctx: Context,
  from: SupportMessage['from'],
  text: string,
  orderId: string | undefined,
): SupportMessage => ({
  from,
  text,
  orderId: orderId ?? null,
  atMs: ctx.now(),
  expireAt: ctx.now() + SUPPORT_KEPT_DAYS * DAY_MS,
});

const toAnswerId = (key: string): string => `operator-${key}`;

/** Notifies the person of an answer, once, also when the task is repeated. An erased conversation has none. */
export async function deliverAnswer(ctx: Context, uid: string, key: string): Promise<void> {
  const message = (await paths.supportMessage(ctx.db, uid, toAnswerId(key)).get()).data();
  if (!message) return;
  const { text, orderId } = message;
  const about = orderId === null ? {} : { orderId };
  await notifyRecipient(ctx, { type: 'user', uid }, 'support_answer', {
    ...about,
    id: `support-${toDigest(uid)}-${key}`,
    values: { text },
  });
}
