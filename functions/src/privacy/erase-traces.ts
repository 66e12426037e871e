import { FieldValue, type DocumentData, type DocumentSnapshot } from 'firebase-admin/firestore';
import { attempt } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { documentAt, paths, readFields, toStoredOrder } from '../platform/firestore.js';
import { lookUp } from '../core/look-up.js';
import { replaceUnchanged, toPlain, update } from '../platform/stored.js';
import { commitCounted, type Batch } from './erased-counts.js';
import { eraseDocumentFiles } from './files.js';
import { isAtRoot, readTraces, type DocumentPage } from './personal-data-queries.js';
import { asFields, removeUidFromId, isDeleted } from './model/own.js';
import { computeRemovals } from './model/pseudonymize.js';
import type { Person } from './model/person.js';
import { NAMELESS } from '../contract/privacy.js';
import { findEntry, type PersonalDataEntry } from './model/registry.js';

const ORDER = 'orders/{orderId}';

type Document = DocumentSnapshot<DocumentData>;
type Write = (batch: Batch) => void;

/**
 * Removes a person from every document that names them, besides their own. Documents that an interrupted run has
 * changed are found by the pseudonym, so that the order of the pages does not matter. A document that cannot be changed
 * becomes an operator task, and the erasure does not end before it is resolved.
 */
export async function eraseTraces(ctx: Context, person: Person, email: string | null): Promise<void> {
  for (const id of [person.uid, person.namelessId]) {
    for await (const page of readTraces(ctx, id, id === person.uid ? email : null)) await erasePage(ctx, person, page);
  }
}

async function erasePage(ctx: Context, person: Person, page: DocumentPage): Promise<void> {
  const counts: Record<string, number> = {};
  const writes: Write[] = [];
  for (const document of page) {
    const prepared = await attempt(ctx, 'erase', document.ref.path, () => prepare(ctx, person, document));
    if (!prepared.ok || !prepared.value) continue;
    const { place, write } = prepared.value;
    counts[place] = (lookUp(counts, place) ?? 0) + 1;
    writes.push(write);
  }
  if (writes.length > 0)
    await commitCounted(ctx, person.uid, counts, (batch) => writes.forEach((write) => write(batch)));
}

/** Prepares the change of a document; null where it does not name the person. Throws the schema's refusal. */
async function prepare(
  ctx: Context,
  person: Person,
  document: Document,
): Promise<{ place: string; write: Write } | null> {
  const holding = document.exists ? findEntry(document.ref.path) : undefined;
  // The person's own documents are deleted afterwards, with all that is below them.
  if (!holding || isAtRoot(document.ref.path, person.uid)) return null;
  // A refund keeps its sealed fields as they are: they name no person.
  const data = asFields(holding.path === ORDER ? readFields(document) : toPlain(document.data()));
  await eraseDocumentFiles(ctx, document.ref.path, data, person);
  const reviews = await listReviewChanges(ctx, person, document, data);
  const write = changing(ctx, person, document, holding, data);
  // Tried separately: a write that the schema refuses must not prevent the others of the page from being committed.
  write?.(ctx.db.batch());
  return write && { place: holding.path, write: (batch) => [write, ...reviews].forEach((one) => one(batch)) };
}

function changing(
  ctx: Context,
  person: Person,
  document: Document,
  holding: PersonalDataEntry,
  data: DocumentData,
): Write | null {
  const { ref } = document;
  if (isDeleted(holding, ref.path, data, person)) return (batch) => batch.delete(ref);
  const changes = computeRemovals(holding.path, data, person);
  const id = removeUidFromId(holding, ref.id, data, person);
  if (id !== ref.id) return moving(ctx, ref, `${ref.parent.path}/${id}`, { ...data, ...changes });
  if (Object.keys(changes).length === 0) return null;
  if (holding.path === ORDER) return rewriting(ctx, document, { ...data, ...changes });
  return (batch) => update(batch, ref, changes);
}

/**
 * An order is written as a whole, since its sealed fields are one text. The commit is refused where the order was changed
 * since it was read, and the erasure is continued later.
 */
function rewriting(ctx: Context, document: Document, order: DocumentData): Write | null {
  const { ref, updateTime } = document;
  const written = toStoredOrder(ctx.db, order);
  // An order that was stored in plain has fields that are sealed now.
  const plain = Object.keys(document.data() ?? {}).filter((name) => !Object.hasOwn(written, name));
  const removed = Object.fromEntries(plain.map((name) => [name, FieldValue.delete()]));
  return updateTime
    ? (batch) => replaceUnchanged(batch, ctx.db.doc(ref.path), { ...written, ...removed }, updateTime)
    : null;
}

/** A document whose id was derived from the person's uid gets another id. */
const moving =
  (ctx: Context, from: Document['ref'], to: string, data: DocumentData): Write =>
  (batch) => {
    batch.set(documentAt(ctx.db, to), data);
    batch.delete(from);
  };

/** The reviews of an order contain their author's first name only; they stay, without it. */
async function listReviewChanges(
  ctx: Context,
  { uid }: Person,
  { ref }: Document,
  data: DocumentData,
): Promise<Write[]> {
  if (ref.parent.path !== 'orders' || data['customerId'] !== uid) return [];
  const owners = [
    `restaurants/${data['restaurantId']}`,
    ...(data['courierId'] ? [`couriers/${data['courierId']}`] : []),
  ];
  const reviews = await Promise.all(owners.map((owner) => ctx.db.doc(paths.review(ctx.db, owner, ref.id).path).get()));
  const named = reviews.filter((review) => review.exists);
  return named.map((review) => (batch) => update(batch, review.ref, { authorName: NAMELESS }));
}
