import { strict as assert } from 'node:assert';
import { finishRefund } from '#functions/payments/finish-refund.js';
import type { Device } from '#functions/contract/accounts.js';
import { PushThrottled, type PushResult } from '#functions/notifications/push.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const SECOND = 1000;

describe('notifications', () => {
  let backend: Backend;
  let journey: Journey;
  beforeEach(async () => (journey = new Journey((backend = await aCity()))));
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  const phone = (uid: string, preferences: Partial<Device>) =>
    backend.db.doc(`users/${uid}/devices/phone`).set({ token: `device-${uid}`, platform: 'ios', ...preferences });
  const said = (token: string, key: string) =>
    backend.push.sent
      .filter((push) => push.token === token && push.data['key'] === key)
      .map(({ title, body }) => `${title}: ${body}`);
  const refund = () =>
    backend.ask('refundOrder', 'olga', {
      orderId: 'order-1',
      idempotencyKey: 'refund-key-1',
      what: { type: 'lines', lines: [{ line: 0, quantity: 1 }] },
      liable: 'merchant',
      reason: 'cold',
      to: 'card',
    });
  const inbox = async (uid: string) =>
    (await backend.db.collection(`users/${uid}/inbox`).get()).docs.map((item) => ({ id: item.id, ...item.data() }));

  it("use each phone's language, the local time of the place and the language's form of amounts", async () => {
    await phone('mario', { locale: 'ja' });
    await phone('carla', { locale: 'de-AT' });
    await phone('omar', { locale: 'ar-EG' });
    await journey.place();
    await journey.move('mario', { action: 'accept' });
    await journey.offered();
    assert.deepEqual(said('device-mario', 'order_placed'), [
      `新しい注文 ${(await backend.order('order-1')).code}: 2点の注文です。承認または辞退してください。`,
    ]);
    assert.match(said('device-carla', 'order_accepted')[0] ?? '', /^Da Rosa legt los: .* soll um \d\d:\d\d da sein\.$/);
    assert.match(
      said('device-omar', 'courier_offer')[0] ?? '',
      /^توصيلة جديدة مقابل \u2068.*\u2069: الاستلام من \u2068Da Rosa\u2069\.$/u,
    );
  });

  it('do not reach a member who is blocked, and reach one who is not', async () => {
    const members = backend.db.collection('restaurants/rosa/members');
    for (const uid of ['nina', 'lena']) {
      await members.doc(uid).set({ role: 'kitchen', displayName: uid, addedAtMs: backend.nowMs });
      await phone(uid, {});
    }
    await members.doc('nina').update({ blocked: true });
    await journey.place();
    assert.deepEqual(
      ['nina', 'lena'].map((uid) => said(`device-${uid}`, 'order_placed').length),
      [0, 1],
    );
  });

  it('end within twenty seconds for a member whom another instance dismissed', async () => {
    const member = backend.db.doc('restaurants/rosa/members/nina');
    await member.set({ role: 'kitchen', displayName: 'Nina', addedAtMs: backend.nowMs });
    await phone('nina', {});
    await journey.place();
    assert.equal(said('device-nina', 'order_placed').length, 1);
    await member.delete();
    await backend.advance(21 * SECOND);
    const before = backend.push.sent.length;
    await journey.cancel('carla');
    const tokens = backend.push.sent.slice(before).map(({ token }) => token);
    assert.deepEqual([tokens.includes('device-mario'), tokens.includes('device-nina')], [true, false]);
  });

  it('are kept in the inbox once where they may be needed later, read or not', async () => {
    await journey.reach('delivered');
    assert.deepEqual(await inbox('carla'), []);
    await refund();
    const [item] = await inbox('carla');
    assert.ok(item && 'body' in item);
    assert.deepEqual(
      [item.id, item.body],
      ['order-1-refund-refund-key-1', `You get €11.00 back for your order ${(await backend.order('order-1')).code}.`],
    );
    await backend.db.doc(`users/carla/inbox/${item.id}`).update({ readAt: new Date(backend.nowMs) });
    await backend.db.doc('orders/order-1/refunds/refund-key-1').update({ status: 'pending' });
    await finishRefund(backend.ctx, 'order-1', 'refund-key-1');
    const again = await inbox('carla');
    assert.deepEqual([again.length, again[0] && 'readAt' in again[0] && again[0].readAt !== null], [1, true]);
  });

  it('go to the inbox alone in quiet hours, except those that a user waits for', async () => {
    await phone('carla', { quietHours: { fromMinute: 0, toMinute: 1439, timeZone: 'UTC' } });
    await journey.reach('delivered');
    await refund();
    assert.deepEqual(
      [backend.push.keysTo('device-carla'), (await inbox('carla')).length],
      [['order_accepted', 'order_picked_up', 'order_delivered'], 1],
    );
  });

  it('go to the inbox alone where the topic is switched off, on that phone only', async () => {
    await phone('carla', { muted: ['money'] });
    await backend.db.doc('users/carla/devices/watch').set({ token: 'watch-carla', platform: 'ios' });
    await journey.reach('delivered');
    await refund();
    assert.equal(backend.push.keysTo('device-carla').includes('order_refunded'), false);
    assert.equal(backend.push.keysTo('watch-carla').includes('order_refunded'), true);
    assert.equal((await inbox('carla')).length, 1);
  });

  it('reach a phone after a temporary refusal of the provider, and no other phone twice', async () => {
    await backend.db.doc('users/carla/devices/watch').set({ token: 'watch-carla', platform: 'ios' });
    await journey.reach('placed');
    const send = backend.ctx.push.send.bind(backend.ctx.push);
    let turnedAway = 2;
    backend.ctx.push = {
      send: (push, nowMs) => {
        if (push.token !== 'device-carla' || turnedAway === 0) return send(push, nowMs);
        turnedAway -= 1;
        return Promise.reject(new PushThrottled(60 * SECOND));
      },
    };
    await journey.move('mario', { action: 'accept' });
    assert.deepEqual(
      [backend.push.keysTo('device-carla'), backend.push.keysTo('watch-carla')],
      [[], ['order_accepted']],
    );
    await backend.advance(59 * SECOND);
    assert.equal(turnedAway, 1, 'not before the provider wants it');
    await backend.advance(5 * MINUTE);
    assert.deepEqual(
      [backend.push.keysTo('device-carla'), backend.push.keysTo('watch-carla')],
      [['order_accepted'], ['order_accepted']],
    );
  });

  it('are given up once they are out of date, and delay no others', async () => {
    await journey.reach('placed');
    backend.conduct.fail('push.send', 'before', new PushThrottled(60 * SECOND), 1000);
    await journey.move('mario', { action: 'accept' });
    await journey.offered();
    await journey.answer('omar', 'accept');
    await backend.advance(90 * MINUTE);
    assert.deepEqual(
      backend.log.entries
        .filter(({ message }) => message === 'push not delivered')
        .map(({ fields }) => fields['key'])
        .toSorted(),
      ['courier_offer', 'order_accepted', 'order_delayed'],
    );
    assert.deepEqual(backend.push.keysTo('device-carla'), []);
  });

  const GONE = 'unregistered';
  const later = () => new PushThrottled(60 * SECOND);
  /** What the provider says to each push to carla's phone, the last for all that follow; and what comes of it. */
  const PHONES: readonly (readonly [
    what: string,
    answers: readonly (() => PushResult | Error)[],
    shown: boolean,
    asked: number,
    left: string[],
  ])[] = [
    ['that is registered shows each event once', [() => 'sent'], true, 4, ['phone', 'watch']],
    ['that was turned away once shows each event once', [later, () => 'sent'], true, 5, ['phone', 'watch']],
    [
      'that an error kept from it shows each event once',
      [() => new Error('500'), () => 'sent'],
      true,
      5,
      ['phone', 'watch'],
    ],
    ['that is gone is asked once, and forgotten', [() => GONE], false, 1, ['watch']],
    ['that is gone when it is asked again is forgotten then', [later, () => GONE], false, 2, ['watch']],
  ];
  for (const [what, answers, shown, asked, left] of PHONES)
    it(`to a phone ${what}, and completely to another phone and the inbox`, async () => {
      await backend.db.doc('users/carla/devices/watch').set({ token: 'watch-carla', platform: 'ios' });
      const send = backend.ctx.push.send.bind(backend.ctx.push);
      let count = 0;
      backend.ctx.push = {
        send: async (push, nowMs) => {
          const answer = push.token === 'device-carla' ? answers[Math.min(count++, answers.length - 1)]?.() : 'sent';
          if (answer instanceof Error) throw answer;
          return answer === GONE ? GONE : send(push, nowMs);
        },
      };
      await journey.reach('accepted');
      await backend.advance(2 * MINUTE);
      await journey.reach('delivered');
      await refund();
      const all = ['order_accepted', 'order_picked_up', 'order_delivered', 'order_refunded'];
      assert.deepEqual(backend.push.keysTo('device-carla'), shown ? all : []);
      assert.deepEqual(backend.push.keysTo('watch-carla'), all);
      const devices = await backend.db.collection('users/carla/devices').get();
      assert.deepEqual([count, devices.docs.map(({ id }) => id), (await inbox('carla')).length], [asked, left, 1]);
    });

  it('reach the maximum number of phones of a user and of members of a restaurant', async () => {
    const batch = backend.db.batch();
    for (let number = 1; number < 20; number += 1)
      batch.set(backend.db.doc(`users/mario/devices/phone-${number}`), { token: `mario-${number}`, platform: 'ios' });
    for (let number = 1; number < 100; number += 1) {
      const member = { role: 'kitchen', displayName: 'Kim', addedAtMs: backend.nowMs };
      batch.set(backend.db.doc(`restaurants/rosa/members/cook-${number}`), member);
      batch.set(backend.db.doc(`users/cook-${number}/devices/phone`), { token: `cook-${number}`, platform: 'ios' });
    }
    await batch.commit();
    await journey.place();
    const reached = new Set(
      backend.push.sent.filter(({ data }) => data['key'] === 'order_placed').map(({ token }) => token),
    );
    assert.equal(reached.size, 20 + 99);
  });

  it('to a user without a phone go to the inbox alone, and delay no others', async () => {
    await backend.db.doc('users/carla/devices/phone').delete();
    await journey.reach('delivered');
    await refund();
    assert.deepEqual([backend.push.keysTo('device-carla'), (await inbox('carla')).length], [[], 1]);
  });
});
