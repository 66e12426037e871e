import { strict as assert } from 'node:assert';
import { doorPhoto, ONE_PIXEL_PNG } from '#simulator/people/photos.js';
import { noteSignal } from '#functions/abuse/links.js';
import type { Inputs } from '#functions/calls/callables.js';
import { paths } from '#functions/platform/firestore.js';
import { computeBalances } from '#simulator/invariants.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { anOrder } from '#fixtures/orders.js';

const PHOTO = 'claims/order-1/carla/photo.jpg';

describe('a claim', () => {
  let backend: Backend;
  let journey: Journey;
  beforeEach(async () => {
    backend = await aCity({ zone: { limits: { claimAutoMinor: 1500, claimMinOrders: 0 } } });
    journey = await new Journey(backend).reach('delivered');
  });
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  const claim = (changes: Partial<Inputs['openClaim']> = {}, uid = 'carla') =>
    backend.ask('openClaim', uid, {
      orderId: 'order-1',
      idempotencyKey: 'claim-key-1',
      kind: 'missing',
      lines: [{ line: 0, quantity: 1 }],
      ...changes,
    });
  const decide = (decision: Inputs['decideClaim']['decision'], uid = 'olga') =>
    backend.ask('decideClaim', uid, { orderId: 'order-1', claimId: 'claim-key-1', decision, reason: 'seen the photo' });
  const stored = async (id = 'claim-key-1') => (await paths.claim(backend.db, 'order-1', id).get()).data();
  const refunds = () => backend.fake.moved.filter((moved) => moved.startsWith('refund'));
  const audit = async () => (await backend.db.collection('audit').where('action', '==', 'decideClaim').get()).docs;
  const task = async () => (await backend.db.doc('operatorTasks/order-1-claim-claim-key-1').get()).data();

  it('for one missing pizza is refunded at once, with its tax, at the cost of the kitchen', async () => {
    assert.deepEqual(await claim(), { claimId: 'claim-key-1', status: 'refunded', amountMinor: 1100 });
    assert.deepEqual(refunds(), ['refund order-1 1100']);
    assert.ok(backend.push.keysTo('device-carla').includes('order_refunded'));
    const balances = Object.fromEntries(computeBalances(await readBooks(backend)));
    assert.deepEqual([balances['merchant:rosa'], balances['stripe']], [-800, 1840]);
    assert.equal(await task(), undefined);
  });

  it('waits for an operator where another account of the same phone has claimed before', async () => {
    for (const uid of ['nina', 'carla']) await noteSignal(backend.ctx, uid, { kind: 'device', value: 'one-phone' });
    const before = [{ id: 'claim-key-0', orderId: 'past-1', atMs: backend.nowMs - MINUTE }];
    await paths.claimHistory(backend.db, 'nina').set({ claims: before });
    assert.equal((await claim()).status, 'escalated');
    assert.equal((await stored())?.escalation, 'history');
  });

  it('repeated with the same key is the same claim, and made at once on two phones is one refund', async () => {
    const [first, second] = await Promise.all([claim(), claim()]);
    assert.deepEqual(first, second);
    assert.deepEqual([await claim(), refunds()], [first, ['refund order-1 1100']]);
  });

  it('cannot refund the same pizza twice, nor more than was ordered', async () => {
    await claim();
    const again = (line: number, quantity: number) =>
      claim({ idempotencyKey: 'claim-key-2', lines: [{ line, quantity }] });
    await assert.rejects(again(0, 2), { reason: 'LINE_REFUNDED' });
    await assert.rejects(again(1, 1), { reason: 'LINE_UNKNOWN' });
    // An operator decides the second claim in a row.
    assert.equal((await again(0, 1)).status, 'escalated');
    assert.deepEqual([refunds().length, (await stored('claim-key-2'))?.escalation], [1, 'history']);
  });

  it('for a damaged item needs a photo that the customer uploaded', async () => {
    const wish = { kind: 'damaged', photoPath: PHOTO } as const;
    await assert.rejects(claim(wish), { reason: 'PROOF_NOT_FOUND' });
    await assert.rejects(claim({ ...wish, photoPath: 'claims/order-1/nina/photo.jpg' }), { reason: 'PROOF_NOT_FOUND' });
    backend.files.upload(PHOTO, Buffer.from('<svg/>'.padEnd(64)));
    await assert.rejects(claim(wish), { reason: 'PHOTO_INVALID' });
    backend.files.upload(PHOTO, ONE_PIXEL_PNG);
    await assert.rejects(claim(wish), { reason: 'PHOTO_INVALID' });
    backend.files.upload(PHOTO, doorPhoto('the pizza'));
    assert.equal((await claim(wish)).status, 'refunded');
    assert.deepEqual([(await stored())?.liable, (await stored())?.photoPath], ['platform', PHOTO]);
  });

  it('for a damaged item that the customer collected is refunded at the cost of the kitchen', async () => {
    await backend.close();
    backend = await aCity({ zone: { limits: { claimAutoMinor: 1500, claimMinOrders: 0 } } });
    journey = await new Journey(backend).place({ cart: { kind: 'pickup' } });
    await journey.move('mario', { action: 'accept' });
    await journey.move('mario', { action: 'markReady' });
    await journey.move('mario', { action: 'collect', pin: journey.pin });
    await backend.deliverWebhooks();
    backend.files.upload(PHOTO, doorPhoto('the pizza'));
    assert.equal((await claim({ kind: 'damaged', photoPath: PHOTO })).status, 'refunded');
    assert.deepEqual([(await stored())?.liable, refunds()], ['merchant', ['refund order-1 1100']]);
    const balances = Object.fromEntries(computeBalances(await readBooks(backend)));
    assert.equal(balances['merchant:rosa'], -800);
  });

  for (const [evidence, status, escalation] of [
    ['the pizza', 'escalated', 'photo_seen'],
    ['another', 'refunded', null],
  ] as const) {
    it(`with a photo of ${evidence}, after another customer’s with one of the pizza, is ${status}`, async () => {
      const [other] = (await backend.db.collection('orders').get()).docs;
      await backend.db.doc('orders/order-n').set({ ...other?.data(), customerId: 'nina' });
      const quote = (await backend.db.doc('quotes/order-1').get()).data();
      await backend.db.doc('quotes/order-n').set({ ...quote, customerId: 'nina' });
      const path = 'claims/order-n/nina/photo.jpg';
      backend.files.upload(PHOTO, doorPhoto('the pizza'));
      backend.files.upload(path, doorPhoto(evidence));
      assert.equal((await claim({ kind: 'damaged', photoPath: PHOTO })).status, 'refunded');
      await claim({ orderId: 'order-n', kind: 'damaged', photoPath: path }, 'nina');
      const opened = (await paths.claim(backend.db, 'order-n', 'claim-key-1').get()).data();
      await backend.db.recursiveDelete(backend.db.doc('orders/order-n'));
      const journals = await backend.db.collection('ledger').where('orderId', '==', 'order-n').get();
      await Promise.all(journals.docs.map((journal) => journal.ref.delete()));
      assert.deepEqual([opened?.status, opened?.escalation], [status, escalation]);
    });
  }

  for (const [status, second] of [
    ['expired', 'escalated'],
    ['completed', 'refunded'],
  ] as const) {
    it(`after nine ${status} orders and a first claim is ${second}`, async () => {
      for (let n = 0; n < 9; n += 1)
        await backend.db.doc(`orders/past-${n}`).set(anOrder({ status, createdAtMs: backend.nowMs }));
      await claim();
      assert.equal((await claim({ idempotencyKey: 'claim-key-2' })).status, second);
      for (let n = 0; n < 9; n += 1) await backend.db.doc(`orders/past-${n}`).delete();
    });
  }

  it('above the limit waits for an operator, who refunds it', async () => {
    const all = { lines: [{ line: 0, quantity: 2 }] };
    assert.deepEqual(await claim(all), { claimId: 'claim-key-1', status: 'escalated', amountMinor: 2200 });
    assert.deepEqual([refunds(), (await task())?.['open']], [[], true]);
    assert.equal((await task())?.['detail'], 'claim claim-key-1: missing, 2200 EUR, because of amount');
    const decision = { type: 'refund', to: 'card', liable: 'platform' } as const;
    assert.deepEqual(await decide(decision), { status: 'refunded' });
    assert.deepEqual([refunds(), (await task())?.['open']], [['refund order-1 2200'], false]);
    const [entry, ...more] = await audit();
    assert.deepEqual(
      [more.length, entry?.get('by'), entry?.get('reason'), entry?.get('after')],
      [0, 'olga', 'seen the photo', { status: 'refunded', amountMinor: 2200 }],
    );
    assert.deepEqual(await decide(decision), { status: 'refunded' });
    assert.deepEqual([refunds().length, (await audit()).length], [1, 1]);
    await assert.rejects(decide({ type: 'reject' }), { reason: 'CLAIM_DECIDED' });
  });

  for (const key of ['claim-key-1', 'other-key-1']) {
    it(`is decided by an operator, also where a refund had the key ${key}`, async () => {
      const request = {
        orderId: 'order-1',
        what: { type: 'lines', lines: [{ line: 0, quantity: 1 }] },
        liable: 'merchant',
        reason: 'cold',
        to: 'card',
      } as const;
      await backend.call('refundOrder', 'mario', { ...request, idempotencyKey: key });
      await claim({ kind: 'quality' });
      assert.deepEqual(await decide({ type: 'refund', to: 'card' }), { status: 'refunded' });
      assert.deepEqual(refunds(), ['refund order-1 1100', 'refund order-1 1100']);
    });
  }

  it('may be granted with another amount than claimed', async () => {
    await claim({ kind: 'quality', text: 'soggy' });
    await decide({ type: 'refund', what: { type: 'amount', amountMinor: 300 }, to: 'credit' });
    assert.deepEqual(
      [refunds(), (await backend.db.doc('users/carla/private/standing').get()).get('credits.EUR')],
      [[], 300],
    );
  });

  it("may be rejected, with a notification in the customer's inbox", async () => {
    await claim({ kind: 'late' });
    assert.deepEqual(await decide({ type: 'reject' }), { status: 'rejected' });
    assert.deepEqual([refunds(), backend.push.keysTo('device-carla').at(-1)], [[], 'claim_rejected']);
    assert.equal((await backend.db.doc('users/carla/inbox/order-1-claim-claim-key-1').get()).exists, true);
    assert.equal((await stored())?.decision?.reason, 'seen the photo');
    await assert.rejects(decide({ type: 'refund', to: 'card' }), { reason: 'CLAIM_DECIDED' });
  });

  it('is for the customer of the order, within the time for claims', async () => {
    await assert.rejects(claim({}, 'nina'), { reason: 'ORDER_NOT_FOUND' });
    await assert.rejects(claim({}, 'mario'), { reason: 'ORDER_NOT_FOUND' });
    await backend.advance(3 * 60 * MINUTE);
    assert.equal((await claim()).status, 'escalated');
    await backend.advance(22 * 60 * MINUTE);
    await assert.rejects(claim({ idempotencyKey: 'claim-key-2' }), { reason: 'TOO_LATE' });
  });

  for (const [call, when] of [
    ['payments.refund', 'before'],
    ['payments.refund', 'after'],
    ['firestore.commit', 'after'],
  ] as const) {
    it(`is refunded once within a minute when ${call} fails ${when} its effect`, async () => {
      backend.conduct.fail(call, when, Object.assign(new Error('14 UNAVAILABLE'), { code: 14 }));
      await claim();
      await backend.advance(MINUTE);
      assert.deepEqual([refunds(), (await stored())?.status], [['refund order-1 1100'], 'refunded']);
      assert.equal((await backend.order(journey.orderId)).payment.refundedMinor, 1100);
    });
  }
});

