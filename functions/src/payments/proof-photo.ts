import type { Order } from '../contract/orders.js';
import { readCheckedImage } from '../media/checked.js';
import { findProofPath } from '../orders/model/order-history.js';
import type { Context } from '../platform/context.js';
import type { EvidencePhoto } from './payments.js';

/** Of all files of a dispute together. Source: Stripe documentation, "Respond to disputes": 4.5 MB. */
const MAX_BYTES = 4.5 * 1000 * 1000;

/**
 * Reads the photo of a delivery for the bank; null where there is none, or one that banks do not take: WebP, or larger than
 * Stripe accepts. A photo that cannot be read does not keep the other evidence from being sent.
 */
export async function readProofPhoto(ctx: Context, order: Order): Promise<EvidencePhoto | null> {
  const path = findProofPath(order);
  if (path === null) return null;
  try {
    const contentType = toAcceptedType((await readCheckedImage(ctx, path))?.contentType);
    const bytes = contentType && (await ctx.files.read(path, MAX_BYTES));
    return contentType && bytes ? { bytes, contentType } : null;
  } catch (error) {
    ctx.log.error('the photo of a delivery could not be read for a dispute', {}, error);
    return null;
  }
}

const toAcceptedType = (type: string | undefined): EvidencePhoto['contentType'] | null =>
  type === 'image/jpeg' || type === 'image/png' ? type : null;
