import type { Transaction } from 'firebase-admin/firestore';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { take } from '../core/bucket.js';
import { digestOf } from '../core/digest.js';
import { COUNTED, type Counted } from './model/limits.js';

export interface Count {
  kind: Counted;
  /** Whose: a uid, an address, a device. Only its digest is stored. */
  whose: string;
}

/** Takes a token of each in the caller's transaction, before its first write; throws TOO_MANY_REQUESTS and takes none. */
export async function takeCounted(ctx: Context, tx: Transaction, counts: readonly Count[]): Promise<void> {
  const refs = counts.map(({ kind, whose }) => paths.limit(ctx.db, `${kind}-${digestOf(whose)}`));
  const buckets = await Promise.all(refs.map(async (ref) => (await tx.get(ref)).data()));
  const taken = counts.map(({ kind }, index) => take(buckets[index], COUNTED[kind], ctx.now()));
  const short = taken.find((one) => !one.ok);
  if (short && !short.ok) throw new Refusal('TOO_MANY_REQUESTS', { retryAfterSeconds: short.retryAfterSeconds });
  taken.forEach((one, index) => {
    const [ref, counted] = [refs[index], counts[index]];
    if (!one.ok || !ref || !counted) return;
    const { capacity, refillMs } = COUNTED[counted.kind];
    // Full again by then: there is nothing left to remember.
    const expireAt = ctx.now() + (capacity + 1) * refillMs;
    tx.set(ref, { ...one.bucket, expireAt });
  });
}

/** Takes a token in a transaction of its own. Throws TOO_MANY_REQUESTS. */
export function count(ctx: Context, one: Count): Promise<void> {
  return ctx.db.runTransaction((tx) => takeCounted(ctx, tx, [one]));
}

/** Checks that a token is left, and takes none. Throws TOO_MANY_REQUESTS. */
export async function requireTokens(ctx: Context, { kind, whose }: Count): Promise<void> {
  const bucket = (await paths.limit(ctx.db, `${kind}-${digestOf(whose)}`).get()).data();
  const taken = take(bucket, COUNTED[kind], ctx.now());
  if (!taken.ok) throw new Refusal('TOO_MANY_REQUESTS', { retryAfterSeconds: taken.retryAfterSeconds });
}
