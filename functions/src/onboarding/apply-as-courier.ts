import type { z } from 'zod';
import type { ApplyAsCourierInput, ApplyAsCourierOutput } from '../calls/couriers.js';
import type { CourierApplication } from '../contract/couriers.js';
import { readCheckedFile } from '../media/checked.js';
import { getZone } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';

type Request = z.infer<typeof ApplyAsCourierInput>;

/**
 * Submits an application with its documents, also again after a rejection. An operator decides. Throws
 * APPLICATION_DECIDED for a courier whom an operator approved, also without an application, or suspended.
 */
export async function applyAsCourier(
  ctx: Context,
  caller: Caller,
  request: Request,
): Promise<z.infer<typeof ApplyAsCourierOutput>> {
  const { zoneId, vehicle, plate, papers } = request;
  await getZone(ctx, zoneId);
  await checkPapers(ctx, caller.uid, request);
  const ref = paths.courierApplication(ctx.db, caller.uid);
  await ctx.db.runTransaction(async (tx) => {
    const known = (await tx.get(ref)).data();
    const isDecided = known?.status === 'approved' || known?.status === 'suspended';
    if (isDecided) throw new Refusal('APPLICATION_DECIDED', { status: known.status });
    // Reads a single field: the courier's document may be unreadable.
    const mayWork = (await tx.get(paths.courier(ctx.db, caller.uid))).get('approved') === true;
    if (mayWork) throw new Refusal('APPLICATION_DECIDED', { status: 'approved' });
    const application: CourierApplication = {
      name: caller.name,
      zoneId,
      vehicle,
      ...(plate !== undefined && { plate }),
      papers,
      status: 'submitted',
      version: (known?.version ?? 0) + 1,
      createdAtMs: ctx.now(),
      review: null,
    };
    tx.set(ref, application);
  });
  return { status: 'submitted' };
}

/** Requires uploaded documents of this user, of every kind that the vehicle needs. */
async function checkPapers(ctx: Context, uid: string, { vehicle, papers }: Request): Promise<void> {
  const isDriven = vehicle === 'scooter' || vehicle === 'car';
  const needed = isDriven ? (['identity', 'licence'] as const) : (['identity'] as const);
  const isThere = async (path: string) =>
    path.startsWith(`courier-documents/${uid}/`) && (await readCheckedFile(ctx, path)) !== null;
  const there = await Promise.all(papers.map(({ path }) => isThere(path)));
  const foreign = papers.find((_, index) => !there[index])?.kind;
  const missing = foreign ?? needed.find((kind) => !papers.some((one) => one.kind === kind));
  if (missing) throw new Refusal('DOCUMENT_NOT_FOUND', { kind: missing });
}
