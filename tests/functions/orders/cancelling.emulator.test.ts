import { strict as assert } from 'node:assert';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import type { LiableParty, OrderStatus } from '#functions/contract/orders.js';
import { raiseMerchantDebts } from '#functions/payments/raise-debts.js';
import { markSilentOffline } from '#functions/couriers/mark-stale-offline.js';
import { handleDue } from '#functions/sweep/sweep.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { DOOR_AT, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

let backend: Backend;
const city = async (facts: CityFacts = {}) => new Journey((backend = await aCity(facts)));
const balance = async (account: string) => {
  const ledger = await backend.db.collection('ledger').get();
  const entries: { account: string; amountMinor: number }[] = ledger.docs.flatMap((one) => one.get('entries'));
  return entries.filter((entry) => entry.account === account).reduce((sum, entry) => sum - entry.amountMinor, 0);
};
const close = async () => {
  await backend.deliverWebhooks();
  await assertSound(backend);
  await backend.close();
};

describe('a cancellation by the customer', () => {
  afterEach(close);

  const cases: [status: OrderStatus, waitedMs: number, moved: string, merchantMinor: number][] = [
    ['placed', 0, 'void order-1', 0],
    ['accepted', 60_000, 'void order-1', 0],
    ['accepted', 61_000, 'capture order-1 2200', 1600],
    ['preparing', 0, 'capture order-1 2200', 1600],
    ['ready', 0, 'capture order-1 2600', 1600],
  ];
  for (const [status, waitedMs, moved, merchantMinor] of cases) {
    it(`in ${status} after ${waitedMs / 1000} s leads to "${moved}" and ${merchantMinor} for the merchant`, async () => {
      const journey = await (await city()).reach(status);
      await backend.advance(waitedMs);
      const answer = await journey.cancel('carla');
      assert.equal(answer.status, 'cancelled');
      assert.equal(backend.fake.moved.at(-1), moved);
      assert.equal(await balance('merchant:rosa'), merchantMinor);
    });
  }

  it('is refused with its cost where that is more than the customer agreed to', async () => {
    const journey = await (await city()).reach('ready');
    await assert.rejects(journey.cancel('carla', { mostMinor: 2599 }), {
      reason: 'COST_NOT_AGREED',
      details: { costMinor: 2600 },
    });
    assert.equal((await journey.cancel('carla', { mostMinor: 2600 })).status, 'cancelled');
  });

  it('is not limited by an agreement of the kitchen or an operator', async () => {
    const journey = await (await city()).reach('ready');
    assert.equal((await journey.cancel('olga', { liable: 'customer', mostMinor: 0 })).status, 'cancelled');
    await backend.advance(20 * MINUTE);
  });

  it('that charges for the food pays the kitchen two hours later, once', async () => {
    const journey = await (await city()).reach('preparing');
    await journey.cancel('carla');
    await backend.deliverWebhooks();
    assert.equal(backend.fake.transfers.size, 0);
    await backend.advance(122 * MINUTE);
    assert.equal(backend.fake.moved.at(-1), 'transfer order-1 1600 to acct_rosa');
    assert.equal(await balance('merchant:rosa'), 0);
    assert.equal((await backend.order('order-1')).due, null);
  });

  for (const [came, paid, held] of [
    [true, 450, 0],
    [false, 0, 450],
  ] as const) {
    it(`in ready pays the courier who ${came ? 'had come to the counter' : 'had accepted only, once an operator confirms it'}`, async () => {
      const journey = await (await city()).reach('ready');
      if (came) await journey.arrive('omar', 'kitchen');
      await journey.cancel('carla');
      // Pay 3.00 + 3 km × 0.50; no tip.
      assert.deepEqual([await balance(ACCOUNTS.courier('omar')), await balance(ACCOUNTS.held('omar'))], [paid, held]);
      const pay = (await backend.db.doc('heldPays/order-1-courier').get()).data();
      assert.deepEqual(pay?.['doubts'], came ? undefined : ['not_at_counter']);
    });
  }

  it('in picked_up is refused', async () => {
    const journey = await (await city()).reach('picked_up');
    await assert.rejects(journey.cancel('carla'), { reason: 'ROLE_NOT_ALLOWED' });
  });
});

