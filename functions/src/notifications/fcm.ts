import { createHash } from 'node:crypto';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import type { App } from 'firebase-admin/app';
import type { Message } from 'firebase-admin/messaging';
import type { Push } from '../contract/notifications.js';
import { withTimeout } from '../platform/bounded-calls.js';
import { PushRejected, PushThrottled, PushTimeout, type PushSender } from './push.js';
import { TOPIC_POLICIES } from './model/topics.js';

/**
 * The wait where the provider does not specify one. Source: FCM docs, "Best practices when sending FCM messages at
 * scale".
 */
const THROTTLED_MS = 60_000;
/** Source: Apple, "Sending notification requests to APNs". */
const MAX_COLLAPSE_ID_BYTES = 64;

/**
 * The time limit of one push, including the SDK's own retries (15 seconds a request, five times): the sweep and the
 * callables wait for it.
 */
const TIMEOUT_MS = 10_000;

/**
 * Errors of one message or token, not of the provider. Source: FCM docs, "ErrorCode": INVALID_ARGUMENT and
 * SENDER_ID_MISMATCH.
 */
const REJECTIONS = ['messaging/invalid-argument', 'messaging/mismatched-credential'];

/**
 * Creates an FCM client with firebase-admin. An empty host is Google's; otherwise the SDK's requests go to `host`,
 * unchanged but unencrypted.
 */
export function createPushSender(host: string): PushSender {
  let app: Promise<App> | undefined;
  return fcmSender(() => (app ??= host === '' ? defaultApp() : createAppForHost(host)));
}

/** Creates a sender with an app of firebase-admin. `timeoutMs` limits one push. */
export function fcmSender(app: () => Promise<App>, timeoutMs = TIMEOUT_MS): PushSender {
  return {
    async send(push, nowMs) {
      const { getMessaging } = await import('firebase-admin/messaging');
      const send = async () => getMessaging(await app()).send(toMessage(push, nowMs));
      try {
        await withTimeout(send, timeoutMs, (reason) => new PushTimeout(reason));
        return 'sent';
      } catch (error) {
        if (hasCode(error, 'messaging/registration-token-not-registered') || isMalformedToken(error))
          return 'unregistered';
        // The SDK does not expose the response's headers; it retries a 503 itself, up to four times.
        if (hasCode(error, 'messaging/message-rate-exceeded')) throw new PushThrottled(THROTTLED_MS);
        if (REJECTIONS.some((code) => hasCode(error, code))) throw new PushRejected(error);
        throw error;
      }
    },
  };
}

/**
 * Converts a push to an FCM message. Source: FCM HTTP v1 reference. A repeated push replaces the first by tag and
 * collapse id.
 */
function toMessage(push: Push, nowMs: number): Message & { token: string } {
  const { token, topic, collapseId, title, body, data, expiresAtMs } = push;
  const { urgent, newestOnly } = TOPIC_POLICIES[topic];
  return {
    token,
    notification: { title, body },
    data,
    android: {
      priority: urgent ? 'high' : 'normal',
      ttl: Math.max(0, expiresAtMs - nowMs),
      // At most four different ones wait for a phone: so one for a topic, not for an event.
      ...(newestOnly && { collapseKey: topic }),
      notification: { channelId: topic, tag: collapseId },
    },
    apns: {
      headers: {
        'apns-collapse-id': shortenId(collapseId),
        'apns-priority': urgent ? '10' : '5',
        'apns-expiration': String(Math.floor(expiresAtMs / 1000)),
      },
      payload: {
        aps: {
          threadId: data['orderId'] ?? topic,
          // The SDK renames the keys that it knows, and does not know this one.
          'interruption-level': urgent ? 'time-sensitive' : 'active',
          ...(urgent && { sound: 'default' }),
        },
      },
    },
  };
}

/** Two ids with the same beginning must not become one. */
function shortenId(id: string): string {
  return Buffer.byteLength(id) <= MAX_COLLAPSE_ID_BYTES ? id : createHash('sha256').update(id).digest('base64url');
}

async function defaultApp(): Promise<App> {
  return (await import('firebase-admin/app')).getApp();
}

/** The SDK has one fixed address: here its connections are redirected, without TLS. */
async function createAppForHost(address: string): Promise<App> {
  const { initializeApp } = await import('firebase-admin/app');
  const [host = '', port = ''] = address.split(':');
  const agent = new Agent({ keepAlive: true });
  Object.assign(agent, { createConnection: () => connect(Number(port), host) });
  const credential = { getAccessToken: async () => ({ access_token: 'local', expires_in: 3600 }) };
  const projectId = process.env['GCLOUD_PROJECT'] ?? 'demo';
  return initializeApp({ projectId, credential, httpAgent: agent }, 'push');
}

/**
 * True for a token that FCM never issued. Its code is also that of a malformed message, which must not remove the
 * device: the text names the token.
 */
function isMalformedToken(error: unknown): boolean {
  if (hasCode(error, 'messaging/invalid-registration-token')) return true;
  return (
    hasCode(error, 'messaging/invalid-argument') && error instanceof Error && /registration token/i.test(error.message)
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
