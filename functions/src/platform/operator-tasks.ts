import type { Transaction, WriteBatch } from 'firebase-admin/firestore';
import { TASK_DETAIL_CHARS, type OperatorTask } from '../contract/operations.js';
import type { Context } from './context.js';
import { paths } from './firestore.js';
import { merge } from './stored.js';

type OperatorTaskInput = Pick<OperatorTask, 'kind' | 'orderId' | 'zoneId' | 'detail' | 'path'>;

/**
 * Derives the id of an operator task: one problem of an order is one task, however often it is reported. An order may have
 * several disputes, refunds and payments: `subjects` are the ids of the one concerned, so that its task does not replace
 * that of another.
 */
export const toOperatorTaskId = (
  { orderId, kind }: Pick<OperatorTaskInput, 'orderId' | 'kind'>,
  ...subjects: readonly string[]
): string => [`${orderId}-${kind}`, ...subjects].join(':');

/** Builds an operator task; its detail is shortened to the contract's limit. */
export function operatorTask(input: OperatorTaskInput, nowMs: number): OperatorTask {
  // A provider's error message may have any length.
  return { ...input, detail: input.detail.slice(0, TASK_DETAIL_CHARS), createdAtMs: nowMs, open: true };
}

/** Creates an operator task, or opens it again, in the commit of its subject. Its owner and number of comments stay. */
export function putOperatorTask(ctx: Context, tx: Transaction | WriteBatch, id: string, task: OperatorTask): void {
  merge(tx, paths.operatorTask(ctx.db, id), task);
}

/** Creates an operator task, or opens it again. */
export async function raiseOperatorTask(
  ctx: Context,
  input: OperatorTaskInput,
  id: string = toOperatorTaskId(input),
): Promise<void> {
  ctx.log.warn('operator task created', { kind: input.kind, orderId: input.orderId });
  const batch = ctx.db.batch();
  putOperatorTask(ctx, batch, id, operatorTask(input, ctx.now()));
  await batch.commit();
}
