import { strict as assert } from 'node:assert';
import { computeBalances } from '#simulator/invariants.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { listShown } from '#fixtures/flows.js';
import { Journey } from '#fixtures/journey.js';

const MOVED = ['hold order-1 2940', 'capture order-1 2940', 'transfer order-1 1600 to acct_rosa'];
const unavailable = () => Object.assign(new Error('14 UNAVAILABLE: connection lost'), { code: 14 });

describe('faults of the outside world', () => {
  let backend: Backend;
  const city = async (facts: CityFacts = {}) => new Journey((backend = await aCity(facts)));
  const owed = async (account: string) => 0 - (computeBalances(await readBooks(backend)).get(account) ?? 0);
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  for (const copies of [1, 2, 5]) {
    it(`have the same outcome when every task, webhook and call comes ${copies} times`, async () => {
      const journey = await city();
      backend.tasks.copies = () => copies;
      const each = async (work: () => Promise<unknown>) => {
        for (let copy = 0; copy < copies; copy += 1) await work();
      };
      await journey.place();
      await each(() => journey.move('mario', { action: 'accept' }, 'accept-key'));
      await each(() => journey.move('mario', { action: 'startPreparing' }, 'preparing-key'));
      await journey.offered();
      await each(() => journey.answer('omar', 'accept', 'assign-key'));
      await each(() =>
        backend.command('order-1', 'ready-key', {
          uid: 'mario',
          role: 'merchant',
          request: { type: 'move', move: { action: 'markReady' } },
        }),
      );
      await journey.pickUp();
      await journey.deliver();
      const events = [...backend.fake.events];
      for (const event of events) await each(() => backend.webhook(event));
      await backend.advance(121 * MINUTE);
      const order = await backend.order('order-1');
      assert.equal(order.events.length, 9);
      assert.deepEqual([order.status, order.payment.status, backend.fake.moved], ['completed', 'captured', MOVED]);
      assert.deepEqual(listShown(backend), [
        'device-carla order_accepted order-1-3-0',
        'device-carla order_delivered order-1-8-1',
        'device-carla order_picked_up order-1-7-0',
        'device-mario order_placed order-1-2-0',
        'device-omar courier_offer order-1-offer',
        'device-omar order_ready order-1-6-0',
      ]);
    });
  }

  for (const call of ['payments.capture', 'push.send', 'tasks.cancel']) {
    for (const when of ['before', 'after'] as const) {
      it(`are corrected within a minute when ${call} fails ${when} its effect at the door`, async () => {
        const journey = await (await city()).reach('picked_up');
        backend.conduct.fail(call, when);
        assert.equal((await journey.deliver()).status, 'delivered');
        await backend.advance(MINUTE);
        assert.deepEqual(backend.fake.moved, MOVED.slice(0, 2));
        assert.ok(backend.push.keysTo('device-carla').includes('order_delivered'));
      });
    }
  }

  for (const call of ['payments.open', 'payments.confirm']) {
    for (const when of ['before', 'after'] as const) {
      it(`leave one hold when ${call} fails ${when} its effect and the app calls again`, async () => {
        const journey = await city();
        backend.conduct.fail(call, when);
        await assert.rejects(journey.place());
        const placed = await backend.call('placeOrder', 'carla', {
          quoteId: 'order-1',
          idempotencyKey: 'place-key-1',
          confirmedTotalMinor: 2940,
          paymentMethodId: 'pm_card_visa',
        });
        assert.equal(placed.outcome === 'placed' && placed.status, 'placed');
        assert.deepEqual(backend.fake.moved, MOVED.slice(0, 1));
      });
    }
  }

  for (const when of ['before', 'after'] as const) {
    it(`release a hold once when payments.voidHold fails ${when} its effect`, async () => {
      const journey = await (await city()).reach('placed');
      backend.conduct.fail('payments.voidHold', when);
      await journey.cancel('carla');
      await backend.advance(MINUTE);
      assert.deepEqual(
        [(await backend.order('order-1')).payment.status, backend.fake.moved],
        ['voided', ['hold order-1 2940', 'void order-1']],
      );
    });

    it(`pay the merchant once when payments.transfer fails ${when} its effect`, async () => {
      await (await city()).reach('delivered');
      backend.conduct.fail('payments.transfer', when);
      await backend.advance(123 * MINUTE);
      assert.deepEqual(backend.fake.moved, MOVED);
    });
  }

  it('keep an unpaid order until the provider can tell whether it was paid', async () => {
    const journey = await (await city()).place({ card: null });
    backend.fake.customerPays(journey.orderId);
    backend.fake.events = [];
    backend.conduct.fail('payments.retrieve', 'before');
    await backend.advance(15 * MINUTE);
    assert.equal((await backend.order('order-1')).status, 'pending_payment');
    await backend.advance(MINUTE);
    assert.equal((await backend.order('order-1')).status, 'placed');
  });

  it("create an operator task when the capture keeps failing, and delay the merchant's payout", async () => {
    const journey = await (await city()).reach('picked_up');
    backend.conduct.fail('payments.capture', 'before', new Error('unreachable'), 1000);
    await journey.deliver();
    await backend.advance(3 * 60 * MINUTE);
    const { status, payment } = await backend.order('order-1');
    assert.deepEqual([status, payment.status, backend.fake.transfers.size], ['delivered', 'capturing', 0]);
    assert.equal((await backend.db.doc('operatorTasks/order-1-effect_failed').get()).get('open'), true);
    backend.ctx = { ...backend.ctx, payments: backend.fake };
    await backend.advance(3 * MINUTE);
    assert.equal((await backend.order('order-1')).status, 'completed');
    assert.deepEqual(backend.fake.moved, MOVED);
  });

  it('create an operator task for a deadline without a step, not for one with a step', async () => {
    const journey = await (await city()).reach('delivered');
    const task = backend.db.doc('operatorTasks/order-1-effect_failed');
    const { due } = await backend.order(journey.orderId);
    await backend.db.doc('orders/order-1').update({ due: { kind: 'payOut', atMs: backend.nowMs } });
    await backend.advance(2 * MINUTE);
    assert.equal((await task.get()).get('detail'), 'deadline payOut is refused in status delivered: MOVE_NOT_ALLOWED');
    // The sweeps of the next day pass it over.
    const waitsMs = ((await backend.order('order-1')).due?.atMs ?? 0) - backend.nowMs;
    assert.ok(waitsMs > 23 * 60 * MINUTE, String(waitsMs));
    await task.delete();
    await backend.db.doc('orders/order-1').update({ due });
    await backend.advance(121 * MINUTE);
    assert.deepEqual([(await backend.order('order-1')).status, (await task.get()).exists], ['completed', false]);
  });

  it('notify users once, also when another effect of the step is retried', async () => {
    const journey = await (await city()).reach('picked_up');
    for (const _ of [1, 2, 3]) backend.conduct.fail('payments.capture', 'before');
    await journey.deliver();
    await backend.advance(10 * MINUTE);
    await backend.deliverWebhooks();
    assert.equal(backend.fake.moved.at(-1), 'capture order-1 2940');
    assert.equal(backend.push.keysTo('device-carla').filter((key) => key === 'order_delivered').length, 1);
  });

  it('keep the effects of a commit whose response was lost', async () => {
    const journey = await (await city()).reach('placed');
    backend.conduct.fail('firestore.commit', 'after', unavailable());
    await journey.move('mario', { action: 'accept' });
    assert.deepEqual(backend.push.keysTo('device-carla'), ['order_accepted']);
    assert.equal((await backend.order('order-1')).events.length, 3);
  });

  it('do not stop a step whose recovery task cannot be scheduled', async () => {
    const journey = await (await city()).reach('placed');
    backend.conduct.fail('tasks.schedule', 'before');
    assert.equal((await journey.move('mario', { action: 'accept' })).status, 'accepted');
  });

  it('leave a merchant without an account owed its part, without a payout journal, and notify an operator once', async () => {
    await (await city({ stripeAccountId: null })).reach('completed');
    assert.deepEqual(backend.fake.moved, MOVED.slice(0, 2));
    const task = backend.db.doc('operatorTasks/order-1-effect_failed');
    assert.equal((await task.get()).get('detail'), 'payout 1600 EUR: no connected account, the merchant stays owed');
    await task.update({ open: false });
    await backend.advance(24 * 60 * MINUTE);
    assert.equal((await task.get()).get('open'), false);
    assert.deepEqual(
      [await owed('merchant:rosa'), (await backend.order('order-1')).payment.status],
      [1600, 'captured'],
    );
    // A refund at the merchant's cost takes nothing back from an account that was paid nothing.
    await backend.call('refundOrder', 'olga', {
      orderId: 'order-1',
      idempotencyKey: 'refund-key-1',
      what: { type: 'lines', lines: [{ line: 0, quantity: 1 }] },
      liable: 'merchant',
      reason: 'cold',
      to: 'card',
    });
    assert.deepEqual([await owed('merchant:rosa'), backend.fake.moved.at(-1)], [800, 'refund order-1 1100']);
  });

  it('pay a merchant who was connected just before the payout', async () => {
    await (await city({ stripeAccountId: null })).reach('delivered');
    await backend.advance(119 * MINUTE);
    await backend.db.doc('restaurants/rosa/private/terms').update({ stripeAccountId: 'acct_rosa' });
    await backend.advance(2 * MINUTE);
    assert.deepEqual([await owed('merchant:rosa'), backend.fake.moved.at(-1)], [0, MOVED.at(-1)]);
  });

  it('keep causes of the backend apart from equal keys of clients', async () => {
    const journey = await city({ restaurant: { acceptance: 'auto' } });
    await journey.quote();
    await backend.call('placeOrder', 'carla', {
      quoteId: 'order-1',
      idempotencyKey: 'auto-accept-2',
      confirmedTotalMinor: 2940,
      paymentMethodId: 'pm_card_visa',
    });
    assert.equal((await backend.order('order-1')).status, 'accepted');
  });

  it('delete a phone that the push provider no longer knows', async () => {
    const journey = await (await city()).reach('placed');
    backend.push.unregistered.add('device-carla');
    await journey.move('mario', { action: 'accept' });
    assert.equal((await backend.db.doc('users/carla/devices/phone').get()).exists, false);
  });
});
