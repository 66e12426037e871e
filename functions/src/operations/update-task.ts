import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import { requireOtherPartyOf } from '../abuse/other-party.js';
import { requireOtherSubject } from '../abuse/other-subject.js';
import { readAuthority } from '../accounts/authority.js';
import type { UpdateTaskInput, UpdateTaskOutput } from '../calls/operations.js';
import { DECIDED_TASKS, type OperatorTask } from '../contract/operations.js';
import { toDigest } from '../core/digest.js';
import { Refusal } from '../core/outcome.js';
import { writeAudit } from '../platform/audit.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update } from '../platform/stored.js';

type Input = z.infer<typeof UpdateTaskInput>;
type TaskState = Pick<OperatorTask, 'open' | 'ownerId' | 'comments'>;

/**
 * Takes, assigns, comments, closes or reopens an operator task. Each act is an audit entry with the task as its subject,
 * named by the key, so that a repeated call changes nothing. Throws TASK_NOT_FOUND, TASK_NEEDS_DECISION where a decision
 * about the subject closes the task, USER_NOT_FOUND for an assignment to a user who is no operator, and
 * OTHER_OPERATOR_REQUIRED for a party of the task's order and for an operator whom its document concerns, who may still
 * comment.
 */
export async function updateTask(
  ctx: Context,
  { uid: by }: Caller,
  { taskId, act, reason, idempotencyKey }: Input,
): Promise<z.infer<typeof UpdateTaskOutput>> {
  const ref = paths.operatorTask(ctx.db, taskId);
  if (act.type !== 'comment') await requireOtherMatter(ctx, by, (await ref.get()).data());
  const entryId = `task-${toDigest(taskId)}-${idempotencyKey}`;
  return ctx.db.runTransaction(async (tx) => {
    const task = (await tx.get(ref)).data();
    if (!task) throw new Refusal('TASK_NOT_FOUND', { taskId });
    const before = toState(task);
    if ((await tx.get(paths.auditEntry(ctx.db, entryId))).exists) return { ...before, replayed: true };
    const after = { ...before, ...(await decideChange(ctx, tx, by, task, act)) };
    update(tx, ref, after);
    writeAudit(
      ctx,
      tx,
      { by, action: 'updateTask', subject: ref.path, reason, ...toFacts(act, before, after) },
      entryId,
    );
    return { ...after, replayed: false };
  });
}

async function requireOtherMatter(ctx: Context, by: string, task: OperatorTask | undefined): Promise<void> {
  if (!task) return;
  if (task.orderId !== null) await requireOtherPartyOf(ctx, by, task.orderId);
  if (task.path !== undefined) await requireOtherSubject(ctx, by, task.path);
}

const toState = ({ open, ownerId = null, comments = 0 }: OperatorTask) => ({ open, ownerId, comments });

/** Another operator's uid is not among the facts of the audit. */
const toFacts = ({ type }: Input['act'], before: TaskState, after: TaskState) => ({
  before: { open: before.open, isOwned: before.ownerId !== null },
  after: { act: type, open: after.open, isOwned: after.ownerId !== null },
});

async function decideChange(
  ctx: Context,
  tx: Transaction,
  by: string,
  task: OperatorTask,
  act: Input['act'],
): Promise<Partial<ReturnType<typeof toState>>> {
  switch (act.type) {
    case 'take':
      return { ownerId: by };
    case 'assign':
      if (act.to !== null) await requireOperatorNamed(ctx, tx, act.to);
      return { ownerId: act.to };
    case 'comment':
      return { comments: (task.comments ?? 0) + 1 };
    case 'close':
      requireFreelyClosed(task);
      return { open: false };
    case 'reopen':
      // Its subject is decided once: no decision would close the task again.
      requireFreelyClosed(task);
      return { open: true };
  }
}

/** Throws TASK_NEEDS_DECISION where a decision about the subject alone opens and closes the task. */
function requireFreelyClosed({ kind }: OperatorTask): void {
  if (DECIDED_TASKS.includes(kind)) throw new Refusal('TASK_NEEDS_DECISION', { kind });
}

async function requireOperatorNamed(ctx: Context, tx: Transaction, uid: string): Promise<void> {
  const authority = await readAuthority(ctx, tx, uid);
  if (authority?.role !== 'operator' || authority.blocked) throw new Refusal('USER_NOT_FOUND', { uid });
}
