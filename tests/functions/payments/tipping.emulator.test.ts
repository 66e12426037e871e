import { strict as assert } from 'node:assert';
import { noteSignal } from '#functions/abuse/links.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import type { Inputs } from '#functions/calls/callables.js';
import { paths } from '#functions/platform/firestore.js';
import { handleTask } from '#functions/app/dispatch-task.js';
import { computeBalances } from '#simulator/invariants.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { MINUTE, theLimits } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { anOrder } from '#fixtures/orders.js';

let backend: Backend;
const tip = (wish: Partial<Inputs['addTip']> = {}, uid = 'carla') =>
  backend.call('addTip', uid, {
    orderId: 'order-1',
    idempotencyKey: 'tip-key-1',
    amountMinor: 300,
    paymentMethodId: 'pm_card_visa',
    ...wish,
  });
/** Without a saved card: the app pays with Stripe's sheet. */
const sheetTip = () =>
  backend.call('addTip', 'carla', { orderId: 'order-1', idempotencyKey: 'tip-key-1', amountMinor: 300 });
const status = async (id = 'tip-key-1') => (await backend.db.doc(`orders/order-1/tips/${id}`).get()).get('status');
const earned = async () => -(computeBalances(await readBooks(backend)).get(ACCOUNTS.courier('omar')) ?? 0);
const takes = () => backend.fake.moved.filter((moved) => moved.startsWith('take'));

describe('a tip for a courier whose pay of the order is doubted', () => {
  beforeEach(async () => {
    backend = await aCity({ zone: { limits: { credibility: theLimits().credibility } } });
    await new Journey(backend).reach('delivered');
  });
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });
  const decide = (verdict: 'release' | 'refuse') =>
    backend.ask('decideHeldPay', 'olga', { orderId: 'order-1', payee: 'courier', verdict, reason: 'saw the photo' });
  const notPossible = { reason: 'TIP_NOT_POSSIBLE' };

  it('is refused until an operator has released the pay', async () => {
    await assert.rejects(tip(), notPossible);
    await decide('release');
    assert.equal((await tip()).status, 'paid');
  });

  it('is refused after an operator has refused the pay, and nothing is charged', async () => {
    await decide('refuse');
    await assert.rejects(tip(), notPossible);
    assert.deepEqual(takes(), []);
  });
});

describe('a tip by a rate', () => {
  beforeEach(async () => {
    backend = await aCity();
    await new Journey(backend).reach('delivered');
  });
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });
  const ask = (wish: Partial<Inputs['addTip']>) =>
    backend.call('addTip', 'carla', {
      orderId: 'order-1',
      idempotencyKey: 'tip-key-1',
      paymentMethodId: 'pm_card_visa',
      ...wish,
    });

  it('is a part of the price of the food, half up', async () => {
    const { itemsMinor } = (await backend.order('order-1')).totals;
    const { amountMinor, status: now } = await ask({ ratePpm: 123_456 });
    assert.deepEqual([amountMinor, now], [Math.round(itemsMinor * 0.123456), 'paid']);
  });

  it('is refused below what a card can be charged, and with an amount beside it', async () => {
    await assert.rejects(ask({ ratePpm: 1 }), { reason: 'TIP_OUT_OF_RANGE' });
    for (const wish of [{ ratePpm: 100_000, amountMinor: 300 }, {}])
      await assert.rejects(ask(wish), { reason: 'INPUT_INVALID' });
  });
});

describe('a tip for a courier', () => {
  for (const [device, isRefused] of [
    ['one-phone', true],
    ['another-phone', false],
  ] as const)
    it(`is ${isRefused ? 'refused' : 'paid'} where the customer has one-phone, the courier ${device}`, async () => {
      await new Journey((backend = await aCity())).reach('delivered');
      await noteSignal(backend.ctx, 'carla', { kind: 'device', value: 'one-phone' });
      await noteSignal(backend.ctx, 'omar', { kind: 'device', value: device });
      if (isRefused) await assert.rejects(tip(), { reason: 'PARTY_CONFLICT' });
      else assert.equal((await tip()).status, 'paid');
      await backend.close();
    });
});

