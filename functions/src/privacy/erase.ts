import { forgetLinks } from '../abuse/links.js';
import {
  FieldValue,
  type CollectionReference,
  type DocumentData,
  type DocumentReference,
  type QueryDocumentSnapshot,
} from 'firebase-admin/firestore';
import { membershipsOf } from '../accounts/authority.js';
import { TOKENS_LAPSE_MS, type Erasure } from '../contract/privacy.js';
import { handleEach, pagesOf } from '../operations/isolate.js';
import { forgetStaff } from '../merchants/staff.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { proveNothingOpen } from './delete-my-account.js';
import { queriesFor, rootsOf } from './find.js';
import { NAMELESS_CHANGES } from './nameless.js';
import { FOLDERS } from './registry.js';
import { merge, update } from '../platform/stored.js';
import { lookUp } from '../platform/look-up.js';

const PAGE = 100;

interface Erasing {
  uid: string;
  namelessId: string;
}

/**
 * Erases a person, page by page: what was done is no longer found, so that a run that died is just begun again. Each
 * page and its count are one commit. Done at once, and again when the last token has lapsed; the report says then how much
 * it was, once a last look finds nothing.
 */
export async function erase(ctx: Context, uid: string): Promise<void> {
  const ref = paths.erasure(ctx.db, uid);
  const erasure = (await ref.get()).data();
  if (!erasure) return;
  const erasing = { uid, namelessId: erasure.namelessId };
  await ctx.identity.setDisabled(uid, true);
  // An order that was placed in the last half minute of the session: the task comes again.
  await proveNothingOpen(ctx, uid);
  await forgetAtProvider(ctx, uid);
  await eraseNaming(ctx, erasing);
  await eraseMemberships(ctx, erasing);
  await forgetLinks(ctx, uid);
  await eraseFiles(ctx, erasing);
  for (const root of rootsOf(ctx, uid)) await eraseBelow(ctx, erasing, root);
  await ctx.identity.remove(uid);
  if (ctx.now() >= erasure.askedAtMs + TOKENS_LAPSE_MS) await report(ctx, erasing);
}

/** The cards, with the customer that they belong to. */
async function forgetAtProvider(ctx: Context, uid: string): Promise<void> {
  const billing = (await paths.billing(ctx.db, uid).get()).data();
  if (billing) await ctx.payments.removeCustomer(billing.stripeCustomerId);
}

/** Documents that name the person in a field. */
async function eraseNaming(ctx: Context, erasing: Erasing): Promise<void> {
  for (const { path, query } of queriesFor(ctx, erasing.uid)) {
    await eachPage(ctx, erasing, path, query, (batch, document) => {
      const nameless = lookUp(NAMELESS_CHANGES, path);
      if (nameless) update(batch, document.ref, nameless(document.data(), erasing.uid, erasing.namelessId));
      else batch.delete(document.ref);
    });
  }
}

async function eraseMemberships(ctx: Context, erasing: Erasing): Promise<void> {
  const restaurants = Object.keys(await membershipsOf(ctx, erasing.uid));
  for (const restaurantId of restaurants) {
    const member = paths.members(ctx.db, restaurantId).doc(erasing.uid);
    if (!(await member.get()).exists) continue;
    await commit(ctx, erasing, 'restaurants/{id}/members/{uid}', 1, (batch) => batch.delete(member));
    forgetStaff(ctx, restaurantId, erasing.uid);
  }
}

async function eraseFiles(ctx: Context, erasing: Erasing): Promise<void> {
  for (const folder of FOLDERS) {
    const removed = await ctx.files.removeBelow(folder.replace('{uid}', erasing.uid));
    if (removed > 0) await commit(ctx, erasing, folder, removed, () => undefined);
  }
  await eachPage(ctx, erasing, 'users/photos', paths.userPhotos(ctx.db, erasing.uid), async (batch, photo) => {
    const data = photo.data();
    if (data.status !== 'refused') await ctx.files.removeBelow(`media/${data.hash}/`);
    batch.delete(photo.ref);
  });
}

/** A person's own document goes last, after all that is below it. */
async function eraseBelow(ctx: Context, erasing: Erasing, ref: DocumentReference<DocumentData>): Promise<void> {
  for (const collection of await ref.listCollections()) await eraseCollection(ctx, erasing, collection);
  if ((await ref.get()).exists) await commit(ctx, erasing, nameOf(ref), 1, (batch) => batch.delete(ref));
}

async function eraseCollection(
  ctx: Context,
  erasing: Erasing,
  collection: CollectionReference<DocumentData>,
): Promise<void> {
  for (;;) {
    const { docs } = await collection.limit(PAGE).get();
    if (docs.length === 0) return;
    for (const { ref } of docs)
      for (const inner of await ref.listCollections()) await eraseCollection(ctx, erasing, inner);
    await commit(ctx, erasing, nameOf(collection), docs.length, (batch) =>
      docs.forEach(({ ref }) => batch.delete(ref)),
    );
  }
}

/** `users/devices`: the collections of a path, without its ids. */
function nameOf({ path }: { path: string }): string {
  return path.split('/').filter((_, index) => index % 2 === 0).join('/'); // prettier-ignore
}

type Batch = ReturnType<Context['db']['batch']>;
interface Paged<T> {
  limit(count: number): { get(): Promise<{ docs: QueryDocumentSnapshot<T>[] }> };
}

async function eachPage<T>(
  ctx: Context,
  erasing: Erasing,
  name: string,
  query: Paged<T>,
  change: (batch: Batch, document: QueryDocumentSnapshot<T>) => void | Promise<void>,
): Promise<void> {
  for (;;) {
    const { docs } = await query.limit(PAGE).get();
    if (docs.length === 0) return;
    await commit(ctx, erasing, name, docs.length, async (batch) => {
      for (const document of docs) await change(batch, document);
    });
  }
}

/** With the count, so that no crash makes the two differ. */
async function commit(
  ctx: Context,
  { uid }: Erasing,
  name: string,
  count: number,
  write: (batch: Batch) => unknown,
): Promise<void> {
  const batch = ctx.db.batch();
  await write(batch);
  const counted = { counts: { [name]: FieldValue.increment(count) } };
  merge(batch, paths.erasure(ctx.db, uid), counted);
  await batch.commit();
}

async function report(ctx: Context, { uid, namelessId }: Erasing): Promise<void> {
  const ref = paths.erasure(ctx.db, uid);
  const left = await countLeft(ctx, uid);
  if (left > 0) throw new Error(`erasing ${namelessId}: ${left} documents are left`);
  await ctx.db.runTransaction(async (tx) => {
    const erasure: Erasure | undefined = (await tx.get(ref)).data();
    if (!erasure) return;
    const { askedAtMs, counts } = erasure;
    tx.set(paths.privacyReport(ctx.db, namelessId), { askedAtMs, doneAtMs: ctx.now(), counts, left: 0 });
    tx.delete(ref);
  });
}

async function countLeft(ctx: Context, uid: string): Promise<number> {
  const queries = queriesFor(ctx, uid);
  const counts = await Promise.all(queries.map(async ({ query }) => (await query.count().get()).data().count));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Every night: erasures whose task was lost or gave up. */
export async function resumeErasures(ctx: Context): Promise<void> {
  for await (const page of pagesOf(paths.erasures(ctx.db).orderBy('__name__'))) {
    await handleEach(ctx, 'resumeErasures', page, ({ id }) => erase(ctx, id));
  }
}