describe('a claim of a customer who was charged without food', () => {
  let backend: Backend;
  let journey: Journey;
  beforeEach(async () => {
    backend = await aCity({ zone: { limits: { claimAutoMinor: 1500, claimMinOrders: 0 } } });
    journey = new Journey(backend);
  });
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  const claim = () =>
    backend.ask('openClaim', 'carla', {
      orderId: 'order-1',
      idempotencyKey: 'claim-key-1',
      kind: 'missing',
      lines: [{ line: 0, quantity: 1 }],
    });

  it('waits for an operator where a pickup order was not collected', async () => {
    await journey.place({ cart: { kind: 'pickup', tipPpm: 0 } });
    await journey.move('mario', { action: 'accept' });
    await journey.move('mario', { action: 'startPreparing' });
    await journey.move('mario', { action: 'markReady' });
    await backend.advance(120 * MINUTE);
    await backend.deliverWebhooks();
    assert.equal((await backend.order('order-1')).events.at(-1)?.reason, 'no_show');
    assert.equal((await claim()).status, 'escalated');
    await backend.ask('decideClaim', 'olga', {
      orderId: 'order-1',
      claimId: 'claim-key-1',
      decision: { type: 'refund', to: 'card' },
      reason: 'the store was closed',
    });
    assert.deepEqual(
      backend.fake.moved.filter((moved) => moved.startsWith('refund')),
      ['refund order-1 1100'],
    );
  });

  it('waits for an operator where the food was brought back', async () => {
    await journey.reach('picked_up');
    await journey.fail();
    await journey.move('olga', { action: 'return', liable: 'customer' });
    await backend.deliverWebhooks();
    assert.equal((await claim()).status, 'escalated');
  });

  it('is refused where the food was brought back without a charge', async () => {
    await journey.reach('picked_up');
    await journey.fail();
    await journey.move('olga', { action: 'return', liable: 'platform' });
    await backend.deliverWebhooks();
    await assert.rejects(claim(), { reason: 'NOT_CHARGED' });
  });
});
