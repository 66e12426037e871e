import { isRefused, type OperatorTask } from '../../../../clients/typescript/src/index.js';
import type { App } from '../app.js';
import type { DeskWork } from './desk.js';

/** Takes and comments an open task; closes it, or assigns it to the colleague whose decision closes it. */
export async function workOnTask(
  { app, colleague, emit }: DeskWork,
  taskId: string,
  task: OperatorTask,
): Promise<void> {
  type Act = Parameters<typeof app.call<'updateTask'>>[1]['act'];
  const act = (one: Act, reason: string) =>
    app.call('updateTask', { taskId, act: one, reason, idempotencyKey: crypto.randomUUID() });
  await act({ type: 'take' }, 'at the desk');
  await act({ type: 'comment' }, `called about ${task.kind}`);
  emit('taskTaken');
  if (task.kind === 'rider_payment_due' && task.orderId !== null) return payRider(colleague, task.orderId, emit);
  try {
    await act({ type: 'close' }, 'settled by telephone');
    emit('taskClosed');
  } catch (error) {
    if (!isRefused(error, 'TASK_NEEDS_DECISION')) throw error;
    await act({ type: 'assign', to: colleague.user.uid }, 'needs a decision');
  }
}

/** Finance pays an outside rider in cash, which closes the task. */
async function payRider(finance: App, orderId: string, emit: DeskWork['emit']): Promise<void> {
  await finance.call('recordRiderPayment', { orderId, reference: 'cash, with a receipt' });
  emit('riderPaid');
}