describe('an order that is late', () => {
  afterEach(close);
  /** The courier's last heartbeat was four minutes ago when the sweep looks: it does so every third minute. */
  const fallSilent = async () => {
    backend.nowMs = Math.ceil((backend.nowMs + 4 * MINUTE) / (3 * MINUTE)) * 3 * MINUTE;
    await backend.db.doc('couriers/omar').update({ 'presence.at': new Date(backend.nowMs - 4 * MINUTE) });
    assert.equal(await markSilentOffline(backend.ctx), 1);
  };
  const assignments = async () =>
    (await backend.order('order-1')).events
      .filter(({ action }) => action.endsWith('ssign'))
      .map(({ action, by, courierId, reason }) => [action, by, courierId, reason]);

  it('is taken from a silent courier whose other order cannot be read', async () => {
    await (await city({ couriers: 2 })).reach('ready');
    const active = (await backend.courier('omar')).active['order-1'];
    await backend.db.doc('couriers/omar').update({ active: { 'a-bad-one': active, 'order-1': active } });
    await backend.db.doc('orders/a-bad-one').set({ status: 'ready', courierId: 'omar' });
    await fallSilent();
    assert.equal((await backend.order('order-1')).courierId, null);
    const tasks = await backend.db.collection('operatorTasks').where('kind', '==', 'document_failed').get();
    assert.deepEqual(
      tasks.docs.map((task) => String(task.get('path'))),
      ['orders/a-bad-one'],
    );
    for (const one of [...tasks.docs.map(({ ref }) => ref), backend.db.doc('orders/a-bad-one')]) await one.delete();
    await backend.db.doc('couriers/omar').update({ active: {} });
  });

  it('is taken from a courier who does not come to the counter, and offered to others only', async () => {
    const journey = await (await city({ couriers: 2 })).reach('ready');
    await backend.advance(14 * MINUTE);
    assert.equal((await backend.order('order-1')).courierId, 'omar');
    await backend.advance(2 * MINUTE);
    assert.equal(await journey.offered(), 'omar-2');
    assert.deepEqual(await assignments(), [
      ['assign', 'courier', 'omar', undefined],
      ['unassign', 'system', 'omar', 'no_arrival'],
    ]);
    assert.deepEqual((await backend.courier('omar')).active, {});
    await journey.answer('omar-2', 'accept');
    await journey.pickUp('omar-2');
    assert.equal((await backend.order('order-1')).status, 'picked_up');
  });

  it('stays with a courier who has come to the counter', async () => {
    const journey = await (await city({ couriers: 2 })).reach('ready');
    await journey.arrive('omar', 'kitchen');
    await backend.advance(17 * MINUTE);
    assert.equal((await backend.order('order-1')).courierId, 'omar');
    await journey.pickUp();
  });

  it('is taken from a silent courier before the time for the ride has passed', async () => {
    const journey = await (await city({ couriers: 2 })).reach('ready');
    await fallSilent();
    assert.deepEqual((await assignments()).at(-1), ['unassign', 'system', 'omar', 'courier_silent']);
    assert.equal(await journey.offered(), 'omar-2');
  });

  it('stays with a silent courier who has come to the counter', async () => {
    const journey = await (await city({ couriers: 2 })).reach('ready');
    await journey.arrive('omar', 'kitchen');
    await fallSilent();
    assert.equal((await backend.order('order-1')).courierId, 'omar');
  });

  it("costs its customer nothing three hours after a courier accepted it and never came: the kitchen's pay waits for an operator", async () => {
    const journey = await (await city()).reach('ready');
    backend.sweeps = false;
    await backend.advance(180 * MINUTE);
    await journey.cancel('carla');
    assert.deepEqual(backend.fake.moved, ['hold order-1 2940', 'void order-1']);
    assert.equal(await balance('heldMerchant:rosa'), 1600);
  });

  it('costs its customer and the platform nothing where the kitchen is late', async () => {
    const journey = await (await city()).reach('preparing');
    backend.sweeps = false;
    await backend.advance(36 * MINUTE);
    await journey.cancel('carla');
    assert.deepEqual(backend.fake.moved, ['hold order-1 2940', 'void order-1']);
    assert.equal(await balance('merchant:rosa'), 0);
  });
});

