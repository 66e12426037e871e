import type { DocumentReference, DocumentSnapshot, Transaction } from 'firebase-admin/firestore';
import type { LimitBucket } from '../contract/abuse.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { readOne } from '../platform/isolate.js';
import { Refusal } from '../core/outcome.js';
import { returnToBucket, takeFromBucket, type Bucket } from '../core/bucket.js';
import { toDigest } from '../core/digest.js';
import { COUNTED, type Counted } from './model/limits.js';

export interface Count {
  kind: Counted;
  /** The subject of the limit: a uid, an address or a device. Only its digest is stored. */
  whose: string;
  /** How many tokens the event takes, all or none; absent: one. */
  tokens?: number;
  /** Taken where one is left, and never refused: the event has happened already. */
  isNoted?: true;
}

/**
 * Takes the tokens of each limit in the caller's transaction, before its first write. Throws TOO_MANY_REQUESTS and then
 * takes none.
 */
export async function takeTokens(ctx: Context, tx: Transaction, counts: readonly Count[]): Promise<void> {
  const refs = counts.map(({ kind, whose }) => toBucketRef(ctx, kind, whose));
  const buckets = await Promise.all(refs.map(async (ref) => readBucket(ctx, await tx.get(ref))));
  const taken = counts.map(({ kind, tokens }, index) =>
    takeFromBucket(buckets[index], COUNTED[kind], ctx.now(), tokens),
  );
  const short = taken.find((one, index) => !one.ok && !counts[index]?.isNoted);
  if (short && !short.ok) throw new Refusal('TOO_MANY_REQUESTS', { retryAfterSeconds: short.retryAfterSeconds });
  taken.forEach((one, index) => {
    const [ref, counted] = [refs[index], counts[index]];
    if (!one.ok || !ref || !counted) return;
    writeBucket(ctx, tx, ref, counted.kind, one.bucket);
  });
}

/** Reads whether the tokens of each limit are left, and takes none. One read for each. */
export async function hasTokens(ctx: Context, counts: readonly Count[]): Promise<boolean> {
  const refs = counts.map(({ kind, whose }) => toBucketRef(ctx, kind, whose));
  const buckets = await Promise.all(refs.map(async (ref) => readBucket(ctx, await ref.get())));
  return counts.every(({ kind, tokens }, index) => takeFromBucket(buckets[index], COUNTED[kind], ctx.now(), tokens).ok);
}

/**
 * Reads a limit; undefined where nothing is counted. One that cannot be read becomes an operator task and counts as
 * full: it must not stop the orders that it limits.
 */
async function readBucket(ctx: Context, stored: DocumentSnapshot<LimitBucket>): Promise<LimitBucket | undefined> {
  return (await readOne(ctx, 'limits', stored))?.data;
}

const toBucketRef = (ctx: Context, kind: Counted, whose: string): DocumentReference<LimitBucket> =>
  paths.limit(ctx.db, `${kind}-${toDigest(whose)}`);

/**
 * Reads a limit that refuses nothing, and returns a function that takes a token where one is left. `shortUntilMs`: none
 * is left before this time; null where one is.
 */
export async function prepareToken(
  ctx: Context,
  tx: Transaction,
  { kind, whose, tokens }: Count,
): Promise<{ shortUntilMs: number | null; take: () => void }> {
  const ref = toBucketRef(ctx, kind, whose);
  const taken = takeFromBucket(await readBucket(ctx, await tx.get(ref)), COUNTED[kind], ctx.now(), tokens);
  if (!taken.ok) return { shortUntilMs: ctx.now() + taken.retryAfterSeconds * 1000, take: () => undefined };
  return { shortUntilMs: null, take: () => writeBucket(ctx, tx, ref, kind, taken.bucket) };
}

/** Takes the tokens of one limit in a transaction of its own. Throws TOO_MANY_REQUESTS. */
export function takeToken(ctx: Context, one: Count): Promise<void> {
  return ctx.db.runTransaction((tx) => takeTokens(ctx, tx, [one]));
}

/** Returns the tokens that were taken for an attempt that turned out to be correct. */
export async function returnToken(ctx: Context, { kind, whose, tokens }: Count): Promise<void> {
  const ref = toBucketRef(ctx, kind, whose);
  await ctx.db.runTransaction(async (tx) => {
    const bucket = await readBucket(ctx, await tx.get(ref));
    if (!bucket) return;
    const filled = returnToBucket(bucket, COUNTED[kind], ctx.now(), tokens);
    if (filled.tokens === COUNTED[kind].capacity) tx.delete(ref);
    else writeBucket(ctx, tx, ref, kind, filled);
  });
}

/**
 * The bucket expires when it is full again: then there is nothing left to store. After a clock that went back, its time
 * is later than the present.
 */
function writeBucket(
  ctx: Context,
  tx: Transaction,
  ref: DocumentReference<LimitBucket>,
  kind: Counted,
  bucket: Bucket,
): void {
  const { capacity, refillMs } = COUNTED[kind];
  tx.set(ref, { ...bucket, expireAt: Math.max(ctx.now(), bucket.atMs) + (capacity + 1) * refillMs });
}
