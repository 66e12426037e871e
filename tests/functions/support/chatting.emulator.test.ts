import { strict as assert } from 'node:assert';
import { FieldValue } from 'firebase-admin/firestore';
import { onMessage } from '#functions/chat/on-message.js';
import type { ChatMessage } from '#functions/contract/chat.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

describe('a chat', () => {
  let backend: Backend;
  let journey: Journey;
  beforeEach(async () => {
    backend = await aCity();
    journey = await new Journey(backend).reach('picked_up');
  });
  afterEach(() => backend.close());

  /** As the rules let it in. */
  const write = async (message: Partial<ChatMessage>): Promise<string> => {
    const { uid, n } = { uid: 'carla', n: 1, ...message };
    await backend.db.doc(`orders/order-1/messages/${uid}-${n}`).set({
      uid,
      role: 'customer',
      n,
      customerId: 'carla',
      restaurantId: null,
      courierId: 'omar',
      text: 'Second floor',
      createdAt: new Date(backend.nowMs),
      authTime: backend.authTime(uid),
      state: 'new',
      ...message,
    });
    return `${uid}-${n}`;
  };
  const stored = async (id: string): Promise<ChatMessage> => {
    const message = (await paths.message(backend.db, 'order-1', id).get()).data();
    assert.ok(message);
    return message;
  };
  /** As the rules let it in, and the trigger fires. */
  const say = async (message: Partial<ChatMessage>): Promise<ChatMessage> => {
    const id = await write(message);
    await onMessage(backend.ctx, 'order-1', id);
    return stored(id);
  };
  const heard = (uid: string) =>
    backend.push.sent
      .filter((push) => push.token === `device-${uid}` && push.topic === 'chat')
      .map(({ title, body }) => `${title}: ${body}`);

  it('is cut where NFC makes it longer than a stored message may be, and is shown', async () => {
    const short = await say({ text: '\ufb2c'.repeat(333) });
    assert.deepEqual([short.state, short.text.length], ['shown', 999]);
    const long = await say({ n: 2, text: `${'\ufb2c'.repeat(333)}😀` });
    assert.deepEqual([long.state, long.text.length], ['shown', 999], 'no half of a surrogate pair');
    const longest = await say({ n: 3, text: '\ufb2c'.repeat(500) });
    assert.deepEqual([longest.state, longest.text.length], ['shown', 1000]);
  });

  it('is shown, masked, and notified to its addressee', async () => {
    const { text, state, expireAt } = await say({ text: 'Call me: +43 660 1234567' });
    assert.deepEqual([text, state], ['Call me: ••••••••', 'shown']);
    assert.equal(expireAt, backend.nowMs + 90 * 24 * 3_600_000);
    assert.deepEqual([heard('omar'), heard('carla'), heard('mario')], [['Your customer: Call me: ••••••••'], [], []]);
  });

  it('reaches the customer from her courier and from her kitchen, and the kitchen from her', async () => {
    await say({ uid: 'omar', role: 'courier', text: 'I am here' });
    await say({ uid: 'mario', role: 'merchant', restaurantId: 'rosa', courierId: null, text: 'With onions?' });
    await say({ restaurantId: 'rosa', courierId: null, text: 'No' });
    assert.deepEqual(heard('carla'), ['Your courier: I am here', 'Da Rosa: With onions?']);
    assert.deepEqual([heard('mario'), heard('omar')], [['Your customer: No'], []]);
  });

  it('is shown once on the phone when the event comes again, and shows nothing of a removed message', async () => {
    await say({});
    await onMessage(backend.ctx, 'order-1', 'carla-1');
    assert.deepEqual(
      backend.push.shown().filter((one) => one.includes('chat_message')),
      ['device-omar chat_message order-1-chat-carla-1'],
    );
    await say({ n: 2, state: 'removed', text: '' });
    assert.equal(heard('omar').length, 2);
  });

  it("is readable by the customer alone two hours after the order's end, and not a millisecond before", async () => {
    await say({});
    await say({ uid: 'omar', role: 'courier', text: 'I am here' });
    await say({ uid: 'mario', role: 'merchant', restaurantId: 'rosa', courierId: null, text: 'With onions?' });
    const parties = async () => {
      const ids = ['carla-1', 'omar-1', 'mario-1'];
      const messages = await Promise.all(ids.map(stored));
      return messages.map(({ customerId, courierId, restaurantId, closed }) => [
        customerId,
        courierId,
        restaurantId,
        closed,
      ]);
    };
    await backend.advance(5 * MINUTE);
    await journey.reach('delivered');
    await backend.advance(120 * MINUTE - 1);
    const open = [
      ['carla', 'omar', null, undefined],
      ['carla', 'omar', null, undefined],
      ['carla', null, 'rosa', undefined],
    ];
    assert.deepEqual(await parties(), open);
    await backend.advance(1);
    const closed = [
      ['carla', null, null, 'courier'],
      ['carla', null, null, 'courier'],
      ['carla', null, null, 'restaurant'],
    ];
    assert.deepEqual(await parties(), closed);
    assert.equal((await stored('omar-1')).text, 'I am here');
  });

  it('closes for a message that cannot be read, too, and for the others', async () => {
    await say({});
    await say({ n: 2, text: 'Are you there?' });
    const bad = backend.db.doc('orders/order-1/messages/carla-2');
    await bad.update({ text: 7 });
    await journey.reach('delivered');
    await backend.advance(120 * MINUTE);
    assert.equal((await stored('carla-1')).courierId, null);
    assert.deepEqual([(await bad.get()).get('courierId'), (await bad.get()).get('closed')], [null, 'courier']);
    const tasks = await backend.db.collection('operatorTasks').where('kind', '==', 'document_failed').get();
    assert.deepEqual(
      tasks.docs.map((task) => String(task.get('path'))),
      [bad.path],
    );
  });

  it('closes two hours after the delivery when a message comes after it', async () => {
    await journey.reach('delivered');
    await say({});
    await backend.advance(120 * MINUTE - 1);
    assert.equal((await stored('carla-1')).courierId, 'omar');
    await backend.advance(1);
    assert.deepEqual([(await stored('carla-1')).courierId, (await stored('carla-1')).closed], [null, 'courier']);
  });

  it('that closed before its last message was handled shows it to its author alone', async () => {
    await journey.reach('delivered');
    await say({});
    await backend.advance(120 * MINUTE - 1);
    const id = await write({ n: 2 });
    await backend.advance(60 * MINUTE);
    const before = heard('omar').length;
    await onMessage(backend.ctx, 'order-1', id);
    assert.deepEqual([(await stored(id)).state, heard('omar').length], ['shown', before]);
  });

  it('is handled again, and notified, when the first attempt failed', async () => {
    const id = await write({});
    backend.conduct.fail('firestore.commit', 'before');
    await assert.rejects(onMessage(backend.ctx, 'order-1', id));
    assert.equal((await stored(id)).state, 'new');
    await onMessage(backend.ctx, 'order-1', id);
    assert.equal((await stored(id)).state, 'shown');
    assert.deepEqual(heard('omar'), ['Your customer: Second floor']);
  });

  it('removes a message of a revoked session without a notification; a new sign-in may write', async () => {
    await backend.call('signOutEverywhere', 'omar', {});
    backend.nowMs += 1000;
    assert.equal((await say({ uid: 'omar', role: 'courier', text: 'I am here' })).state, 'removed');
    assert.deepEqual(heard('carla'), []);
    backend.signIn('omar');
    assert.equal((await say({ uid: 'omar', role: 'courier', n: 2, text: 'I am here' })).state, 'shown');
    assert.deepEqual(heard('carla'), ['Your courier: I am here']);
  });

  it('removes a message of a blocked author', async () => {
    await backend.ask('blockUser', 'olga', { uid: 'carla', reason: 'threats' });
    assert.equal((await say({})).state, 'removed');
    assert.deepEqual(heard('omar'), []);
  });

  it('removes a message that a dismissed member or a dismissed courier writes', async () => {
    const asKitchen = { role: 'merchant', restaurantId: 'rosa', courierId: null } as const;
    await backend.identity.setClaims('mario', { role: 'customer' });
    await backend.identity.setClaims('omar', { role: 'customer' });
    assert.equal((await say({ uid: 'mario', ...asKitchen })).state, 'removed');
    assert.equal((await say({ uid: 'omar', role: 'courier' })).state, 'removed');
    assert.deepEqual(heard('carla'), []);
  });

  it("removes a message without its author's time of sign-in", async () => {
    const id = await write({});
    await backend.db.doc(`orders/order-1/messages/${id}`).update({ authTime: FieldValue.delete() });
    await onMessage(backend.ctx, 'order-1', id);
    assert.equal((await stored(id)).state, 'removed');
  });
});