describe('a cancellation while the courier waits at the counter', () => {
  afterEach(close);

  const ready = async (facts: CityFacts = {}) => (await city(facts)).reach('ready');
  for (const [came, courierMinor] of [
    [true, 450],
    [false, 0],
  ] as const)
    it(`by the merchant ${came ? 'owes the held pay of' : 'does not pay'} a courier who ${came ? 'arrived' : 'is still under way'}`, async () => {
      const journey = await ready();
      if (came) await journey.arrive('omar', 'kitchen');
      await journey.cancel('mario');
      // An operator may restore the order for ten minutes.
      await backend.advance(11 * MINUTE);
      assert.deepEqual(
        [await balance(ACCOUNTS.held('omar')), await balance('merchant:rosa'), await balance('courierCost')],
        [courierMinor, 0 - courierMinor, 0],
      );
      assert.equal(backend.fake.moved.at(-1), 'void order-1');
    });

  it("is deducted from the merchant's next payout, and refunds of that one beyond its transfer from the next", async () => {
    const journey = await ready();
    await journey.arrive('omar', 'kitchen');
    await journey.cancel('mario');
    await backend.advance(11 * MINUTE);
    const debt = async () =>
      (await backend.db.doc('restaurants/rosa/private/terms').get()).get('debt.owedMinor') as unknown;
    assert.equal(await debt(), 450);
    await new Journey(backend).reach('completed');
    assert.equal(backend.fake.moved.at(-1), 'transfer order-2 1150 to acct_rosa');
    assert.deepEqual([await debt(), await balance('merchant:rosa')], [0, 0]);
    const refund = { orderId: 'order-2', liable: 'merchant' as const, reason: 'cold', to: 'card' as const };
    await backend.ask('refundOrder', 'olga', { ...refund, idempotencyKey: 'refund-key-1', what: { type: 'whole' } });
    assert.equal(backend.fake.moved.at(-1), 'reverse order-2 1150');
    assert.deepEqual([await debt(), await balance('merchant:rosa')], [450, -450]);
  });
});

describe("a merchant's debt that no payout deducts", () => {
  afterEach(close);

  const night = async (days: number) => {
    await backend.advance(days * 24 * 60 * MINUTE);
    await raiseMerchantDebts(backend.ctx);
    return (await backend.db.doc('operatorTasks/merchant-owes-rosa').get()).exists;
  };
  it("becomes an operator task after the zone's days, counted again from a payout that deducted something", async () => {
    backend = await aCity();
    const owing = async () => {
      const journey = await new Journey(backend).reach('ready');
      await journey.arrive('omar', 'kitchen');
      await journey.cancel('mario');
    };
    await owing();
    assert.equal(await night(1), false);
    assert.equal(await night(13), false);
    await new Journey(backend).reach('completed');
    await owing();
    assert.equal(await night(1), false);
    assert.equal(await night(13), false);
    assert.equal(await night(1), true);
  });
});

describe('a cancellation by the merchant', () => {
  afterEach(close);

  it('keeps the hold for 10 minutes, then releases it; the merchant is unpaid', async () => {
    const journey = await (await city()).reach('preparing');
    await journey.cancel('mario');
    await backend.advance(9 * MINUTE);
    assert.equal((await backend.order('order-1')).payment.status, 'authorized');
    await backend.advance(2 * MINUTE);
    assert.equal((await backend.order('order-1')).payment.status, 'voided');
    assert.equal(await balance('merchant:rosa'), 0);
  });

  it('is undone by an operator within 10 minutes, and the order is then delivered', async () => {
    const journey = await (await city()).reach('ready');
    await journey.cancel('mario');
    await backend.advance(9 * MINUTE);
    const restored = await journey.move('olga', { action: 'restore', reason: 'a slip of the finger' });
    assert.equal(restored.status, 'accepted');
    assert.equal((await backend.order('order-1')).courierId, null);
    await journey.reach('completed');
    assert.deepEqual(backend.fake.moved.slice(-2), ['capture order-1 2940', 'transfer order-1 1600 to acct_rosa']);
  });

  it('cannot be undone after 10 minutes', async () => {
    const journey = await (await city()).reach('preparing');
    await journey.cancel('mario');
    await backend.advance(11 * MINUTE);
    await assert.rejects(journey.move('olga', { action: 'restore', reason: 'too late' }), { reason: 'HOLD_GONE' });
  });
});

