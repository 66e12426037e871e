import type { CollectionReference, DocumentData, DocumentReference } from 'firebase-admin/firestore';
import { readAllMemberships } from '../accounts/authority.js';
import { TOKENS_LAPSE_MS, type Erasure } from '../contract/privacy.js';
import { readCourier, stopCourier } from '../authority/courier-approval.js';
import { forgetStaff } from '../authority/staff.js';
import { releaseOrders } from '../couriers/release-orders.js';
import { toDocumentTaskId, readPages } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { requireNothingOpen } from './delete-my-account.js';
import { eraseTraces } from './erase-traces.js';
import { commitCounted } from './erased-counts.js';
import { listRoots } from './personal-data-queries.js';
import { readIdentifiers } from './identifiers.js';
import { forfeitCredit, requireSettled } from './leaving.js';
import { countLeft } from './left.js';
import { moveUsesToSignals } from './leave-uses.js';
import type { Person } from './model/person.js';
import { FOLDERS } from './model/registry.js';

const PAGE = 100;

/**
 * Erases a person, page by page: each step is idempotent, so that an interrupted run is simply started again. Done at
 * once, and again when the last token has expired; a final search then proves that no identifier is left, and the
 * report says how much was erased. Throws where an identifier is left: the next night tries again.
 */
export async function erase(ctx: Context, uid: string): Promise<void> {
  const erasure = (await paths.erasure(ctx.db, uid).get()).data();
  if (!erasure) return;
  await ctx.identity.setDisabled(uid, true);
  await stopAsCourier(ctx, uid, erasure);
  // An order of the last half minute of the session: the task is retried.
  await requireNothingOpen(ctx, uid);
  // A refund may arrive after the first run has erased the person: it must not stop the rest.
  if (!erasure.digests) await requireSettled(ctx, uid);
  const { digests, email } = await readIdentifiers(ctx, uid, erasure);
  const person: Person = { uid, namelessId: erasure.namelessId, digests };
  await forgetAtProvider(ctx, uid);
  await forfeitCredit(ctx, uid);
  await moveUsesToSignals(ctx, uid);
  // Again: an order that was placed since needs its quote, which would lose the door, and its customer.
  await requireNothingOpen(ctx, uid);
  await eraseTraces(ctx, person, email);
  await eraseMemberships(ctx, person);
  await eraseFiles(ctx, person);
  for (const root of listRoots(ctx, uid)) await eraseBelow(ctx, person, root);
  await ctx.identity.remove(uid);
  if (ctx.now() >= erasure.askedAtMs + TOKENS_LAPSE_MS) await report(ctx, person);
}

/**
 * Stops the courier and releases the orders under way. Before the check for open orders: an offer that is accepted after
 * the check would leave an order whose courier no longer exists.
 */
async function stopAsCourier(ctx: Context, uid: string, { askedAtMs }: Erasure): Promise<void> {
  await ctx.db.runTransaction(async (tx) => stopCourier(ctx, tx, uid, await readCourier(ctx, tx, uid)));
  await releaseOrders(ctx, uid, askedAtMs);
}

/** Removes the customer and the cards at the payment provider. */
async function forgetAtProvider(ctx: Context, uid: string): Promise<void> {
  const billing = (await paths.billing(ctx.db, uid).get()).data();
  if (billing) await ctx.payments.removeCustomer(billing.stripeCustomerId);
}

async function eraseMemberships(ctx: Context, { uid }: Person): Promise<void> {
  const restaurants = Object.keys(await readAllMemberships(ctx, uid));
  for (const restaurantId of restaurants) {
    const member = paths.members(ctx.db, restaurantId).doc(uid);
    if (!(await member.get()).exists) continue;
    await commitCounted(ctx, uid, { 'restaurants/{id}/members/{uid}': 1 }, (batch) => {
      batch.delete(member);
      batch.delete(paths.operatorTask(ctx.db, toDocumentTaskId(member.path)));
    });
    forgetStaff(ctx, restaurantId, uid);
  }
}

async function eraseFiles(ctx: Context, { uid }: Person): Promise<void> {
  for (const folder of FOLDERS) {
    const removed = await ctx.files.removeBelow(folder.replace('{uid}', uid));
    if (removed > 0) await commitCounted(ctx, uid, { [folder]: removed }, () => undefined);
  }
  for await (const page of readPages(paths.userPhotos(ctx.db, uid).orderBy('__name__'), PAGE)) {
    for (const photo of page) {
      const hash: unknown = photo.get('hash');
      if (typeof hash === 'string') await ctx.files.removeBelow(`media/${hash}/`);
    }
    if (page.length > 0)
      await commitCounted(ctx, uid, { 'users/photos': page.length }, (batch) =>
        page.forEach(({ ref }) => batch.delete(ref)),
      );
  }
}

/** A person's own document is deleted last, after all that is below it. */
async function eraseBelow(ctx: Context, person: Person, ref: DocumentReference<DocumentData>): Promise<void> {
  for (const collection of await ref.listCollections()) await eraseCollection(ctx, person, collection);
  if ((await ref.get()).exists)
    await commitCounted(ctx, person.uid, { [toCollectionName(ref)]: 1 }, (batch) => batch.delete(ref));
}

async function eraseCollection(
  ctx: Context,
  person: Person,
  collection: CollectionReference<DocumentData>,
): Promise<void> {
  for (;;) {
    const { docs } = await collection.limit(PAGE).get();
    if (docs.length === 0) return;
    for (const { ref } of docs)
      for (const inner of await ref.listCollections()) await eraseCollection(ctx, person, inner);
    await commitCounted(ctx, person.uid, { [toCollectionName(collection)]: docs.length }, (batch) =>
      docs.forEach(({ ref }) => batch.delete(ref)),
    );
  }
}

/** Returns the collections of a path, without its ids: `users/devices`. */
function toCollectionName({ path }: { path: string }): string {
  return path
    .split('/')
    .filter((_, index) => index % 2 === 0)
    .join('/');
}

async function report(ctx: Context, person: Person): Promise<void> {
  const { uid, namelessId } = person;
  const left = await countLeft(ctx, person);
  if (left > 0) throw new Error(`erasing ${namelessId}: ${left} documents or files still name the person`);
  const ref = paths.erasure(ctx.db, uid);
  await ctx.db.runTransaction(async (tx) => {
    const erasure: Erasure | undefined = (await tx.get(ref)).data();
    if (!erasure) return;
    const { askedAtMs, counts } = erasure;
    tx.set(paths.privacyReport(ctx.db, namelessId), { askedAtMs, doneAtMs: ctx.now(), counts, left: 0 });
    tx.delete(ref);
  });
}
