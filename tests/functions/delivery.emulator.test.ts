import { strict as assert } from 'node:assert';
import { stopServer, type Backend } from '../fixtures/backend.js';
import { assertSound } from '../fixtures/books.js';
import { aCity } from '../fixtures/city.js';
import { Journey } from '../fixtures/journey.js';
import { aFix } from '../fixtures/orders.js';

describe('an order delivered', () => {
  let backend: Backend;
  beforeEach(async () => (backend = await aCity()));
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });
  after(stopServer);

  it('goes from the cart to the door, is captured in full at the door and paid out two hours later', async () => {
    const journey = await new Journey(backend).reach('completed');
    const order = await backend.order(journey.orderId);
    assert.equal(order.status, 'completed');
    assert.deepEqual(order.payment, {
      status: 'captured',
      intentId: 'pi_order-1',
      authorizedMinor: 2940,
      capturedMinor: 2940,
      refundedMinor: 0,
    });
    assert.deepEqual(backend.fake.moved, [
      'hold order-1 2940',
      'capture order-1 2940',
      'transfer order-1 1600 to acct_rosa',
    ]);
    assert.deepEqual(
      order.events.map((event) => event.action),
      ['place', 'confirmPayment', 'accept', 'startPreparing', 'assign', 'markReady', 'pickUp', 'deliver', 'complete'],
    );
  });

  it('tells every party once', async () => {
    await new Journey(backend).reach('completed');
    assert.deepEqual(backend.push.keysTo('device-carla'), ['order_accepted', 'order_picked_up', 'order_delivered']);
    assert.deepEqual(backend.push.keysTo('device-mario'), ['order_placed']);
    assert.deepEqual(backend.push.keysTo('device-omar'), ['courier_offer', 'order_ready']);
  });

  it('leaves no task waiting and no address with the courier', async () => {
    await new Journey(backend).reach('delivered');
    const courier = await backend.courier('omar');
    assert.deepEqual(
      { active: courier.active, load: courier.load, offer: courier.offer },
      { active: {}, load: 0, offer: null },
    );
    assert.deepEqual(
      backend.tasks.waiting.filter((task) => task.name.includes('effects')),
      [],
    );
  });

  it('is delivered by a photo from its own folder, not by one from elsewhere', async () => {
    const journey = await new Journey(backend).reach('picked_up');
    const photo = (path: string) =>
      journey.move('omar', { action: 'deliver', fix: aFix('door', backend.nowMs), proof: { type: 'photo', path } });
    backend.files.paths.add('proofs/order-9/omar/door.jpg').add('proofs/order-1/omar/door.jpg');
    await assert.rejects(photo('proofs/order-9/omar/door.jpg'), { reason: 'PROOF_NOT_FOUND' });
    await assert.rejects(photo('proofs/order-1/omar/door-5.jpg'), { reason: 'PROOF_NOT_FOUND' });
    assert.equal((await photo('proofs/order-1/omar/door.jpg')).status, 'delivered');
  });

  it('is collected at the counter with the PIN when it is a pickup order, and no courier is asked', async () => {
    const journey = await new Journey(backend).place({ cart: { kind: 'pickup' } });
    await journey.reach('preparing');
    await journey.move('mario', { action: 'markReady' });
    await assert.rejects(journey.move('mario', { action: 'collect', pin: journey.pin === '0000' ? '0001' : '0000' }), {
      reason: 'PIN_WRONG',
    });
    assert.equal((await journey.move('mario', { action: 'collect', pin: journey.pin })).status, 'collected');
    await backend.advance(121 * 60_000);
    assert.deepEqual(backend.fake.moved, [
      'hold order-1 2340',
      'capture order-1 2340',
      'transfer order-1 1600 to acct_rosa',
    ]);
    assert.deepEqual(backend.push.keysTo('device-omar'), []);
  });

  it('refuses another PIN and counts it, nothing else', async () => {
    const journey = await new Journey(backend).reach('picked_up');
    const wrong = journey.pin === '0000' ? '0001' : '0000';
    const before = await backend.order(journey.orderId);
    await assert.rejects(journey.deliver('omar', wrong), { reason: 'PIN_WRONG' });
    assert.deepEqual(await backend.order(journey.orderId), { ...before, wrongPins: 1 });
    assert.equal((await journey.deliver()).status, 'delivered');
  });

  it('shuts the door after five wrong PINs, guessed at once or one by one: then a photo proves it', async () => {
    const journey = await new Journey(backend).reach('picked_up');
    const guesses = ['0000', '0001', '0002', '0003', '0004', '0005', '0006']
      .filter((pin) => pin !== journey.pin)
      .slice(0, 6);
    const answers = await Promise.allSettled(guesses.map((pin) => journey.deliver('omar', pin)));
    const reasons = answers
      .map((answer) => (answer.status === 'rejected' ? String(answer.reason.reason) : 'delivered'))
      .toSorted();
    assert.deepEqual(reasons, ['PIN_LOCKED', 'PIN_WRONG', 'PIN_WRONG', 'PIN_WRONG', 'PIN_WRONG', 'PIN_WRONG']);
    await assert.rejects(journey.deliver(), { reason: 'PIN_LOCKED' });
    backend.files.paths.add('proofs/order-1/omar/door.jpg');
    const proof = { type: 'photo' as const, path: 'proofs/order-1/omar/door.jpg' };
    assert.equal(
      (await journey.move('omar', { action: 'deliver', fix: aFix('door', backend.nowMs), proof })).status,
      'delivered',
    );
  });
});
