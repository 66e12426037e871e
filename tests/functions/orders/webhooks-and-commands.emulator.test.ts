import { strict as assert } from 'node:assert';
import { FieldValue } from 'firebase-admin/firestore';
import { onOrderCommand } from '#functions/orders/flow/on-order-command.js';
import { toPickUpCode } from '#functions/orders/model/secret-codes.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

let backend: Backend;
const city = async () => new Journey((backend = await aCity()));
const close = async () => {
  await assertSound(backend);
  await backend.close();
};

/** Every order of the given things. */
const permutations = <T>(things: readonly T[]): T[][] =>
  things.length === 0
    ? [[]]
    : things.flatMap((first, index) => permutations(things.toSpliced(index, 1)).map((rest) => [first, ...rest]));

describe('the webhook', () => {
  afterEach(close);

  it('answers 400 to a wrong signature and changes nothing', async () => {
    await (await city()).place({ card: null });
    backend.fake.customerPays('order-1');
    const event = backend.fake.events[0];
    assert.ok(event);
    assert.equal((await backend.webhook(event, 'forged')).status, 400);
    assert.equal((await backend.order('order-1')).status, 'pending_payment');
    assert.equal((await backend.webhook(event)).status, 200);
    assert.equal((await backend.order('order-1')).status, 'placed');
  });

  it('answers 200 to an event without a payment', async () => {
    await city();
    assert.deepEqual(await backend.webhook({ id: 'evt_9', type: 'account.updated', intentId: null }), {
      status: 200,
      body: 'ok',
    });
  });

  it('answers 500 for an order that does not exist yet, and 200 once it does', async () => {
    const journey = await city();
    await journey.quote();
    const place = () =>
      backend.call('placeOrder', 'carla', {
        quoteId: 'order-1',
        idempotencyKey: 'place-key-1',
        confirmedTotalMinor: 2940,
      });
    backend.conduct.fail('firestore.commit', 'before', new Error('the order was not written'));
    await assert.rejects(place());
    backend.fake.customerPays('order-1');
    const event = backend.fake.events[0];
    assert.ok(event);
    assert.equal((await backend.webhook(event)).status, 500);
    const placed = await place();
    assert.equal(placed.outcome === 'placed' && placed.status, 'placed');
    assert.equal((await backend.webhook(event)).status, 200);
  });

  it('answers 500 on a failure, which the next delivery corrects', async () => {
    await (await city()).place({ card: null });
    backend.fake.customerPays('order-1');
    const event = backend.fake.events[0];
    assert.ok(event);
    backend.conduct.fail('payments.retrieve', 'before');
    assert.equal((await backend.webhook(event)).status, 500);
    assert.equal((await backend.webhook(event)).status, 200);
    assert.equal((await backend.order('order-1')).status, 'placed');
  });

  it('answers 500 for an order that cannot be read, with an operator task, and 200 once it is repaired', async () => {
    await (await city()).place({ card: null });
    backend.fake.customerPays('order-1');
    const event = backend.fake.events[0];
    assert.ok(event);
    const order = backend.db.doc('orders/order-1');
    await order.update({ addedLater: 1 });
    assert.equal((await backend.webhook(event)).status, 500);
    const { docs } = await backend.db.collection('operatorTasks').get();
    assert.deepEqual(
      docs.map((task) => [task.get('kind'), task.get('path')]),
      [['document_failed', 'orders/order-1']],
    );
    await order.update({ addedLater: FieldValue.delete() });
    assert.equal((await backend.webhook(event)).status, 200);
    assert.equal((await backend.order('order-1')).status, 'placed');
  });

  it('has the same outcome in every order of the events, each delivered twice', async () => {
    const types = [
      'payment_intent.created',
      'payment_intent.amount_capturable_updated',
      'payment_intent.succeeded',
      'charge.captured',
    ];
    const journey = await (await city()).reach('delivered');
    const before = await backend.dump();
    const events = types.map((type, index) => ({ id: `evt_${index}`, type, intentId: 'pi_order-1' }));
    for (const order of permutations(events)) {
      for (const event of [...order, ...order]) assert.equal((await backend.webhook(event)).status, 200);
    }
    assert.deepEqual(await backend.dump(), before);
    // The payout notes the capture.
    assert.equal((await backend.order(journey.orderId)).payment.status, 'capturing');
    await journey.reach('completed');
    assert.equal((await backend.order(journey.orderId)).payment.status, 'captured');
  });

  it('applies one hold once when two deliveries race', async () => {
    await (await city()).place({ card: null });
    backend.fake.customerPays('order-1');
    const event = backend.fake.events[0];
    assert.ok(event);
    const answers = await Promise.all(Array.from({ length: 10 }, () => backend.webhook(event)));
    assert.deepEqual(
      answers.map((answer) => answer.status),
      Array.from({ length: 10 }, () => 200),
    );
    assert.equal((await backend.order('order-1')).events.length, 2);
    assert.deepEqual(backend.push.keysTo('device-mario'), ['order_placed']);
  });
});

