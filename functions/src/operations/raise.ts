import type { OperatorTask } from '../contract/operations.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

type Matter = Pick<OperatorTask, 'kind' | 'orderId' | 'detail'>;

/** One matter is one task, however often it is raised. */
export const operatorTaskId = ({ orderId, kind }: Pick<Matter, 'orderId' | 'kind'>): string => `${orderId}-${kind}`;

export function operatorTask(matter: Matter, nowMs: number): OperatorTask {
  return { ...matter, createdAtMs: nowMs, open: true };
}

/** Puts a matter before an operator. */
export async function raiseOperatorTask(ctx: Context, matter: Matter): Promise<void> {
  ctx.log.warn('operator needed', { kind: matter.kind, orderId: matter.orderId });
  await paths.operatorTask(ctx.db, operatorTaskId(matter)).set(operatorTask(matter, ctx.now()));
}