describe('a tip after the delivery', () => {
  beforeEach(async () => {
    await new Journey((backend = await aCity())).reach('delivered');
  });
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  it('is charged at once to a saved card, and the courier gets all of it and is notified', async () => {
    assert.equal((await tip()).status, 'paid');
    assert.deepEqual([await earned(), takes()], [950, ['take order-1 300']]);
    assert.deepEqual(backend.push.keysTo('device-omar').slice(-1), ['tip_received']);
  });

  it('is charged and notified once, for any number of calls and events', async () => {
    await tip();
    const [event] = backend.fake.events.slice(-1);
    assert.ok(event);
    for (let copy = 0; copy < 3; copy += 1) assert.equal((await backend.webhook(event)).status, 200);
    assert.deepEqual(await tip(), { tipId: 'tip-key-1', amountMinor: 300, status: 'paid', payment: null });
    assert.deepEqual([await earned(), takes().length], [950, 1]);
    assert.equal(backend.push.keysTo('device-omar').filter((key) => key === 'tip_received').length, 1);
  });

  it('waits for the sheet; a call after it finds the tip paid', async () => {
    const { status: before, payment } = await sheetTip();
    assert.deepEqual([before, payment?.intentId], ['pending', 'pi_order-1_tip-tip-key-1']);
    assert.equal(await earned(), 650);
    backend.fake.customerPays('order-1', 'tip-tip-key-1');
    assert.equal((await sheetTip()).status, 'paid');
    assert.equal(await earned(), 950);
  });

  it('is recorded within a quarter of an hour when the app never calls again', async () => {
    await sheetTip();
    backend.fake.customerPays('order-1', 'tip-tip-key-1');
    await backend.advance(15 * MINUTE);
    assert.deepEqual([await status(), await earned()], ['paid', 950]);
  });

  it('expires after a quarter of an hour, and then another may be given', async () => {
    await sheetTip();
    await assert.rejects(tip({ idempotencyKey: 'tip-key-2' }), { reason: 'TIP_PENDING' });
    await backend.advance(15 * MINUTE);
    assert.equal(await status(), 'lapsed');
    assert.equal((await tip({ idempotencyKey: 'tip-key-2' })).status, 'paid');
  });

  it('expires a little later when the provider does not respond', async () => {
    await sheetTip();
    backend.conduct.fail('payments.voidHold', 'before');
    await backend.advance(15 * MINUTE);
    assert.equal(await status(), 'pending');
    await backend.advance(MINUTE);
    assert.equal(await status(), 'lapsed');
  });

  it('expires and makes room for another when the provider never ends it, with an operator task', async () => {
    await sheetTip();
    const end = () => handleTask(backend.ctx, { type: 'tip', orderId: 'order-1', tipId: 'tip-key-1' }, true);
    backend.conduct.fail('payments.open', 'before');
    await end();
    assert.equal(await status(), 'lapsed');
    const task = await backend.db.doc('operatorTasks/order-1-tip-tip-key-1').get();
    assert.equal(task.get('detail'), 'tip tip-key-1: the provider did not end the payment');
    assert.equal((await tip({ idempotencyKey: 'tip-key-2' })).status, 'paid');
    // The sheet was still open: what it took is the courier's, too.
    backend.fake.customerPays('order-1', 'tip-tip-key-1');
    await backend.deliverWebhooks();
    assert.deepEqual([await status(), await earned()], ['paid', 1250]);
  });

  it('that the card refuses is paid with another', async () => {
    await assert.rejects(tip({ paymentMethodId: 'pm_card_declined' }), { reason: 'PAYMENT_DECLINED' });
    assert.equal((await tip()).status, 'paid');
    assert.equal(takes().length, 1);
  });

  const LIMITS = { reason: 'TIP_OUT_OF_RANGE', details: { minMinor: 50, maxMinor: 2000 } };
  for (const [amountMinor, fits] of [
    [49, false],
    [50, true],
    [2000, true],
    [2001, false],
  ] as const) {
    it(`of ${amountMinor} is ${fits ? 'taken' : 'refused'}`, async () => {
      if (fits) assert.equal((await tip({ amountMinor })).status, 'paid');
      else await assert.rejects(tip({ amountMinor }), LIMITS);
    });
  }

  it('counts earlier tips of the order', async () => {
    await tip({ amountMinor: 1900 });
    await assert.rejects(tip({ idempotencyKey: 'tip-key-2', amountMinor: 101 }), { reason: 'TIP_OUT_OF_RANGE' });
    assert.equal((await tip({ idempotencyKey: 'tip-key-2', amountMinor: 100 })).status, 'paid');
  });

  it('is one of at most ten per order, which together never exceed the price of the food', async () => {
    for (let n = 1; n <= 10; n += 1) {
      assert.equal((await tip({ idempotencyKey: `tip-key-${n}`, amountMinor: 50 })).status, 'paid');
      await backend.advance(30 * MINUTE);
    }
    const more = { idempotencyKey: 'tip-key-11', amountMinor: 50 };
    await assert.rejects(tip(more), { reason: 'LIMIT_REACHED', details: { tips: 10 } });
    const replayed = await tip({ idempotencyKey: 'tip-key-10', amountMinor: 50 });
    assert.deepEqual(replayed, { tipId: 'tip-key-10', amountMinor: 50, status: 'paid', payment: null });
  });

  it('is accepted up to 24 hours after the delivery', async () => {
    await backend.advance(24 * 60 * MINUTE);
    assert.equal((await tip()).status, 'paid');
    await backend.advance(1);
    await assert.rejects(tip({ idempotencyKey: 'tip-key-2' }), { reason: 'TOO_LATE' });
  });

  it("is refused under a key that contains the courier's id", async () => {
    await assert.rejects(tip({ idempotencyKey: 'tip-for-omar' }), { reason: 'INPUT_INVALID' });
    assert.equal((await tip({ idempotencyKey: 'tip-for-oma' })).status, 'paid');
  });
  it('can be given by the customer only', () => assert.rejects(tip({}, 'nina'), { reason: 'ORDER_NOT_FOUND' }));

  for (const call of ['payments.open', 'payments.confirm', 'firestore.commit']) {
    for (const when of ['before', 'after'] as const) {
      it(`is charged once when ${call} fails ${when} its effect and the app calls again`, async () => {
        backend.conduct.fail(call, when);
        await tip().catch(() => undefined);
        assert.equal((await tip()).status, 'paid');
        assert.deepEqual([await earned(), takes().length], [950, 1]);
      });
    }
  }

  it('that was paid when the process died is recorded without the app', async () => {
    backend.conduct.fail('payments.confirm', 'after');
    await assert.rejects(tip());
    await backend.advance(15 * MINUTE);
    assert.deepEqual([await status(), await earned(), takes().length], ['paid', 950, 1]);
  });

  it('is charged and credited once when the process dies at any point of it and the app calls again', async () => {
    const died: string[] = [];
    for (let point = 1; ; point += 1) {
      const orderId = `tipped-${point}`;
      await backend.db.doc(`orders/${orderId}`).set(anOrder({ status: 'delivered' }));
      const { diedAt, error } = await backend.conduct.process(point, () => tip({ orderId }));
      if (diedAt === null && error) throw error;
      backend.restart();
      assert.equal((await tip({ orderId })).status, 'paid', String(diedAt));
      assert.deepEqual(takes().slice(died.length), [`take ${orderId} 300`], String(diedAt));
      assert.equal(await earned(), 650 + 300 * point, String(diedAt));
      await backend.db.doc(`orders/${orderId}`).delete();
      // Here one customer gives more tips than the limit allows.
      for (const limit of (await backend.db.collection('limits').get()).docs) await limit.ref.delete();
      if (diedAt === null) break;
      died.push(diedAt);
    }
    assert.ok(died.length > 10 && died.includes('after payments.confirm'), died.join());
    // Those orders were never settled, so the ledger has no entries of them.
    const journals = await backend.db.collection('ledger').where('orderId', '>=', 'tipped-').get();
    await Promise.all(journals.docs.map((journal) => journal.ref.delete()));
  });
});

