import { readBooks } from '#fixtures/books.js';
import type { Books } from '#simulator/invariants.js';
import type { NotificationLog } from '#simulator/invariants/snapshot.js';
import { listPeople, QUARTERS } from '../city.js';
import type { World } from '../world/world.js';

/** Reads what the invariants check at the end of a run: the documents, the provider's movements and the pushes. */
export async function readAllBooks(world: World, isPlain: boolean): Promise<Books> {
  const { observer: db, time, payments: fake } = world;
  const books = await readBooks({ db, nowMs: time.nowMs, fake, isFake: true });
  const opened = new Map(QUARTERS.map(({ restaurantId, portions }) => [restaurantId, portions ?? {}]));
  return {
    ...books,
    ...(books.inventory && { inventory: { ...books.inventory, opened } }),
    notifications: logNotifications(world, isPlain),
  };
}

/**
 * Lists the pushes that each phone received. A push whose answer is lost is sent again: the phone shows it once, by its
 * collapse id. Without faults it must not be sent twice either.
 */
function logNotifications({ push, webhooks }: World, isPlain: boolean): NotificationLog {
  const all = push.sent.map(({ token, collapseId }) => ({ token, id: collapseId }));
  const shown = new Map(all.map((one) => [`${one.token} ${one.id}`, one]));
  return {
    pushes: isPlain ? all : [...shown.values()],
    phones: listPeople().map((uid) => [uid, `device-${uid}`]),
    staff: QUARTERS.map(({ restaurantId, owner }) => [restaurantId, owner] as const),
    // An event is delivered until one answer is a success.
    webhooks: [...new Map(webhooks.toSorted(([, a], [, b]) => b - a))],
  };
}
