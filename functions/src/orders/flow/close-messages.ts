import type { DocumentSnapshot } from 'firebase-admin/firestore';
import type { ChatMessage } from '../../contract/chat.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { filterReadable } from '../../platform/isolate.js';
import { update } from '../../platform/stored.js';

/** Writes per batch. Source: Firestore documentation, "Quotas and limits". */
const PAGE = 400;

/** Ends the access of couriers who no longer have the order to the messages exchanged with its customer. */
export async function closeFormerChats(ctx: Context, orderId: string): Promise<void> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  const { docs } = await paths.messages(ctx.db, orderId).where('courierId', '!=', null).get();
  await closeMessages(
    ctx,
    docs.filter((message) => message.get('courierId') !== order?.courierId),
  );
}

/**
 * Ends the access of the courier or the restaurant to messages: the messages no longer contain their ids, which the rules
 * require. A message that cannot be read is closed too, and becomes an operator task.
 */
export async function closeMessages(ctx: Context, docs: readonly DocumentSnapshot<ChatMessage>[]): Promise<void> {
  await filterReadable(ctx, 'closeChat', docs);
  const open = docs.filter((message) => findOtherParty(message) !== null);
  for (let from = 0; from < open.length; from += PAGE) {
    const batch = ctx.db.batch();
    for (const message of open.slice(from, from + PAGE)) {
      const closed = findOtherParty(message);
      if (closed) update(batch, message.ref, { restaurantId: null, courierId: null, closed });
    }
    await batch.commit();
  }
}

/**
 * Returns the party with whom the customer speaks; null once the chat is closed. Reads single fields, as rules do: a
 * message whose other fields cannot be read is closed too.
 */
function findOtherParty(message: DocumentSnapshot<ChatMessage>): ChatMessage['closed'] | null {
  if ((message.get('courierId') ?? null) !== null) return 'courier';
  return (message.get('restaurantId') ?? null) === null ? null : 'restaurant';
}
