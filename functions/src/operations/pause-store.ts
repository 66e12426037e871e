import type { z } from 'zod';
import type { PauseStoreInput, PauseStoreOutput } from '../calls/operations.js';
import { applySwitch, type Switch } from '../catalog/model/switches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal, unwrap } from '../core/outcome.js';
import { writeAudit } from '../platform/audit.js';
import { requireOtherStore } from '../abuse/other-party.js';
import { update } from '../platform/stored.js';

/**
 * Pauses, closes or opens another user's store for an operator, as its owner could. Throws RESTAURANT_NOT_FOUND, or what
 * `requireOtherStore` throws.
 */
export async function pauseStore(
  ctx: Context,
  { uid }: Caller,
  { restaurantId, minutes, reason }: z.infer<typeof PauseStoreInput>,
): Promise<z.infer<typeof PauseStoreOutput>> {
  await requireOtherStore(ctx, uid, restaurantId);
  const ref = paths.restaurant(ctx.db, restaurantId);
  return ctx.db.runTransaction(async (tx) => {
    const store = (await tx.get(ref)).data();
    if (!store) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
    const { availability, pausedUntilMs } = {
      ...store,
      ...unwrap(applySwitch(store, toSwitch(minutes), 'owner', ctx.now())),
    };
    update(tx, ref, { availability, pausedUntilMs });
    const before = { availability: store.availability, pausedUntilMs: store.pausedUntilMs };
    const after = { availability, pausedUntilMs };
    writeAudit(ctx, tx, { by: uid, action: 'pauseStore', subject: ref.path, reason, before, after });
    return after;
  });
}

function toSwitch(minutes: number | null): Switch {
  if (minutes === null) return { type: 'offline' };
  return minutes === 0 ? { type: 'online' } : { type: 'paused', minutes };
}
