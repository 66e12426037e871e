import { strict as assert } from 'node:assert';
import { Order } from '#functions/contract/orders.js';
import {
  MAX_APPROVALS,
  MAX_ARRIVALS,
  MAX_CONTACTS,
  MAX_EDITS,
  MAX_HAND_BACKS,
  MAX_RESTORES,
  MAX_TOP_UPS,
} from '#functions/orders/model/step-limits.js';
import { readFields } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

/** So many of a step are tried; the contract has room for 200 events. */
const TRIES = 250;

describe('an order with the maximum of each repeated action', function () {
  this.timeout(60_000);
  let backend: Backend;
  const city = async (facts: CityFacts = {}) => new Journey((backend = await aCity(facts)));
  afterEach(async () => {
    // All stored documents stay readable.
    const stored = await backend.db.collection('orders').get();
    for (const order of stored.docs) assert.equal(Order.safeParse(readFields(order)).success, true);
    await assertSound(backend);
    await backend.close();
  });

  /** Repeats a step until it is refused; the reason, and how often it was taken. */
  async function until(step: () => Promise<unknown>): Promise<{ reason: unknown; taken: number }> {
    for (let taken = 0; taken < TRIES; taken += 1) {
      try {
        await step();
      } catch (error) {
        return { reason: error instanceof Error && 'reason' in error ? error.reason : error, taken };
      }
    }
    return { reason: 'none', taken: TRIES };
  }

  it('accepts ten edits, refuses the next, and is delivered nevertheless', async () => {
    const journey = await city();
    await journey.place({ cart: { lines: [{ itemId: 'margherita', quantity: 99 }] } });
    await journey.reach('accepted');
    let quantity = 99;
    const edit = () =>
      backend.call('editOrder', 'mario', {
        orderId: journey.orderId,
        idempotencyKey: journey.key('edit'),
        reason: 'out of dough',
        changes: [{ type: 'reduce', line: 0, quantity: (quantity -= 1) }],
      });
    assert.deepEqual(await until(edit), { reason: 'TOO_MANY_EDITS', taken: MAX_EDITS });
    await journey.reach('delivered');
  });

  it('accepts four edits with a hold of their own, and opens no fifth', async () => {
    const journey = await city();
    await journey.place({
      cart: {
        lines: [
          { itemId: 'margherita', quantity: 1 },
          { itemId: 'margherita', quantity: 6 },
        ],
      },
    });
    await journey.reach('accepted');
    const dearer = async (quantity: number) => {
      const { event } = await backend.call('editOrder', 'mario', {
        orderId: journey.orderId,
        idempotencyKey: journey.key('edit'),
        reason: 'out of dough',
        changes: [
          {
            type: 'substitute',
            line: 0,
            by: { itemId: 'calzone', quantity, modifiers: [{ optionId: 'large', quantity: 1 }] },
          },
        ],
      });
      const answer = {
        orderId: journey.orderId,
        idempotencyKey: journey.key('answer'),
        answer: 'approve',
        event,
        paymentMethodId: 'pm_card_visa',
      };
      return backend.call('answerEdit', 'carla', answer);
    };
    let quantity = 0;
    const opened = await until(() => dearer((quantity += 2)));
    assert.deepEqual(opened, { reason: 'TOO_MANY_TOP_UPS', taken: MAX_TOP_UPS });
    assert.equal((await backend.order(journey.orderId)).payment.topUps?.length, MAX_TOP_UPS);
    assert.equal(backend.fake.moved.filter((move) => move.startsWith('hold')).length, MAX_TOP_UPS + 1);
  });

  it('accepts twenty unpaid approvals, and is answered and delivered nevertheless', async () => {
    const journey = await city();
    await journey.place({
      cart: {
        lines: [
          { itemId: 'margherita', quantity: 1 },
          { itemId: 'margherita', quantity: 6 },
        ],
      },
    });
    await journey.reach('accepted');
    await backend.call('editOrder', 'mario', {
      orderId: journey.orderId,
      idempotencyKey: journey.key('edit'),
      reason: 'out of dough',
      changes: [
        {
          type: 'substitute',
          line: 0,
          by: { itemId: 'calzone', quantity: 2, modifiers: [{ optionId: 'large', quantity: 1 }] },
        },
      ],
    });
    const answer = (how: 'approve' | 'decline') =>
      backend.call('answerEdit', 'carla', {
        orderId: journey.orderId,
        idempotencyKey: journey.key('answer'),
        answer: how,
      });
    assert.deepEqual(await until(() => answer('approve')), { reason: 'TOO_MANY_EDITS', taken: MAX_APPROVALS });
    await answer('decline');
    await journey.reach('delivered');
  });

  it('accepts six calls at the door, refuses the next, and can be declared undeliverable', async () => {
    const journey = await (await city()).reach('picked_up');
    await journey.arrive();
    const contact = async () => {
      await journey.move('omar', { action: 'contact' });
      await backend.advance(MINUTE + 1000);
    };
    assert.deepEqual(await until(contact), { reason: 'TOO_MANY_CONTACTS', taken: MAX_CONTACTS });
    await backend.advance(8 * MINUTE);
    assert.equal((await journey.move('omar', { action: 'fail', reason: 'no answer' })).status, 'undeliverable');
  });

  it('accepts six arrivals that are not credible, notifies the kitchen of one, and is delivered by another courier', async () => {
    const journey = await (await city({ couriers: 2 })).reach('accepted');
    const first = await journey.assign();
    await backend.db.doc(`couriers/${first}`).update({ 'presence.geohash': '000000000' });
    const before = backend.push.sent.length;
    const arrive = () => journey.arrive(first, 'kitchen');
    assert.deepEqual(await until(arrive), { reason: 'TOO_MANY_STEPS', taken: MAX_ARRIVALS });
    assert.equal(backend.push.sent.length - before, 1);
    await journey.move(first, { action: 'unassign', reason: 'flat tyre' });
    const second = await journey.assign();
    assert.notEqual(second, first);
    await journey.arrive(second, 'kitchen');
    await journey.move('mario', { action: 'markReady' });
    await journey.pickUp(second);
    await journey.deliver(second);
  });

  it('accepts calls at the door of a second courier after six of the first', async () => {
    const journey = await (await city({ couriers: 2 })).reach('ready');
    const callAtDoor = async () => {
      const { courierId } = await backend.order(journey.orderId);
      assert.ok(courierId);
      await journey.pickUp(courierId);
      await journey.arrive(courierId);
      const contact = async () => {
        await journey.move(courierId, { action: 'contact' });
        await backend.advance(MINUTE + 1000);
      };
      assert.deepEqual(await until(contact), { reason: 'TOO_MANY_CONTACTS', taken: MAX_CONTACTS });
    };
    await callAtDoor();
    await journey.cancel('olga', { liable: 'platform' });
    await journey.move('olga', { action: 'restore', reason: 'a mistake' });
    await journey.reach('ready');
    await callAtDoor();
  });

  it('can be given back by twelve couriers, and is offered to no thirteenth', async () => {
    const journey = await (
      await city({ couriers: MAX_HAND_BACKS + 4, zone: { limits: { offerWaves: 30 } } })
    ).reach('accepted');
    const giveBack = async () => {
      const uid = await journey.offered();
      await journey.answer(uid, 'accept');
      await journey.move(uid, { action: 'unassign', reason: 'flat tyre' });
    };
    const { reason, taken } = await until(giveBack);
    assert.deepEqual([reason, taken], ['TOO_MANY_STEPS', MAX_HAND_BACKS]);
    assert.equal((await backend.order(journey.orderId)).courierId, null);
  });

  it('can be cancelled and restored five times, then cancelled for good', async () => {
    const journey = await (await city()).reach('accepted');
    const restore = async () => {
      await journey.cancel('olga', { liable: 'platform' });
      await journey.move('olga', { action: 'restore', reason: 'a mistake' });
    };
    assert.deepEqual(await until(restore), { reason: 'TOO_MANY_STEPS', taken: MAX_RESTORES });
    await backend.advance(11 * MINUTE);
    assert.equal((await backend.order(journey.orderId)).payment.status, 'voided');
  });
});