describe('a cancellation by an operator', () => {
  afterEach(close);

  const cases: [LiableParty, moved: string, merchantMinor: number][] = [
    ['customer', 'capture order-1 2740', 1600],
    ['merchant', 'void order-1', 0],
    ['courier', 'void order-1', 1600],
    ['platform', 'void order-1', 1600],
  ];
  for (const [liable, moved, merchantMinor] of cases) {
    it(`after the pickup with the ${liable} liable leads to "${moved}"`, async () => {
      const journey = await (await city()).reach('picked_up');
      await journey.cancel('olga', { liable });
      await backend.advance(11 * MINUTE);
      assert.equal(backend.fake.moved.at(-1), moved);
      assert.equal(await balance('merchant:rosa'), merchantMinor);
    });
  }

  it('is refused without a liable party', async () => {
    const journey = await (await city()).reach('accepted');
    await assert.rejects(journey.cancel('olga'), { reason: 'LIABLE_PARTY_REQUIRED' });
  });
});

describe('the deadlines of an order', () => {
  afterEach(close);

  it('remind the restaurant at 1, 3 and 6 minutes and reject at 10', async () => {
    const journey = await (await city()).reach('placed');
    await backend.advance(10 * MINUTE);
    assert.deepEqual(backend.push.keysTo('device-mario'), [
      'order_placed',
      'order_waiting',
      'order_waiting',
      'order_waiting',
    ]);
    const { status, events } = await backend.order(journey.orderId);
    assert.deepEqual(
      [status, events.at(-1)?.reason, backend.fake.moved.at(-1)],
      ['rejected', 'no_answer', 'void order-1'],
    );
    const minutes = events.map((event) => (event.atMs - START_MS) / MINUTE);
    assert.deepEqual(minutes, [0, 0, 1, 3, 6, 10]);
  });

  it('pause a restaurant for 30 minutes after three unanswered orders in a row', async () => {
    await city();
    for (const nth of [1, 2, 3]) {
      const before = (await backend.db.doc('restaurants/rosa').get()).get('availability');
      assert.equal(before, 'online', `before order ${nth}`);
      await new Journey(backend).reach('placed');
      await backend.advance(10 * MINUTE);
    }
    const restaurant = await backend.db.doc('restaurants/rosa').get();
    assert.equal(restaurant.get('availability'), 'paused');
    assert.equal(restaurant.get('pausedUntilMs'), backend.nowMs + 30 * MINUTE);
    await assert.rejects(new Journey(backend).quote(), { reason: 'RESTAURANT_CLOSED' });
    await backend.advance(30 * MINUTE);
    await new Journey(backend).quote();
  });

  it('do not pause a restaurant that missed one order, also where customers cancel the next two', async () => {
    await city();
    await new Journey(backend).reach('placed');
    for (const n of [1, 2]) {
      const { orderId } = await new Journey(backend).reach('placed');
      await backend.call('cancelOrder', 'carla', { orderId, idempotencyKey: `cancel-key-${n}`, reason: 'no_answer' });
    }
    await backend.advance(10 * MINUTE);
    assert.equal((await backend.order('order-1')).events.at(-1)?.reason, 'no_answer');
    assert.equal((await backend.db.doc('restaurants/rosa').get()).get('availability'), 'online');
  });

  it('do not pause a restaurant that accepted one of three', async () => {
    await city();
    for (const _ of [1, 2]) {
      await new Journey(backend).reach('placed');
      await backend.advance(10 * MINUTE);
    }
    await new Journey(backend).reach('accepted');
    assert.equal((await backend.db.doc('restaurants/rosa').get()).get('availability'), 'online');
  });

  it('cancel 20 minutes after ready without a courier; the platform pays the kitchen', async () => {
    const journey = await (await city({ couriers: 0 })).reach('preparing');
    await journey.move('mario', { action: 'markReady' });
    await backend.advance(19 * MINUTE);
    assert.equal((await backend.order('order-1')).status, 'ready');
    await backend.advance(2 * MINUTE);
    const { status, events } = await backend.order('order-1');
    assert.deepEqual(
      [status, events.at(-1)?.liable, events.at(-1)?.scope],
      ['cancelled', 'platform', 'platformPaysKitchen'],
    );
    assert.equal(backend.fake.moved.at(-1), 'void order-1');
    assert.deepEqual([await balance('heldMerchant:rosa'), await balance('orderLosses')], [1600, -1600]);
  });

  it('do not cancel an order that a courier accepted after the sweep had read it', async () => {
    const journey = await (await city()).reach('preparing');
    await backend.db.doc('couriers/omar').update({ online: false });
    await journey.move('mario', { action: 'markReady' });
    const seen = await backend.order('order-1');
    backend.sweeps = false;
    await backend.advance(19 * MINUTE + 50_000);
    await backend.db.doc('couriers/omar').update({ online: true });
    await backend.advance(45_000);
    await journey.assign();
    await handleDue(backend.ctx, 'order-1', seen);
    assert.deepEqual(
      [(await backend.order('order-1')).status, backend.nowMs >= (seen.due?.atMs ?? Infinity)],
      ['ready', true],
    );
  });

  it("cancel an order without a courier whose store has gone offline; an operator decides on the kitchen's pay", async () => {
    const journey = await (await city()).place({ cart: { kind: 'pickup', dropOff: null, tipPpm: 0 } });
    await journey.reach('ready');
    await backend.ask('switchStore', 'mario', { restaurantId: 'rosa', to: { type: 'offline' } });
    await backend.advance(80 * MINUTE);
    const { status, payment } = await backend.order('order-1');
    assert.deepEqual([status, payment.capturedMinor], ['cancelled', 0]);
    assert.deepEqual((await backend.db.doc('heldPays/order-1-kitchen').get()).get('doubts'), ['unpaid']);
  });

  it('charge a pickup order that is not collected within 45 minutes after the promised time', async () => {
    const journey = await (await city()).place({ cart: { kind: 'pickup' } });
    await journey.reach('preparing');
    // Twenty minutes early.
    await journey.move('mario', { action: 'markReady' });
    await backend.advance(64 * MINUTE);
    assert.equal((await backend.order('order-1')).status, 'ready');
    await backend.advance(2 * MINUTE);
    assert.equal((await backend.order('order-1')).status, 'cancelled');
    assert.equal(backend.fake.moved.at(-1), 'capture order-1 2200');
  });

  it('do not charge a pickup order whose store is paused since it answers no orders, unless it answers again', async () => {
    for (const returns of [false, true]) {
      const journey = await (await city()).place({ cart: { kind: 'pickup', tipPpm: 0 } });
      await journey.reach('ready');
      for (const _ of [1, 2, 3]) await new Journey(backend).place();
      await backend.advance(11 * MINUTE);
      assert.equal((await backend.db.doc('restaurants/rosa').get()).get('availability'), 'paused');
      await backend.ask('switchStore', 'mario', { restaurantId: 'rosa', to: { type: 'online' } });
      if (returns) await new Journey(backend).reach('accepted');
      await backend.advance(70 * MINUTE);
      const { status, payment } = await backend.order(journey.orderId);
      assert.deepEqual([status, payment.capturedMinor], ['cancelled', returns ? 2200 : 0]);
      if (!returns) await backend.close();
    }
  });

  it('do not charge a pickup order after five wrong PINs of the kitchen; an operator hands it over', async () => {
    const journey = await (await city()).place({ cart: { kind: 'pickup' } });
    await journey.reach('preparing');
    await journey.move('mario', { action: 'markReady' });
    const wrong = ['0000', '0001', '0002', '0003', '0004', '0005'].filter((pin) => pin !== journey.pin).slice(0, 5);
    for (const pin of wrong)
      await assert.rejects(journey.move('mario', { action: 'collect', pin }), { reason: 'PIN_WRONG' });
    await assert.rejects(journey.move('mario', { action: 'collect', pin: journey.pin }), { reason: 'PIN_LOCKED' });
    await backend.advance(66 * MINUTE);
    assert.equal(backend.fake.moved.at(-1), 'void order-1');
    await close();
    const again = await (await city()).place({ cart: { kind: 'pickup' } });
    await again.reach('preparing');
    await again.move('mario', { action: 'markReady' });
    await assert.rejects(again.move('mario', { action: 'collect' }), { reason: 'PIN_WRONG' });
    assert.equal((await again.move('olga', { action: 'collect' })).status, 'collected');
  });

  it('do not cancel a delivery for a slot before the slot', async () => {
    const slotMs = START_MS + 180 * MINUTE;
    const journey = await (await city()).place({ cart: { scheduledForMs: slotMs } });
    await backend.advance(150 * MINUTE);
    await journey.reach('picked_up');
    await assert.rejects(journey.fail(), { reason: 'TOO_EARLY' });
    backend.nowMs = slotMs + 8 * MINUTE;
    assert.equal(
      (await journey.move('omar', { action: 'fail', reason: 'no answer at the door' })).status,
      'undeliverable',
    );
  });

  it('create an operator task for a courier who does not come within 15 minutes after ready', async () => {
    await (await city()).reach('ready');
    await backend.advance(16 * MINUTE);
    assert.equal((await backend.db.doc('operatorTasks/order-1-pick_up_late').get()).get('open'), true);
  });

  it('give the customer a new time when the kitchen is 10 minutes late', async () => {
    const journey = await (await city()).reach('preparing');
    const { readyAtMs, promisedAtMs } = await backend.order(journey.orderId);
    await backend.advance(31 * MINUTE);
    const late = await backend.order(journey.orderId);
    assert.deepEqual([late.readyAtMs, late.promisedAtMs], [(readyAtMs ?? 0) + 20 * MINUTE, promisedAtMs]);
    assert.ok(backend.push.keysTo('device-carla').includes('order_delayed'));
  });
});

