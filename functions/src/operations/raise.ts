import type { OperatorTask } from '../contract/operations.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

/** Puts a matter before an operator: once, however often it is raised. */
export async function raiseOperatorTask(
  ctx: Context,
  matter: Pick<OperatorTask, 'kind' | 'orderId' | 'detail'>,
): Promise<void> {
  const task: OperatorTask = { ...matter, createdAtMs: ctx.now(), open: true };
  ctx.log.warn('operator needed', { kind: matter.kind, orderId: matter.orderId });
  await paths.operatorTask(ctx.db, `${matter.orderId}-${matter.kind}`).set(task);
}
