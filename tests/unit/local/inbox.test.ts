import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { connect, type Socket } from 'node:net';
import { deleteApp, initializeApp, type App } from 'firebase-admin/app';
import { getMessaging, type Message } from 'firebase-admin/messaging';
import { z } from 'zod';
import { startInbox, type Inbox } from '#local/inbox.js';

/** Leads the requests firebase-admin makes to FCM's fixed host to the inbox, without TLS. */
class InboxAgent extends Agent {
  constructor(private readonly port: number) {
    super();
  }
  override createConnection(): Socket {
    return connect(this.port, '127.0.0.1');
  }
}

const Listing = z.object({ messages: z.array(z.unknown()) });

describe('push inbox', () => {
  let inbox: Inbox;
  let app: App;
  beforeEach(async () => {
    inbox = await startInbox({ now: () => 5_000 });
    app = initializeApp(
      {
        projectId: 'demo-test',
        httpAgent: new InboxAgent(inbox.port),
        credential: { getAccessToken: async () => ({ access_token: 'local', expires_in: 3600 }) },
      },
      `inbox-${inbox.port}`,
    );
  });
  afterEach(async () => {
    await deleteApp(app);
    await inbox.close();
  });

  const send = (message: Message): Promise<string> => getMessaging(app).send(message);
  const post = (message: object): Promise<Response> =>
    fetch(`${inbox.url}/v1/projects/demo-test/messages:send`, { method: 'POST', body: JSON.stringify({ message }) });

  it('takes a message exactly as firebase-admin sends it', async () => {
    const name = await send({
      token: 'phone-1',
      data: { orderId: 'o1' },
      notification: { title: 'On its way' },
      android: { priority: 'high', ttl: 600_000, collapseKey: 'order-o1', notification: { channelId: 'orders' } },
      apns: { headers: { 'apns-collapse-id': 'order-o1' }, payload: { aps: { alert: { title: 'On its way' } } } },
    });
    assert.equal(name, 'projects/demo-test/messages/1');
    const [received] = inbox.messages({ token: 'phone-1' });
    assert.equal(received?.message.android?.ttl, '600s');
    assert.equal(received?.collapseId, 'order-o1');
    assert.equal(received?.receivedAtMs, 5_000);
  });

  it('shows the newest of the messages that collapse, per device', async () => {
    const step = (token: string, title: string): Promise<string> =>
      send({ token, notification: { title }, android: { notification: { tag: 'order-o1' } } });
    await step('phone-1', 'Accepted');
    await step('phone-1', 'Ready');
    await step('phone-2', 'Accepted');
    const shown = inbox
      .messages()
      .map(({ target, message, collapsed }) => [target, message.notification?.title, collapsed]);
    assert.deepEqual(shown, [
      ['phone-1', 'Ready', 1],
      ['phone-2', 'Accepted', 0],
    ]);
  });

  it('keeps messages without a collapse id', async () => {
    await send({ token: 'phone-1', notification: { title: 'One' } });
    await send({ token: 'phone-1', notification: { title: 'Two' } });
    assert.equal(inbox.messages().length, 2);
  });

  for (const [what, message] of [
    ['data that is not text', { token: 't', data: { count: 1 } }],
    ['no target', { data: { a: 'b' } }],
    ['two targets', { token: 't', topic: 'news' }],
    ['a duration without its unit', { token: 't', android: { ttl: '600' } }],
    ['a reserved data key', { token: 't', data: { from: 'me' } }],
    ['more than 4096 bytes', { token: 't', data: { text: 'x'.repeat(4096) } }],
    ['a field FCM does not know', { token: 't', sound: 'ding' }],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const response = await post(message);
      assert.equal(response.status, 400);
      assert.match(await response.text(), /INVALID_ARGUMENT/);
    });
  }

  it('answers for an invalid token so that firebase-admin recognises it', async () => {
    inbox.fail({ token: 'phone-1', error: 'UNREGISTERED' });
    await assert.rejects(send({ token: 'phone-1' }), { code: 'messaging/registration-token-not-registered' });
    await send({ token: 'phone-2' });
  });

  it('limits the rate of a token as often as configured', async () => {
    await fetch(`${inbox.url}/_local/faults`, {
      method: 'POST',
      body: JSON.stringify({ token: 'phone-1', error: 'QUOTA_EXCEEDED', count: 1 }),
    });
    assert.equal((await post({ token: 'phone-1' })).status, 429);
    assert.equal((await post({ token: 'phone-1' })).status, 200);
  });

  it('lists by token and time and forgets on demand', async () => {
    await send({ token: 'phone-1' });
    const list = async (query: string): Promise<number> => {
      const { messages } = Listing.parse(await (await fetch(`${inbox.url}/messages?${query}`)).json());
      return messages.length;
    };
    assert.deepEqual(
      [await list('token=phone-1&since=5000'), await list('since=5001'), await list('token=phone-2')],
      [1, 0, 0],
    );
    await fetch(`${inbox.url}/messages`, { method: 'DELETE' });
    assert.equal(await list(''), 0);
  });
});