describe('a command of a phone that was offline', () => {
  afterEach(close);
  const accept = { uid: 'mario', role: 'merchant', request: { type: 'move', move: { action: 'accept' } } } as const;

  it('is applied, and answered with its event', async () => {
    await (await city()).reach('placed');
    assert.deepEqual(await backend.command('order-1', 'command-1', accept), {
      state: 'applied',
      event: 3,
      answeredAtMs: backend.nowMs,
      // For the kitchen's screen: the courier reads neither this document nor the code anywhere else.
      pickUpCode: toPickUpCode(backend.ctx, 'order-1'),
    });
    assert.equal((await backend.order('order-1')).status, 'accepted');
  });

  it('is refused with a code and a reason when it came too late', async () => {
    const journey = await (await city()).reach('placed');
    await journey.cancel('carla');
    assert.deepEqual(await backend.command('order-1', 'command-1', accept), {
      state: 'refused',
      code: 'failed-precondition',
      reason: 'MOVE_NOT_ALLOWED',
      answeredAtMs: backend.nowMs,
    });
  });

  it('changes nothing when it is replayed', async () => {
    await (await city()).reach('placed');
    const first = await backend.command('order-1', 'command-1', accept);
    assert.deepEqual(await backend.command('order-1', 'command-1', accept), first);
    assert.equal((await backend.order('order-1')).events.length, 3);
  });

  it('that gives the order back is answered as applied by a repeated event, and only for its courier', async () => {
    backend = await aCity({ couriers: 2 });
    const journey = await new Journey(backend).reach('accepted');
    const uid = await journey.assign();
    const move = { action: 'unassign', reason: 'flat tyre' } as const;
    const id = `${uid}-command-1`;
    const command = { uid, role: 'courier', request: { type: 'move', move } } as const;
    const first = await backend.command(journey.orderId, id, command);
    assert.equal(first?.state, 'applied');
    const ref = backend.db.doc(`orders/${journey.orderId}/commands/${id}`);
    await ref.update({ answer: { state: 'pending' } });
    await onOrderCommand(backend.ctx, journey.orderId, id);
    assert.deepEqual((await ref.get()).get('answer'), first);
    assert.equal(await journey.assign(), 'omar-2');
    await journey.move('omar-2', move, 'unassign-key-1');
    assert.equal((await journey.move('omar-2', move, 'unassign-key-1')).replayed, true);
    await assert.rejects(journey.move('omar', move, 'unassign-key-1'), { reason: 'ORDER_NOT_FOUND' });
  });

  it('is applied after the one it was queued behind, though its event came first', async () => {
    await (await city()).reach('placed');
    const { db, nowMs } = backend;
    await db.doc('orders/order-1/commands/command-1').set({
      ...accept,
      createdAt: new Date(nowMs),
      authTime: backend.authTime('mario'),
      answer: { state: 'pending' },
    });
    const prepare = {
      uid: 'mario',
      role: 'merchant',
      request: { type: 'move', move: { action: 'startPreparing' } },
      after: 'command-1',
    } as const;
    assert.deepEqual(await backend.command('order-1', 'command-2', prepare), {
      state: 'applied',
      event: 4,
      answeredAtMs: nowMs,
      pickUpCode: toPickUpCode(backend.ctx, 'order-1'),
    });
    const first = await paths.command(db, 'order-1', 'command-1').get();
    assert.deepEqual(first.data()?.answer, {
      state: 'applied',
      event: 3,
      answeredAtMs: nowMs,
      pickUpCode: toPickUpCode(backend.ctx, 'order-1'),
    });
    await onOrderCommand(backend.ctx, 'order-1', 'command-1');
    assert.equal((await backend.order('order-1')).events.length, 4);
  });

  it('is applied, and waits for the one before, also where the uid of its writer has 128 characters', async () => {
    await (await city()).reach('placed');
    const { db, nowMs } = backend;
    for (const uid of ['u'.repeat(128), 'tenant:kim@example.org']) {
      backend.identity.add(uid, { role: 'customer', merchant: { rosa: 'kitchen' } }, 'Kim');
      const member = { role: 'kitchen', displayName: 'Kim', addedAtMs: nowMs };
      await db.doc(`restaurants/rosa/members/${uid}`).set(member);
    }
    const [long, other] = ['u'.repeat(128), 'tenant:kim@example.org'];
    const asked = await backend.command('order-1', `${long}-command-1`, { ...accept, uid: long });
    assert.equal(asked?.state, 'applied');
    await db.doc(`orders/order-1/commands/${other}-command-1`).set({
      uid: other,
      role: 'merchant',
      request: { type: 'move', move: { action: 'startPreparing' } },
      createdAt: new Date(nowMs),
      authTime: backend.authTime(other),
      answer: { state: 'pending' },
    });
    const ready = { uid: other, role: 'merchant', request: { type: 'move', move: { action: 'markReady' } } } as const;
    const answered = await backend.command('order-1', `${other}-command-2`, { ...ready, after: `${other}-command-1` });
    assert.equal(answered?.state === 'applied' && answered.event, 5);
    const causes = (await backend.order('order-1')).events.map(({ causeId }) => causeId);
    assert.ok(causes.every((causeId) => !causeId.includes(long) && !causeId.includes(other)));
  });

  it('does not wait when it was queued behind itself, or in a circle', async () => {
    await (await city()).reach('placed');
    const { db, nowMs } = backend;
    const other = { uid: 'mario', role: 'merchant', request: { type: 'move', move: { action: 'markReady' } } } as const;
    await db.doc('orders/order-1/commands/command-2').set({
      ...other,
      after: 'command-1',
      createdAt: new Date(nowMs),
      authTime: backend.authTime('mario'),
      answer: { state: 'pending' },
    });
    assert.equal((await backend.command('order-1', 'command-1', { ...accept, after: 'command-2' }))?.state, 'applied');
    const second = await paths.command(db, 'order-1', 'command-2').get();
    assert.equal(second.data()?.answer.state, 'refused', 'the order was not accepted yet');
    assert.equal((await backend.command('order-1', 'command-3', { ...other, after: 'command-3' }))?.state, 'applied');
    assert.equal((await backend.order('order-1')).status, 'ready');
  });

  it('is decided without waiting where the one that it names does not exist', async () => {
    await (await city()).reach('placed');
    const prepare = {
      uid: 'mario',
      role: 'merchant',
      request: { type: 'move', move: { action: 'startPreparing' } },
      after: 'never-written',
    } as const;
    const answer = await backend.command('order-1', 'command-1', prepare);
    assert.equal(answer?.state === 'refused' && answer.reason, 'MOVE_NOT_ALLOWED');
  });

  it('is refused to a stranger, without details of the order', async () => {
    await (await city()).reach('placed');
    const answer = await backend.command('order-1', 'command-1', { ...accept, uid: 'lena' });
    assert.equal(answer?.state === 'refused' && answer.reason, 'ORDER_NOT_FOUND');
  });

  it('is refused to a user who was blocked since', async () => {
    await (await city()).reach('placed');
    const mario = backend.identity.accounts.get('mario');
    assert.ok(mario);
    mario.disabled = true;
    const answer = await backend.command('order-1', 'command-1', accept);
    assert.equal(answer?.state === 'refused' && answer.reason, 'SESSION_REVOKED');
  });

  it('is refused to a revoked session, also when written later, and applied after a new sign-in', async () => {
    await (await city()).reach('placed');
    await backend.call('signOutEverywhere', 'mario', {});
    backend.nowMs += MINUTE;
    const old = await backend.command('order-1', 'command-1', accept);
    assert.equal(old?.state === 'refused' && old.reason, 'SESSION_REVOKED');
    backend.signIn('mario');
    assert.equal((await backend.command('order-1', 'command-2', accept))?.state, 'applied');
  });

  it('is refused to a member whose claim was taken, also when written with an older token', async () => {
    await (await city()).reach('placed');
    await backend.identity.setClaims('mario', { role: 'customer' });
    const answer = await backend.command('order-1', 'command-1', accept);
    assert.equal(answer?.state === 'refused' && answer.reason, 'ORDER_NOT_FOUND');
  });

  it('is refused for money and edits to a member without a membership document, before the claims change', async () => {
    await (await city()).reach('accepted');
    await backend.db.doc('restaurants/rosa/members/mario').delete();
    const cancel = { uid: 'mario', role: 'merchant', request: { type: 'cancel', reason: 'closing' } } as const;
    const answer = await backend.command('order-1', 'command-1', cancel);
    assert.equal(answer?.state === 'refused' && answer.reason, 'ORDER_NOT_FOUND');
    const ready = { ...cancel, request: { type: 'move', move: { action: 'markReady' } } } as const;
    assert.equal((await backend.command('order-1', 'command-2', ready))?.state, 'applied');
  });

  it('is answered, not retried, when no schema knows its move', async () => {
    await (await city()).reach('placed');
    const ref = backend.db.doc('orders/order-1/commands/command-1');
    await ref.set({
      ...accept,
      request: { type: 'move', move: { action: 'deliver', to: 'the moon' } },
      createdAt: new Date(0),
      answer: { state: 'pending' },
    });
    await onOrderCommand(backend.ctx, 'order-1', 'command-1');
    assert.equal((await ref.get()).get('answer.reason'), 'INPUT_INVALID');
  });

  it('is answered, not retried, when its order cannot be read, with an operator task', async () => {
    await (await city()).reach('placed');
    const order = backend.db.doc('orders/order-1');
    await order.update({ totals: 'many' });
    const answer = await backend.command('order-1', 'command-1', accept);
    assert.equal(answer?.state === 'refused' && answer.reason, 'DOCUMENT_UNREADABLE');
    const tasks = await backend.db.collection('operatorTasks').where('path', '==', 'orders/order-1').get();
    assert.equal(tasks.size, 1);
    await order.update({ totals: FieldValue.delete() });
    assert.equal((await backend.command('order-1', 'command-2', accept))?.state, 'applied');
  });

  const cancelBy = (uid: 'carla' | 'mario', limits: { mostMinor?: number; events?: number } = {}) => {
    const role = uid === 'carla' ? ('customer' as const) : ('merchant' as const);
    return backend.command('order-1', `${uid}-command-1`, {
      uid,
      role,
      request: { type: 'cancel', reason: 'too long', ...limits },
    });
  };

  it('cancels at no cost, or at the cost that the customer agreed to', async () => {
    const journey = await city();
    await journey.reach('ready');
    const refused = await cancelBy('carla');
    assert.deepEqual([refused?.state, refused?.state === 'refused' && refused.reason], ['refused', 'COST_NOT_AGREED']);
    assert.equal((await backend.order('order-1')).status, 'ready');
    const agreed = await backend.command('order-1', 'carla-command-2', {
      uid: 'carla',
      role: 'customer',
      request: { type: 'cancel', reason: 'too long', mostMinor: 2740 },
    });
    assert.equal(agreed?.state, 'applied');
    await backend.deliverWebhooks();
  });

  it('does not cancel for the kitchen what an operator has restored since', async () => {
    const journey = await city();
    await journey.reach('preparing');
    await journey.cancel('mario');
    await journey.move('olga', { action: 'restore', reason: 'the wrong order' });
    const refused = await cancelBy('mario');
    assert.deepEqual([refused?.state, refused?.state === 'refused' && refused.reason], ['refused', 'ORDER_CHANGED']);
    const { events } = await backend.order('order-1');
    const again = await backend.command('order-1', 'mario-command-2', {
      uid: 'mario',
      role: 'merchant',
      request: { type: 'cancel', reason: 'oven broken', events: events.length },
    });
    assert.equal(again?.state, 'applied');
    await backend.advance(20 * MINUTE);
    await backend.deliverWebhooks();
  });

  it('lets the customer cancel', async () => {
    await (await city()).reach('placed');
    const cancel = { uid: 'carla', role: 'customer', request: { type: 'cancel', reason: 'too long' } } as const;
    assert.equal((await backend.command('order-1', 'command-1', cancel))?.state, 'applied');
    assert.equal((await backend.order('order-1')).status, 'cancelled');
    await backend.advance(MINUTE);
  });
});
