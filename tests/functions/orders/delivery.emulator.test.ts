import { strict as assert } from 'node:assert';
import { onOrderCommand } from '#functions/orders/flow/on-order-command.js';
import { doorPhoto } from '#simulator/people/photos.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE, theDropOff } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { aFix } from '#fixtures/orders.js';

describe('an order delivered', () => {
  let backend: Backend;
  beforeEach(async () => (backend = await aCity()));
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  it('is captured in full at the door and paid out two hours later', async () => {
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

  it('notifies every party once', async () => {
    await new Journey(backend).reach('completed');
    assert.deepEqual(backend.push.keysTo('device-carla'), ['order_accepted', 'order_picked_up', 'order_delivered']);
    assert.deepEqual(backend.push.keysTo('device-mario'), ['order_placed']);
    assert.deepEqual(backend.push.keysTo('device-omar'), ['courier_offer', 'order_ready']);
  });

  it('leaves no pending task, and no address with the courier', async () => {
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

  it('is accepted with a photo from its own folder only', async () => {
    const journey = await new Journey(backend).reach('picked_up');
    const photo = (path: string) =>
      journey.move('omar', { action: 'deliver', fix: aFix('door', backend.nowMs), proof: { type: 'photo', path } });
    backend.files.upload('proofs/order-9/omar/door.png', doorPhoto('order-9'));
    backend.files.upload('proofs/order-1/omar/door.png', doorPhoto('order-1'));
    backend.files.upload('proofs/order-1/omar/door-2.png', Buffer.from('a text, not a photo'.repeat(20)));
    await assert.rejects(photo('proofs/order-9/omar/door.png'), { reason: 'PROOF_NOT_FOUND' });
    await assert.rejects(photo('proofs/order-1/omar/door-2.png'), { reason: 'PHOTO_INVALID' });
    await assert.rejects(photo('proofs/order-1/omar/door-5.jpg'), { reason: 'PROOF_NOT_FOUND' });
    assert.equal((await photo('proofs/order-1/omar/door.png')).status, 'delivered');
  });

  it('shows its photo to the customer alone, and only where it has one', async () => {
    const open = (uid: string) => backend.call('openFile', uid, { type: 'proof', orderId: 'order-1' });
    const journey = await new Journey(backend).reach('picked_up');
    const path = 'proofs/order-1/omar/door.png';
    backend.files.upload(path, doorPhoto('order-1'));
    await assert.rejects(open('carla'), { reason: 'CONTENT_NOT_FOUND' });
    const proof = { type: 'photo' as const, path };
    await journey.move('omar', { action: 'deliver', fix: aFix('door', backend.nowMs), proof });
    assert.match((await open('carla')).url, /proofs\/order-1\/omar\/door\.png/);
    for (const uid of ['nina', 'mario', 'omar']) await assert.rejects(open(uid), { reason: 'CONTENT_NOT_FOUND' });
  });

  it('is handed over as the customer wishes: in person against the PIN', async () => {
    const journey = new Journey(backend);
    await journey.place({ cart: { dropOff: { ...theDropOff, handover: 'meet' } } });
    await journey.reach('picked_up');
    assert.equal((await backend.courier('omar')).active['order-1']?.dropOff.handover, 'meet');
    const path = 'proofs/order-1/omar/door.png';
    backend.files.upload(path, doorPhoto('order-1'));
    const fix = aFix('door', backend.nowMs);
    await assert.rejects(journey.move('omar', { action: 'deliver', fix, proof: { type: 'photo', path } }), {
      reason: 'HAND_OVER_REQUIRED',
    });
    const proof = { type: 'pin' as const, pin: journey.pin };
    assert.equal((await journey.move('omar', { action: 'deliver', fix, proof })).status, 'delivered');
  });

  it('is collected at the counter with the PIN where it is a pickup order, without an offer to couriers', async () => {
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

  it('shows the pick-up code to the kitchen in the response to its steps and by its own call, and in no document', async () => {
    const journey = await new Journey(backend).place();
    const accepted = await journey.move('mario', { action: 'accept' });
    await journey.assign();
    const ready = await journey.move('mario', { action: 'markReady' });
    const read = await backend.ask('readPickUpCode', 'mario', { orderId: 'order-1' });
    const code = journey.pickUpCode();
    assert.deepEqual([accepted.pickUpCode, ready.pickUpCode, read.pickUpCode], [code, code, code]);
    assert.ok(!JSON.stringify(await backend.dump()).includes(`"${code}"`));
    await assert.rejects(backend.ask('readPickUpCode', 'omar', { orderId: 'order-1' }), { reason: 'ROLE_REQUIRED' });
    await journey.reach('picked_up');
    await assert.rejects(backend.ask('readPickUpCode', 'mario', { orderId: 'order-1' }), {
      reason: 'MOVE_NOT_ALLOWED',
    });
  });

  it("does not show the pick-up code to a courier who repeats the key of a kitchen's step", async () => {
    const journey = await new Journey(backend).place();
    await journey.move('mario', { action: 'accept' }, 'accept-key-9');
    await journey.assign();
    const again = await journey.move('omar', { action: 'unassign', reason: 'x' }, 'accept-key-9');
    assert.deepEqual([again.replayed, again.pickUpCode], [true, undefined]);
    assert.equal((await journey.move('mario', { action: 'accept' }, 'accept-key-9')).pickUpCode, journey.pickUpCode());
  });

  it('refuses codes at the counter after five wrong ones: then only the kitchen hands over', async () => {
    const journey = await new Journey(backend).reach('ready');
    const pickUp = (code: string) =>
      journey.move('omar', { action: 'pickUp', code, fix: aFix('kitchen', backend.nowMs) });
    const guesses = ['0000', '0001', '0002', '0003', '0004', '0005', '0006']
      .filter((code) => code !== journey.pickUpCode())
      .slice(0, 6);
    const answers = await Promise.allSettled(guesses.map(pickUp));
    const reasons = answers.map((answer) =>
      answer.status === 'rejected' ? String(answer.reason.reason) : 'picked up',
    );
    assert.deepEqual(reasons.toSorted(), [
      'CODE_LOCKED',
      'CODE_WRONG',
      'CODE_WRONG',
      'CODE_WRONG',
      'CODE_WRONG',
      'CODE_WRONG',
    ]);
    await assert.rejects(journey.pickUp(), { reason: 'CODE_LOCKED' });
    await assert.rejects(journey.move('mario', { action: 'pickUp' }), { reason: 'COURIER_REQUIRED' });
    await journey.arrive('omar', 'kitchen');
    assert.equal((await journey.move('mario', { action: 'pickUp' })).status, 'picked_up');
  });

  it('hands over to the second courier of an order after five wrong codes of the first', async () => {
    await backend.close();
    backend = await aCity({ couriers: 2 });
    const journey = await new Journey(backend).reach('ready');
    const codes = ['0000', '0001', '0002', '0003', '0004', '0005'].filter((code) => code !== journey.pickUpCode());
    for (const code of codes.slice(0, 5))
      await assert.rejects(journey.move('omar', { action: 'pickUp', code, fix: aFix('kitchen', backend.nowMs) }), {
        reason: 'CODE_WRONG',
      });
    await assert.rejects(journey.pickUp('omar'), { reason: 'CODE_LOCKED' });
    await journey.move('omar', { action: 'unassign', reason: 'flat tyre' });
    assert.equal(await journey.assign(), 'omar-2');
    assert.equal((await journey.pickUp('omar-2')).status, 'picked_up');
  });

  it('lets the second courier of an order hand in the code at the counter too', async () => {
    await backend.close();
    backend = await aCity({ couriers: 2 });
    const journey = await new Journey(backend).reach('ready');
    await journey.arrive('omar', 'kitchen');
    await assert.rejects(journey.arrive('omar', 'kitchen'), { reason: 'ALREADY_TOLD' });
    await journey.move('omar', { action: 'unassign', reason: 'flat tyre' });
    assert.equal(await journey.assign(), 'omar-2');
    await journey.arrive('omar-2', 'kitchen');
    await backend.advance(16 * MINUTE);
    assert.equal((await backend.order('order-1')).courierId, 'omar-2');
  });

  it('refuses a wrong PIN and counts it, without another change', async () => {
    const journey = await new Journey(backend).reach('picked_up');
    const wrong = journey.pin === '0000' ? '0001' : '0000';
    const before = await backend.order(journey.orderId);
    await assert.rejects(journey.deliver('omar', wrong), { reason: 'PIN_WRONG' });
    const { wrongDigests, ...after } = await backend.order(journey.orderId);
    assert.deepEqual(after, { ...before, wrongPins: 1 });
    assert.equal(wrongDigests?.length, 1);
    assert.equal((await journey.deliver()).status, 'delivered');
  });

  it('counts the same wrong PIN once, also with a command that is delivered twice, and another one again', async () => {
    const journey = await new Journey(backend).reach('picked_up');
    const [wrong, other] = ['0000', '1111', '2222'].filter((pin) => pin !== journey.pin);
    for (let n = 0; n < 5; n += 1) await assert.rejects(journey.deliver('omar', wrong), { reason: 'PIN_WRONG' });
    assert.equal((await backend.order(journey.orderId)).wrongPins, 1);
    const write = async (n: number, pin = '') => {
      const move = { action: 'deliver', fix: aFix('door', backend.nowMs), proof: { type: 'pin', pin } };
      const id = `omar-command-${n}`;
      const queue = n > 1 ? { after: `omar-command-${n - 1}`, queued: n - 1 } : {};
      const session = { createdAt: new Date(backend.nowMs), authTime: backend.authTime('omar') };
      const command = { uid: 'omar', role: 'courier', n, request: { type: 'move', move }, ...queue, ...session };
      await backend.db
        .doc(`orders/${journey.orderId}/commands/${id}`)
        .set({ ...command, answer: { state: 'pending' } });
      return id;
    };
    const ids = [await write(1, other), await write(2, other), await write(3, journey.pin)];
    await Promise.all([...ids, ...ids].map((id) => onOrderCommand(backend.ctx, journey.orderId, id)));
    const { status, wrongPins } = await backend.order(journey.orderId);
    assert.deepEqual([status, wrongPins], ['delivered', 2]);
  });

  it('refuses PINs after five wrong ones, at once or one by one: then a photo is the proof', async () => {
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
    backend.files.upload('proofs/order-1/omar/door.png', doorPhoto('order-1'));
    const proof = { type: 'photo' as const, path: 'proofs/order-1/omar/door.png' };
    assert.equal(
      (await journey.move('omar', { action: 'deliver', fix: aFix('door', backend.nowMs), proof })).status,
      'delivered',
    );
  });
});