describe('an order that cannot be delivered', () => {
  afterEach(close);

  it("needs two contacts and 8 minutes at the door, by the server's own clock", async () => {
    const journey = await (await city()).reach('picked_up');
    const fail = () => journey.move('omar', { action: 'fail', reason: 'no answer at the door' });
    await backend.advance(60 * MINUTE);
    await assert.rejects(fail(), { reason: 'TOO_EARLY' });
    await assert.rejects(journey.arrive('omar', 'kitchen'), { reason: 'TOO_FAR_FROM_STOP' });
    await journey.arrive();
    await journey.move('omar', { action: 'contact' });
    await assert.rejects(journey.move('omar', { action: 'contact' }), { reason: 'TOO_EARLY' });
    await backend.advance(8 * MINUTE);
    await assert.rejects(fail(), { reason: 'TOO_EARLY' });
    await journey.move('omar', { action: 'contact' });
    assert.equal((await fail()).status, 'undeliverable');
  });

  it('notifies the customer once that the courier is near, once of the arrival, and of each call', async () => {
    const journey = await (await city()).reach('picked_up');
    const at = (meters: number) => ({
      lat: DOOR_AT.lat + meters / 111_195,
      lng: DOOR_AT.lng,
      takenAtMs: backend.nowMs,
    });
    const arrive = (meters: number) => journey.move('omar', { action: 'arrive', fix: at(meters) });
    await arrive(140);
    await assert.rejects(arrive(120), { reason: 'ALREADY_TOLD' });
    await arrive(70);
    await assert.rejects(arrive(10), { reason: 'ALREADY_TOLD' });
    await journey.move('omar', { action: 'contact' });
    assert.deepEqual(backend.push.keysTo('device-carla').slice(-3), ['courier_near', 'courier_here', 'courier_waits']);
  });

  it('notifies the kitchen that the courier is at the counter', async () => {
    const journey = await (await city()).reach('preparing');
    await journey.assign();
    await journey.arrive('omar', 'kitchen');
    assert.equal(backend.push.keysTo('device-mario').at(-1), 'courier_at_counter');
  });

  // The ride of 4.50, and 60 % of it for the way back.
  const cases: [by: string, LiableParty | undefined, moved: string, merchantMinor: number, courierMinor: number][] = [
    ['omar', undefined, 'capture order-1 2740', 1600, 720],
    ['olga', 'customer', 'capture order-1 2740', 1600, 720],
    ['olga', 'merchant', 'void order-1', 0, 720],
    ['olga', 'courier', 'void order-1', 1600, 0],
    ['olga', 'platform', 'void order-1', 1600, 720],
  ];
  for (const [by, liable, moved, merchantMinor, courierMinor] of cases) {
    it(`returned by ${by} with ${liable ?? 'no party'} liable leads to "${moved}"`, async () => {
      const journey = await (await city()).reach('picked_up');
      await journey.fail();
      await journey.bringBack(by, liable);
      assert.equal((await backend.order('order-1')).status, 'returned');
      assert.equal(backend.fake.moved.at(-1), moved);
      assert.deepEqual(
        [await balance('merchant:rosa'), await balance(ACCOUNTS.courier('omar'))],
        [merchantMinor, courierMinor],
      );
    });
  }

  it('may not be made free for the customer by a courier', async () => {
    const journey = await (await city()).reach('picked_up');
    await journey.fail();
    await assert.rejects(journey.bringBack('omar', 'platform'), {
      reason: 'ROLE_NOT_ALLOWED',
    });
  });
});

