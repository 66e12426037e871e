import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { requireOtherApplicant, requireOtherCourier, requireOtherPartyOf, requireOtherStore } from './other-party.js';

/** The collections whose documents are named by a person. */
const OF_PERSONS: readonly string[] = [
  'users',
  'authorities',
  'carts',
  'conversations',
  'couriers',
  'courierAccounts',
  'courierApplications',
  'erasures',
  'links',
];

/**
 * Throws OTHER_OPERATOR_REQUIRED where a document, by its path, is about the operator or a linked account, a restaurant
 * of the operator's own or of a competitor, a courier of a zone in which the operator competes, an order of one of them,
 * or the pay or the application of such a person.
 */
export async function requireOtherSubject(ctx: Context, operator: string, path: string): Promise<void> {
  const [collection = '', id = ''] = path.split('/');
  if (id === '') return;
  if (OF_PERSONS.includes(collection)) return requireOtherCourier(ctx, operator, id);
  switch (collection) {
    case 'restaurants':
    case 'searchEntries':
      return requireOtherStore(ctx, operator, id);
    case 'orders':
    case 'quotes':
      return requireOtherPartyOf(ctx, operator, id);
    case 'courierPayouts':
      return requireOtherPayee(ctx, operator, id);
    case 'merchantApplications':
      return requireOtherApplicant(ctx, operator, id);
  }
}

/** Reads the field alone: the rest of the document may be unreadable. */
async function requireOtherPayee(ctx: Context, operator: string, payoutId: string): Promise<void> {
  const payout = await ctx.db.doc(paths.courierPayout(ctx.db, payoutId).path).get();
  const uid: unknown = payout.get('courierId');
  if (typeof uid === 'string') await requireOtherCourier(ctx, operator, uid);
}
