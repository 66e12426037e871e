import type { Transaction } from 'firebase-admin/firestore';
import { prepareToken } from './rate-limit-store.js';
import { COUNTED } from './model/limits.js';
import type { PauseReason } from '../contract/couriers.js';
import { toAccountId } from '../ledger/model/account-id.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { operatorTask, putOperatorTask } from '../platform/operator-tasks.js';
import { update } from '../platform/stored.js';

/**
 * Reads how often a courier has handed orders back, or left offers unused, and returns a function that counts once more
 * in the same commit. Beyond the limit the courier is offline, may be online again only when the limit has room for
 * one, and operators get a task.
 */
export async function prepareCourierCount(
  ctx: Context,
  tx: Transaction,
  { uid, orderId, reason }: { uid: string; orderId: string; reason: PauseReason },
): Promise<() => void> {
  const { shortUntilMs, take } = await prepareToken(ctx, tx, { kind: reason, whose: uid });
  return () => {
    if (shortUntilMs === null) return take();
    const ref = paths.courier(ctx.db, uid);
    update(tx, ref, { online: false, paused: { untilMs: shortUntilMs, reason } });
    const detail = `${reason}: more than ${COUNTED[reason].capacity}; paused until ${new Date(shortUntilMs).toISOString()}`;
    const task = operatorTask({ kind: 'courier_paused', orderId, path: ref.path, detail }, ctx.now());
    putOperatorTask(ctx, tx, `courier-${toAccountId(uid)}-paused`, task);
  };
}
