import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { requireOtherPartyOf, requireOtherStaff, requireOtherUser } from './other-party.js';

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
 * to whose staff the operator is related, an order of one of them, or the pay or the application of such a person.
 */
export async function requireOtherSubject(ctx: Context, operator: string, path: string): Promise<void> {
  const [collection = '', id = ''] = path.split('/');
  if (id === '') return;
  if (OF_PERSONS.includes(collection)) return requireOtherUser(ctx, operator, [id]);
  switch (collection) {
    case 'restaurants':
    case 'searchEntries':
      return requireOtherStaff(ctx, operator, id);
    case 'orders':
    case 'quotes':
      return requireOtherPartyOf(ctx, operator, id);
    case 'courierPayouts':
      return requireOtherPerson(ctx, operator, paths.courierPayout(ctx.db, id).path, 'courierId');
    case 'merchantApplications':
      return requireOtherPerson(ctx, operator, paths.merchantApplication(ctx.db, id).path, 'ownerId');
  }
}

/** Reads the field alone: the rest of the document may be unreadable. */
async function requireOtherPerson(ctx: Context, operator: string, path: string, field: string): Promise<void> {
  const uid: unknown = (await ctx.db.doc(path).get()).get(field);
  if (typeof uid === 'string') await requireOtherUser(ctx, operator, [uid]);
}
