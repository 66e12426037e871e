import { createHash } from 'node:crypto';
import type { Push } from '../contract/notifications.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { PushThrottled } from './push.js';

const FIRST_RETRY_MS = 10_000;
const MAX_RETRY_MS = 600_000;
const MAX_ATTEMPTS = 8;

/**
 * Sends one push to one phone. A push that the provider does not accept is retried by a task of its own, independent of
 * other phones and effects, until it expires. Throws only when the task cannot be scheduled either.
 */
export async function sendOrRetry(ctx: Context, uid: string, push: Push, attempt = 1): Promise<void> {
  if (push.expiresAtMs <= ctx.now()) return;
  try {
    const result = await ctx.push.send(push, ctx.now());
    if (result === 'unregistered') await forgetDevice(ctx, uid, push.token);
  } catch (error) {
    await scheduleRetry(ctx, uid, push, attempt, error);
  }
}

/** Retries a push that the provider did not accept: only to a device that still belongs to the user. */
export async function retryPush(ctx: Context, uid: string, push: Push, attempt: number): Promise<void> {
  const held = await paths.devices(ctx.db, uid).where('token', '==', push.token).limit(1).get();
  if (!held.empty) await sendOrRetry(ctx, uid, push, attempt);
}

/**
 * Twice as long each time, spread by up to a half, so that phones that were rejected together are not retried together.
 */
async function scheduleRetry(ctx: Context, uid: string, push: Push, attempt: number, error: unknown): Promise<void> {
  const askedMs = error instanceof PushThrottled ? error.retryAfterMs : FIRST_RETRY_MS;
  const digest = createHash('sha256').update(push.token).digest();
  const spread = 1 + digest.readUInt16BE(0) / 2 ** 17;
  const atMs = ctx.now() + Math.round(Math.min(askedMs * 2 ** (attempt - 1), MAX_RETRY_MS) * spread);
  const { collapseId, data, expiresAtMs } = push;
  if (attempt >= MAX_ATTEMPTS || atMs >= expiresAtMs) {
    ctx.log.error('push not delivered', { id: collapseId, key: data['key'], attempt }, error);
    return;
  }
  ctx.log.warn('push failed, retry scheduled', { id: collapseId, attempt, error: String(error) });
  const name = `push-${collapseId}-${digest.toString('hex').slice(0, 16)}-${attempt}`;
  await ctx.tasks.schedule(name.replaceAll(/[^A-Za-z0-9_-]/g, '_'), atMs, {
    type: 'push',
    uid,
    push,
    attempt: attempt + 1,
  });
}

/** The provider no longer knows the token: the app was removed or got another one. */
async function forgetDevice(ctx: Context, uid: string, token: string): Promise<void> {
  ctx.caches.devices.forget(uid);
  const dead = await paths.devices(ctx.db, uid).where('token', '==', token).get();
  await Promise.all(dead.docs.map((device) => device.ref.delete()));
}