describe('a rejection', () => {
  afterEach(close);

  it('releases the hold and marks the items of the order as sold out, no others', async () => {
    const journey = await (await city()).reach('placed');
    await journey.move('mario', { action: 'reject', reason: 'out_of_stock', itemIds: ['margherita', 'cola'] });
    assert.equal(backend.fake.moved.at(-1), 'void order-1');
    assert.deepEqual((await backend.db.doc('restaurants/rosa').get()).get('soldOut'), {
      margherita: START_MS + 24 * 60 * MINUTE,
    });
    await assert.rejects(new Journey(backend).quote(), { reason: 'ITEM_SOLD_OUT' });
  });

  it('adds no item to a full list of sold-out ones, which the menu tools can still change', async () => {
    const untilMs = START_MS + 60 * MINUTE;
    for (const [count, isMarked] of [
      [999, true],
      [1000, false],
    ] as const) {
      const journey = await (await city()).reach('placed');
      const soldOut = Object.fromEntries(Array.from({ length: count }, (_, index) => [`item-${index}`, untilMs]));
      const rosa = backend.db.doc('restaurants/rosa');
      await rosa.update({ soldOut });
      await journey.move('mario', { action: 'reject', reason: 'out_of_stock', itemIds: ['margherita'] });
      assert.equal((await backend.order(journey.orderId)).status, 'rejected');
      const stored: unknown = (await rosa.get()).get('soldOut');
      assert.deepEqual(stored, { ...soldOut, ...(isMarked && { margherita: START_MS + 24 * 60 * MINUTE }) });
      const back = await backend.call('setSoldOut', 'mario', { restaurantId: 'rosa', ids: ['cola'], untilMs: 0 });
      assert.equal(Object.keys(back.soldOut).length, 1000);
      if (isMarked) await close();
    }
  });

  it('succeeds where what is sold out cannot be read', async () => {
    const journey = await (await city()).reach('placed');
    await backend.db.doc('restaurants/rosa').update({ soldOut: 'much' });
    await journey.move('mario', { action: 'reject', reason: 'out_of_stock', itemIds: ['margherita'] });
    assert.equal((await backend.order(journey.orderId)).status, 'rejected');
    await backend.db.doc('restaurants/rosa').update({ soldOut: {} });
  });
});

describe('a scheduled order', () => {
  afterEach(close);

  it('waits for its slot less the ride, the preparation and 5 minutes', async () => {
    const slotMs = START_MS + 5 * 60 * MINUTE;
    const journey = await (await city()).place({ cart: { scheduledForMs: slotMs } });
    assert.equal((await backend.order(journey.orderId)).status, 'scheduled');
    await backend.advance(5 * 60 * MINUTE - 36 * MINUTE);
    assert.equal((await backend.order(journey.orderId)).status, 'scheduled');
    assert.deepEqual(backend.push.keysTo('device-mario'), []);
    await backend.advance(MINUTE);
    const { status, promisedAtMs } = await backend.order(journey.orderId);
    assert.deepEqual([status, promisedAtMs], ['placed', slotMs]);
    assert.deepEqual(backend.push.keysTo('device-mario'), ['order_placed']);
  });

  it('is cancelled free of charge while it waits', async () => {
    const journey = await (await city()).place({ cart: { scheduledForMs: START_MS + 5 * 60 * MINUTE } });
    await journey.cancel('carla');
    assert.equal(backend.fake.moved.at(-1), 'void order-1');
  });
});