describe('a tip to a courier whose account is erased', () => {
  beforeEach(async () => {
    await new Journey((backend = await aCity())).reach('delivered');
  });
  afterEach(() => backend.close());

  /** The pay of the ride leaves, and the courier with it. */
  const courierLeaves = async () => {
    const entries = [
      { account: ACCOUNTS.courier('omar'), amountMinor: 650 },
      { account: ACCOUNTS.bank, amountMinor: -650 },
    ];
    await paths
      .journal(backend.db, 'paid-off')
      .set({ orderId: null, kind: 'correction', currency: 'EUR', atMs: backend.nowMs, entries });
    backend.signIn('omar');
    await backend.call('deleteMyAccount', 'omar', {});
  };
  const erased = async () => {
    await courierLeaves();
    await backend.advance(MINUTE);
    assert.notEqual((await backend.order('order-1')).courierId, 'omar');
    assert.equal((await backend.db.doc('couriers/omar').get()).exists, false);
  };

  for (const [when, leave] of [
    ['has asked for the erasure', courierLeaves],
    ['is erased', erased],
  ] as const) {
    it(`is refused when the courier ${when}`, async () => {
      await leave();
      await assert.rejects(tip(), { reason: 'USER_NOT_FOUND' });
      assert.deepEqual(takes(), []);
    });

    it(`paid in the sheet when the courier ${when} is refunded to the card, once`, async () => {
      await sheetTip();
      backend.conduct.fail('payments.refund', 'after');
      await leave();
      backend.fake.customerPays('order-1', 'tip-tip-key-1');
      const [event] = backend.fake.events.slice(-1);
      assert.ok(event);
      assert.equal((await backend.webhook(event)).status, 500);
      assert.equal(await status(), 'pending');
      for (let copy = 0; copy < 2; copy += 1) assert.equal((await backend.webhook(event)).status, 200);
      assert.equal(await status(), 'returned');
      assert.deepEqual(backend.fake.moved.slice(-2), ['take order-1 300', 'refund order-1 300']);
    });
  }

  it('paid in the sheet when the courier is erased becomes an operator task where the card does not accept the refund', async () => {
    await sheetTip();
    await courierLeaves();
    backend.fake.refusesRefunds = true;
    backend.fake.customerPays('order-1', 'tip-tip-key-1');
    await backend.deliverWebhooks();
    const task = await backend.db.doc('operatorTasks/order-1-tip-tip-key-1').get();
    assert.deepEqual([task.get('kind'), task.get('open')], ['refund_failed', true]);
    assert.match(String(task.get('detail')), /the card did not take 300 EUR back/);
  });
});
