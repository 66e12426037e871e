import { strict as assert } from 'node:assert';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import type { Inputs } from '#functions/calls/callables.js';
import { Refund } from '#functions/contract/payments.js';
import { paths } from '#functions/platform/firestore.js';
import { computeBalances } from '#simulator/invariants.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { anOrder, aQuote } from '#fixtures/orders.js';

let backend: Backend;
const city = async (facts: CityFacts = {}) => new Journey((backend = await aCity(facts)));
type Wish = Partial<Inputs['refundOrder']>;

const ONE = { type: 'lines' as const, lines: [{ line: 0, quantity: 1 }] };
const refund = (uid: string, wish: Wish = {}) =>
  backend.call('refundOrder', uid, {
    orderId: 'order-1',
    idempotencyKey: 'refund-key-1',
    what: ONE,
    liable: 'merchant',
    reason: 'arrived cold',
    to: 'card',
    ...wish,
  });
const payment = async () => (await backend.order('order-1')).payment;
const balances = async () => Object.fromEntries(computeBalances(await readBooks(backend)));
const stored = async (id = 'refund-key-1') =>
  Refund.parse((await paths.refunds(backend.db, 'order-1').doc(id).get()).data());
const credit = async () => (await backend.db.doc('users/carla/private/standing').get()).get('credits.EUR') ?? 0;
const grant = (amountMinor: number) =>
  backend.call('grantCredit', 'olga', {
    uid: 'carla',
    currency: 'EUR',
    amountMinor,
    reason: 'sorry',
    idempotencyKey: 'grant-key-1',
  });
const operatorTask = async (kind: string) =>
  (await backend.db.doc(`operatorTasks/order-1-${kind}`).get()).get('detail');

