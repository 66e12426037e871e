import type { Message } from 'firebase-admin/messaging';
import type { Push, PushResult, PushSender } from './push.js';

/**
 * FCM. An empty host is Google's, by firebase-admin, whose address cannot be changed; else the same message goes
 * to `host` in the wire form of FCM v1.
 */
export function pushSender(host: string): PushSender {
  const deliver = host === '' ? sendByFcm : (message: Message) => sendTo(host, message);
  return { send: (push) => deliver(toMessage(push)) };
}

/** Source: FCM HTTP v1 reference. A repeated push replaces the first by tag and collapse id. */
export function toMessage(push: Push): Message & { token: string } {
  const { token, collapseId, title, body, data, ttlSeconds } = push;
  return {
    token,
    notification: { title, body },
    data: { ...data },
    android: { priority: 'high', ttl: ttlSeconds * 1000, notification: { channelId: 'orders', tag: collapseId } },
    apns: {
      headers: { 'apns-collapse-id': collapseId.slice(0, 64), 'apns-priority': '10' },
      payload: { aps: { sound: 'default', interruptionLevel: 'time-sensitive' } },
    },
  };
}

async function sendByFcm(message: Message): Promise<PushResult> {
  const { getMessaging } = await import('firebase-admin/messaging');
  try {
    await getMessaging().send(message);
    return 'sent';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'messaging/registration-token-not-registered') {
      return 'unregistered';
    }
    throw error;
  }
}

async function sendTo(host: string, message: Message): Promise<PushResult> {
  const project = process.env['GCLOUD_PROJECT'] ?? 'demo';
  const response = await fetch(`http://${host}/v1/projects/${project}/messages:send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: toWire(message) }),
  });
  if (response.ok) return 'sent';
  if (response.status === 404) return 'unregistered';
  throw new Error(`push refused: ${response.status}`);
}

/** The SDK's form to the wire's: durations become "3600s", names snake case. */
function toWire(message: Message): object {
  const android = message.android;
  return {
    ...message,
    ...(android && {
      android: {
        priority: android.priority,
        ttl: `${(android.ttl ?? 0) / 1000}s`,
        notification: { channel_id: android.notification?.channelId, tag: android.notification?.tag },
      },
    }),
  };
}
