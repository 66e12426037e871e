import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { deleteApp, initializeApp, type App } from 'firebase-admin/app';
import type { Push } from '#functions/contract/notifications.js';
import { fcmSender, createPushSender } from '#functions/notifications/fcm.js';
import { boundPush, PushThrottled } from '#functions/notifications/push.js';
import { FcmMessage, startInbox } from '#local/inbox.js';

/** A key that both ends know, in place of a certificate. Node has it with TLS 1.2 only. */
const PSK = { identity: 'test', psk: Buffer.from('push-wire') };
const TLS = { ciphers: 'PSK', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
const NOW_MS = Date.UTC(2026, 2, 2, 12);

const aPush = (changes: Partial<Push> = {}): Push => ({
  token: 'device-carla',
  topic: 'orders',
  collapseId: 'order-1-3-0',
  title: 'Da Rosa is on it',
  body: 'Your order A7 …',
  data: { key: 'order_accepted', orderId: 'order-1', id: 'order-1-3-0' },
  expiresAtMs: NOW_MS + 3_600_000,
  ...changes,
});

const failure = (status: string, errorCode: string) => ({
  error: { status, details: [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }] },
});

describe('what firebase-admin sends to FCM', () => {
  let server: Server;
  let app: App;
  /** Null: the request is never answered. */
  let answer: { status: number; body: object } | null;
  const requests: { url: string; authorization: string | undefined; body: unknown }[] = [];
  const sender = (timeoutMs?: number) => fcmSender(() => Promise.resolve(app), timeoutMs);

  before(async () => {
    server = createServer({ ...TLS, pskCallback: () => PSK.psk, pskIdentityHint: 'push' }, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { url = '', headers } = request;
        const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
        requests.push({ url: `${headers.host ?? ''}${url}`, authorization: headers.authorization, body });
        if (answer)
          response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const httpAgent = new Agent();
    const secure = () =>
      connect({ ...TLS, port, host: '127.0.0.1', pskCallback: () => PSK, checkServerIdentity: () => undefined });
    Object.assign(httpAgent, { createConnection: secure });
    const credential = { getAccessToken: async () => ({ access_token: 'a-token', expires_in: 3600 }) };
    app = initializeApp({ projectId: 'demo-wire', credential, httpAgent }, 'wire');
  });
  beforeEach(() => {
    requests.length = 0;
    answer = { status: 200, body: { name: 'projects/demo-wire/messages/1' } };
  });
  after(async () => {
    await deleteApp(app);
    server.closeAllConnections();
    server.close();
  });

  it('is an urgent message with channel, tag, thread, time to live and expiry, as FCM v1 defines them', async () => {
    assert.equal(await sender().send(aPush(), NOW_MS), 'sent');
    const message = {
      token: 'device-carla',
      notification: { title: 'Da Rosa is on it', body: 'Your order A7 …' },
      data: { key: 'order_accepted', orderId: 'order-1', id: 'order-1-3-0' },
      android: { priority: 'high', ttl: '3600s', notification: { channel_id: 'orders', tag: 'order-1-3-0' } },
      apns: {
        headers: { 'apns-collapse-id': 'order-1-3-0', 'apns-priority': '10', 'apns-expiration': '1772456400' },
        payload: { aps: { 'interruption-level': 'time-sensitive', sound: 'default', 'thread-id': 'order-1' } },
      },
    };
    assert.deepEqual(requests, [
      {
        url: 'fcm.googleapis.com/v1/projects/demo-wire/messages:send',
        authorization: 'Bearer a-token',
        body: { message },
      },
    ]);
    assert.deepEqual(FcmMessage.parse(message), message);
  });

  it('is a quiet message that collapses to the newest, for one that no user waits for', async () => {
    await sender().send(aPush({ topic: 'cart', data: { key: 'cart_sold_out', restaurantId: 'rosa' } }), NOW_MS);
    const [{ body } = { body: null }] = requests;
    assert.deepEqual((body as { message: object }).message, {
      token: 'device-carla',
      notification: { title: 'Da Rosa is on it', body: 'Your order A7 …' },
      data: { key: 'cart_sold_out', restaurantId: 'rosa' },
      android: {
        priority: 'normal',
        ttl: '3600s',
        collapse_key: 'cart',
        notification: { channel_id: 'cart', tag: 'order-1-3-0' },
      },
      apns: {
        headers: { 'apns-collapse-id': 'order-1-3-0', 'apns-priority': '5', 'apns-expiration': '1772456400' },
        payload: { aps: { 'interruption-level': 'active', 'thread-id': 'cart' } },
      },
    });
  });

  it('reaches the local stand-in through the same SDK', async () => {
    const inbox = await startInbox();
    try {
      const local = createPushSender(new URL(inbox.url).host);
      assert.equal(await local.send(aPush(), NOW_MS), 'sent');
      assert.deepEqual(
        inbox.messages().map(({ target, message }) => [target, message.android?.ttl, message.apns?.payload?.aps]),
        [
          [
            'device-carla',
            '3600s',
            { 'interruption-level': 'time-sensitive', sound: 'default', 'thread-id': 'order-1' },
          ],
        ],
      );
      inbox.fail({ token: 'device-carla', error: 'UNREGISTERED' });
      assert.equal(await local.send(aPush(), NOW_MS), 'unregistered');
    } finally {
      await inbox.close();
    }
  });

  it('has different ids for two events with the same prefix, within the 64 bytes of APNs', async () => {
    for (const end of ['a', 'b']) await sender().send(aPush({ collapseId: 'x'.repeat(64) + end }), NOW_MS);
    const ids = requests.map(({ body }) => JSON.stringify(body).match(/"apns-collapse-id":"([^"]*)"/)?.[1] ?? '');
    assert.deepEqual([ids.length, new Set(ids).size, ids.every((id) => id.length === 43)], [2, 2, true]);
  });

  it('distinguishes a deleted phone from a temporary failure', async () => {
    answer = { status: 404, body: failure('NOT_FOUND', 'UNREGISTERED') };
    assert.equal(await sender().send(aPush(), NOW_MS), 'unregistered');
    answer = { status: 429, body: failure('RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED') };
    await assert.rejects(sender().send(aPush(), NOW_MS), (error) => {
      assert.ok(error instanceof PushThrottled);
      assert.equal(error.retryAfterMs, 60_000);
      return true;
    });
    answer = { status: 500, body: failure('INTERNAL', 'INTERNAL') };
    await assert.rejects(sender().send(aPush(), NOW_MS), { code: 'messaging/internal-error' });
    assert.equal(requests.length, 3);
  });

  it('removes a malformed token like a deleted phone, and no other device for a malformed message', async () => {
    const invalid = (message: string) => ({
      error: { ...failure('INVALID_ARGUMENT', 'INVALID_ARGUMENT').error, message },
    });
    answer = { status: 400, body: invalid('The registration token is not a valid FCM registration token') };
    assert.equal(await sender().send(aPush(), NOW_MS), 'unregistered');
    answer = { status: 400, body: invalid('Invalid value at message.android.ttl') };
    await assert.rejects(sender().send(aPush(), NOW_MS), { name: 'PushRejected' });
  });

  it('counts no rejected message as an outage, and an error of the provider as one', async () => {
    const bounded = boundPush(sender(), 10_000);
    const send = (times: number) =>
      Promise.allSettled(Array.from({ length: times }, () => bounded.send(aPush(), NOW_MS)));
    answer = { status: 403, body: failure('PERMISSION_DENIED', 'SENDER_ID_MISMATCH') };
    for (let n = 0; n < 12; n += 1) await send(1);
    answer = { status: 200, body: { name: 'projects/demo-wire/messages/1' } };
    assert.deepEqual(await send(1), [{ status: 'fulfilled', value: 'sent' }]);
    answer = { status: 500, body: failure('INTERNAL', 'INTERNAL') };
    for (let n = 0; n < 12; n += 1) await send(1);
    answer = { status: 200, body: { name: 'projects/demo-wire/messages/1' } };
    assert.equal((await send(1))[0]?.status, 'rejected');
  });

  it('ends at its timeout, for a provider that hangs and for a key that never arrives', async () => {
    answer = null;
    await assert.rejects(sender(300).send(aPush(), NOW_MS), {
      name: 'PushTimeout',
      message: 'push: no answer within 300 ms',
    });
    assert.equal(requests.length, 1);
    const locked = fcmSender(() => new Promise<App>(() => undefined), 20);
    await assert.rejects(locked.send(aPush(), NOW_MS), { name: 'PushTimeout' });
  });
});