describe('a refund', () => {
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  it('goes back to the card with its tax, at the cost of the liable party, before the payout', async () => {
    await (await city()).reach('delivered');
    assert.deepEqual(await refund('olga'), {
      refundId: 'refund-key-1',
      amountMinor: 1100,
      creditMinor: 0,
      status: 'done',
      replayed: false,
    });
    assert.deepEqual([(await payment()).refundedMinor, (await payment()).merchantBearsMinor], [1100, 800]);
    assert.ok(backend.push.keysTo('device-carla').includes('order_refunded'));
    await backend.advance(121 * MINUTE);
    assert.deepEqual(backend.fake.moved.slice(2), ['refund order-1 1100', 'transfer order-1 800 to acct_rosa']);
    const {
      stripe,
      commission,
      'merchant:rosa': merchant,
      [ACCOUNTS.courier('omar')]: courier,
      ...rest
    } = await balances();
    // One of two margheritas: half of the food's tax and of the commission are left.
    assert.deepEqual([stripe, commission, merchant, courier], [1040, -167, 0, -650]);
    assert.deepEqual([rest['restaurantTax:100000'], rest['platformTax:200000']], [-100, -120]);
  });

  it("takes the merchant's part back from its account after the payout", async () => {
    await (await city()).reach('completed');
    await refund('olga');
    assert.deepEqual(backend.fake.moved.slice(2), [
      'transfer order-1 1600 to acct_rosa',
      'refund order-1 1100',
      'reverse order-1 800',
    ]);
    const { stripe, 'merchant:rosa': merchant } = await balances();
    assert.deepEqual([stripe, merchant], [1040, 0]);
  });

  it('is made once per key, with any input of the repeated call', async () => {
    await (await city()).reach('delivered');
    await refund('olga');
    assert.equal((await refund('olga', { what: { type: 'whole' } })).replayed, true);
    assert.deepEqual(backend.fake.moved.slice(2), ['refund order-1 1100']);
  });

  it('of the remaining amount gives back fees and tip, and then nothing is left', async () => {
    await (await city()).reach('delivered');
    await refund('olga');
    const rest = { idempotencyKey: 'refund-key-2', what: { type: 'whole' as const } };
    assert.equal((await refund('olga', rest)).amountMinor, 1840);
    assert.deepEqual((await payment()).refundedMinor, 2940);
    await assert.rejects(refund('olga', { ...rest, idempotencyKey: 'refund-key-3' }), { reason: 'NOTHING_TO_REFUND' });
  });

  it("goes to the customer's credit where chosen, and no money moves", async () => {
    await (await city()).reach('delivered');
    assert.equal((await refund('olga', { to: 'credit' })).creditMinor, 1100);
    assert.deepEqual([await credit(), backend.fake.moved.length], [1100, 2]);
    assert.equal((await balances())[ACCOUNTS.credit('carla')], -1100);
  });

  it('returns an amount paid by credit as credit', async () => {
    const journey = await city();
    await grant(1000);
    await (await journey.place({ cart: { useCredit: true } })).reach('delivered');
    assert.deepEqual([(await payment()).capturedMinor, await credit()], [1940, 0]);
    await refund('olga', { what: { type: 'whole' } });
    assert.deepEqual([await credit(), backend.fake.moved.at(-1)], [1000, 'refund order-1 1940']);
  });

  for (const inCash of [false, true]) {
    it(`and a claim return credit that paid for all of an order ${inCash ? 'in cash' : 'by card'}`, async () => {
      const journey = await city({ zone: { cash: { maxOrderMinor: 5000, courierFloatMinor: 6000, coinMinor: 1 } } });
      await grant(2500);
      const cart = { useCredit: true, tipPpm: 0, ...(inCash && { paymentMethod: 'cash' as const }) };
      await (await journey.place({ card: inCash ? null : 'pm_card_visa', cart })).reach('accepted');
      const changes = [{ type: 'reduce' as const, line: 0, quantity: 1 }];
      await backend.call('editOrder', 'mario', {
        orderId: 'order-1',
        idempotencyKey: 'edit-key-1',
        changes,
        reason: 'none left',
      });
      await journey.reach('delivered');
      assert.deepEqual([(await payment()).status, await credit()], ['voided', 860]);
      const lines = [{ line: 0, quantity: 1 }];
      await backend.call('openClaim', 'carla', {
        orderId: 'order-1',
        idempotencyKey: 'claim-key-1',
        kind: 'missing',
        lines,
      });
      await refund('olga', { what: { type: 'whole' }, to: 'credit' });
      assert.equal(await credit(), 2500);
    });
  }

  it('of a cancelled order returns the credit that paid for its food; of a free one, nothing', async () => {
    const journey = await city();
    await grant(2300);
    await (await journey.place({ cart: { useCredit: true } })).reach('preparing');
    await journey.cancel('carla');
    assert.deepEqual([(await payment()).capturedMinor, await credit()], [0, 100]);
    await refund('olga', { what: { type: 'whole' }, to: 'credit' });
    assert.equal(await credit(), 2300);
    await backend.close();
    await (await (await city()).reach('accepted')).cancel('carla');
    await assert.rejects(refund('olga', { what: { type: 'whole' }, to: 'credit' }), { reason: 'NOT_CHARGED' });
  });

  it('is split over the two payments that an edit made', async () => {
    const journey = await (await city()).reach('accepted');
    const by = { itemId: 'calzone', quantity: 2, modifiers: [{ optionId: 'large', quantity: 1 }] };
    const key = { orderId: 'order-1' };
    await backend.call('editOrder', 'mario', {
      ...key,
      idempotencyKey: 'edit-key-1',
      changes: [{ type: 'substitute', line: 0, by }],
      reason: 'no dough left',
    });
    await backend.call('answerEdit', 'carla', {
      ...key,
      idempotencyKey: 'answer-key-1',
      answer: 'approve',
      paymentMethodId: 'pm_card_visa',
    });
    await journey.reach('delivered');
    const { capturedMinor, topUps } = await payment();
    assert.deepEqual([capturedMinor > 2940, topUps?.length], [true, 1]);
    await refund('olga', { what: { type: 'whole' } });
    const given = (await stored()).parts.map((part) => part.amountMinor);
    assert.deepEqual(given, [2940, capturedMinor - 2940]);
    assert.equal((await payment()).refundedMinor, capturedMinor);
  });

  describe('is refused', () => {
    beforeEach(async () => {
      await (await city()).reach('delivered');
    });
    const REFUSED: readonly (readonly [what: string, uid: string, wish: Wish, reason: string])[] = [
      ['to a stranger', 'nina', {}, 'ROLE_REQUIRED'],
      ['to another restaurant', 'lena', {}, 'ORDER_NOT_FOUND'],
      ['to the owner at another’s cost', 'mario', { liable: 'platform' }, 'ROLE_NOT_ALLOWED'],
      ['to the owner with fees and tip', 'mario', { what: { type: 'whole' } }, 'ROLE_NOT_ALLOWED'],
      ['for a cent too much', 'olga', { what: { type: 'amount', amountMinor: 2941 } }, 'REFUND_TOO_LARGE'],
      [
        'twice for the same line',
        'olga',
        { what: { type: 'lines', lines: [...ONE.lines, ...ONE.lines] } },
        'INPUT_INVALID',
      ],
      [
        'for more units than there were',
        'olga',
        { what: { type: 'lines', lines: [{ line: 0, quantity: 3 }] } },
        'LINE_REFUNDED',
      ],
      [
        'for a line that is not there',
        'olga',
        { what: { type: 'lines', lines: [{ line: 1, quantity: 1 }] } },
        'LINE_UNKNOWN',
      ],
    ];
    for (const [what, uid, wish, reason] of REFUSED) {
      it(`${what}: ${reason}`, async () => {
        await assert.rejects(refund(uid, wish), { reason });
        assert.deepEqual([(await payment()).refundedMinor, backend.fake.moved.length], [0, 2]);
      });
    }
    it('but the owner refunds a line at its own cost', async () =>
      assert.equal((await refund('mario')).amountMinor, 1100));
    it('to an owner without a membership document, before the claims change', async () => {
      await backend.db.doc('restaurants/rosa/members/mario').delete();
      await assert.rejects(refund('mario'), { reason: 'ORDER_NOT_FOUND' });
    });
    it('to the kitchen', async () => {
      backend.identity.add('kim', { merchant: { rosa: 'kitchen' } });
      await backend.db.doc('restaurants/rosa/members/kim').set({ role: 'kitchen', displayName: 'Kim', addedAtMs: 0 });
      await assert.rejects(refund('kim'), { reason: 'ROLE_NOT_ALLOWED' });
    });
  });

  it('is refused before the order is charged', async () => {
    await (await city()).reach('ready');
    await assert.rejects(refund('olga'), { reason: 'NOT_CHARGED' });
  });

  it('uses the uncaptured amount first', async () => {
    const journey = await (await city()).reach('picked_up');
    backend.conduct.fail('payments.capture', 'before');
    await journey.deliver();
    assert.equal((await refund('olga')).status, 'done');
    assert.deepEqual(
      backend.fake.moved.map((what) => what.split(' ')[0]),
      ['hold', 'capture', 'refund'],
    );
  });

  it('of an order cancelled in the kitchen returns no more than was charged', async () => {
    const journey = await (await city()).reach('preparing');
    await backend.call('cancelOrder', 'olga', {
      orderId: 'order-1',
      idempotencyKey: 'cancel-key-1',
      reason: 'asked for it',
      liable: 'customer',
    });
    await assert.rejects(refund('olga'), { reason: 'NOT_CHARGED' });
    await backend.advance(11 * MINUTE);
    assert.equal((await backend.order(journey.orderId)).payment.capturedMinor, 2200);
    assert.equal((await refund('olga', { what: { type: 'whole' } })).amountMinor, 2200);
    await backend.advance(200 * MINUTE);
    assert.equal((await balances())['merchant:rosa'] ?? 0, 0);
  });

  it('that the card does not accept becomes credit, with one operator task', async () => {
    await (await city()).reach('delivered');
    await refund('olga');
    backend.fake.refundFails('re_refund-key-1_pi_order-1');
    const [event] = backend.fake.events.slice(-1);
    assert.ok(event);
    for (let copy = 0; copy < 3; copy += 1) assert.equal((await backend.webhook(event)).status, 200);
    assert.deepEqual([await credit(), (await stored()).parts[0]?.status], [1100, 'failed']);
    assert.match(await operatorTask('refund_failed:refund-key-1:pi_order-1'), /did not take 1100 EUR/);
    const { stripe, [ACCOUNTS.credit('carla')]: owed } = await balances();
    assert.deepEqual([stripe, owed], [2940, -1100]);
  });

  it('that the card does not accept has an operator task of its own, beside that of another refund', async () => {
    await (await city()).reach('delivered');
    for (const idempotencyKey of ['refund-key-1', 'refund-key-2']) {
      await refund('olga', { idempotencyKey });
      backend.fake.refundFails(`re_${idempotencyKey}_pi_order-1`);
      await backend.deliverWebhooks();
    }
    const tasks = await backend.db.collection('operatorTasks').where('kind', '==', 'refund_failed').get();
    assert.deepEqual(
      tasks.docs.map((task) => String(task.get('detail')).split(':')[0]),
      ['refund refund-key-1', 'refund refund-key-2'],
    );
  });

  it('that fails becomes credit although another refund has a name made of its id and its payment', async () => {
    await (await city()).reach('delivered');
    await refund('olga');
    await refund('mario', { idempotencyKey: 'refund-key-1-pi_order-1' });
    backend.fake.refundFails('re_refund-key-1_pi_order-1');
    const [event] = backend.fake.events.slice(-1);
    assert.ok(event);
    assert.equal((await backend.webhook(event)).status, 200);
    assert.equal(await credit(), 1100);
  });

  it("notifies the customer once, also where taking back the merchant's part keeps failing", async () => {
    await (await city()).reach('completed');
    for (const _ of [1, 2, 3]) backend.conduct.fail('payments.reverse', 'before');
    await refund('olga').catch(() => undefined);
    await backend.advance(60 * MINUTE);
    assert.equal((await stored()).status, 'done');
    assert.equal(backend.push.keysTo('device-carla').filter((key) => key === 'order_refunded').length, 1);
  });

  it('that the provider refuses at the call becomes credit at once, with an operator task', async () => {
    await (await city()).reach('delivered');
    backend.fake.refusesRefunds = true;
    assert.equal((await refund('olga')).status, 'done');
    assert.deepEqual([await credit(), (await stored()).parts[0]?.status], [1100, 'failed']);
    assert.match(await operatorTask('refund_failed:refund-key-1:pi_order-1'), /did not take 1100 EUR/);
    await backend.advance(24 * 60 * MINUTE);
    assert.equal(await credit(), 1100);
    assert.equal(backend.push.keysTo('device-carla').filter((key) => key === 'order_refunded').length, 1);
  });

  for (const when of ['before', 'after'] as const) {
    for (const call of ['payments.refund', 'payments.reverse', 'push.send']) {
      it(`is corrected within a minute when ${call} fails ${when} its effect`, async () => {
        await (await city()).reach('completed');
        backend.conduct.fail(call, when);
        // A push has a task of its own: the refund need not wait for it.
        assert.equal((await refund('olga')).status, call === 'push.send' ? 'done' : 'pending');
        await backend.advance(MINUTE);
        assert.deepEqual(backend.push.keysTo('device-carla').includes('order_refunded'), true);
        assert.deepEqual(backend.fake.moved.slice(3), ['refund order-1 1100', 'reverse order-1 800']);
        assert.equal((await stored()).status, 'done');
      });
    }
  }

  it('becomes an operator task when the provider keeps failing', async () => {
    await (await city()).reach('delivered');
    backend.conduct.fail('payments.refund', 'before', new Error('unreachable'), 1000);
    await refund('olga');
    await backend.advance(180 * MINUTE);
    assert.equal(await operatorTask('refund_failed:refund-key-1'), 'refund refund-key-1: unreachable');
  });

  it('is made once when the process dies at any point of it and the operator calls again', async function () {
    this.timeout(60_000);
    await city();
    const died: string[] = [];
    for (let point = 1; ; point += 1) {
      const orderId = `order-${point}`;
      await paidOut(orderId);
      const { diedAt, error } = await backend.conduct.process(point, () => refund('olga', { orderId }));
      if (diedAt === null && error) throw error;
      backend.restart();
      await backend.advance(MINUTE);
      assert.equal((await refund('olga', { orderId })).status, 'done', String(diedAt));
      const moved = backend.fake.moved.filter((one) => one.includes(`${orderId} `));
      assert.deepEqual(moved.slice(3), [`refund ${orderId} 1100`, `reverse ${orderId} 800`], String(diedAt));
      assert.equal((await backend.order(orderId)).payment.refundedMinor, 1100, String(diedAt));
      if (diedAt === null) break;
      died.push(diedAt);
    }
    assert.ok(died.length > 12 && died.includes('after payments.refund'), died.join());
    const journals = await backend.db.collection('ledger').where('kind', 'in', ['refund', 'reversal']).get();
    assert.equal(journals.size, 2 * (died.length + 1));
    for (const path of Object.keys(await backend.dump()))
      if (/^(orders|ledger)\//.test(path)) await backend.db.doc(path).delete();
  });
});

/** An order that was delivered, charged and paid out, without its way there. */
async function paidOut(orderId: string): Promise<void> {
  const { db, fake } = backend;
  const { intentId } = await fake.open({
    orderId,
    purpose: 'order',
    amountMinor: 2940,
    currency: 'EUR',
    customerId: null,
  });
  await fake.confirm({ intentId, paymentMethodId: 'pm_card_visa' });
  await fake.capture({ orderId, intentId, amountMinor: 2940, currency: 'EUR' });
  await fake.transfer({ orderId, accountId: 'acct_rosa', amountMinor: 1600, currency: 'EUR', intentId });
  const order = anOrder({ status: 'completed', payment: { intentId } });
  const transfer = { type: 'transfer', amountMinor: 1600 };
  const events = order.events.map((event) => (event.to === 'completed' ? { ...event, money: transfer } : event));
  await Promise.all([db.doc(`orders/${orderId}`).set({ ...order, events }), paths.quote(db, orderId).set(aQuote())]);
}
