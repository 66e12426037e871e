import assert from 'node:assert/strict';
import type { Place } from '#functions/contract/common.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { computeBalances } from '#simulator/invariants.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { aPresence, aPromotion, DOOR_AT, KITCHEN_AT, MINUTE, theLimits } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { aFix } from '#fixtures/orders.js';

let backend: Backend;
const city = async (facts: CityFacts = {}) => new Journey((backend = await aCity(facts)));
/** The hold expires in a day. The next step of the order reads it. */
const holdADay = () =>
  backend.db.doc('orders/order-1').update({ 'payment.holdUntilMs': backend.nowMs + 24 * 60 * MINUTE });
/** With the zone's own limits of what is believed. */
const strictCity = () => city({ zone: { limits: { credibility: theLimits().credibility } } });
const balances = async () => {
  const all = computeBalances(await readBooks(backend));
  const owed = (account: string) => 0 - (all.get(account) ?? 0);
  return {
    held: owed('heldMerchant:rosa'),
    kitchen: owed('merchant:rosa'),
    courier: owed(ACCOUNTS.courier('omar')),
    courierHeld: owed(ACCOUNTS.held('omar')),
  };
};
const heldPay = async (payee: 'kitchen' | 'courier') =>
  (await paths.heldPay(backend.db, `order-1-${payee}`).get()).data();
const isOpen = async (kind: string) =>
  (await backend.db.doc(`operatorTasks/order-1-${kind}`).get()).get('open') as unknown;
const decide = (payee: 'kitchen' | 'courier', verdict: 'release' | 'refuse') =>
  backend.ask('decideHeldPay', 'olga', { orderId: 'order-1', payee, verdict, reason: 'asked the kitchen' });
const transfers = () => backend.fake.moved.filter((one) => one.startsWith('transfer'));
const close = async () => {
  await backend.deliverWebhooks();
  await assertSound(backend);
  await backend.close();
};

describe('a kitchen that cooked for an unpaid order', () => {
  afterEach(close);

  /** Ready, and no courier was found for twenty minutes. */
  const withoutCourier = async () => {
    const journey = await (await city({ couriers: 0 })).reach('accepted');
    await journey.move('mario', { action: 'markReady' });
    await backend.advance(21 * MINUTE);
    assert.equal((await backend.order('order-1')).status, 'cancelled');
    return journey;
  };

  it('waits for an operator before the platform pays it', async () => {
    await withoutCourier();
    assert.deepEqual((await heldPay('kitchen'))?.doubts, ['unpaid']);
    assert.equal(await isOpen('kitchen_pay_held'), true);
    assert.equal((await backend.order('order-1')).kitchenPay, 'held');
    await backend.advance(24 * 60 * MINUTE);
    assert.deepEqual(transfers(), []);
    assert.deepEqual(await balances(), { held: 1600, kitchen: 0, courier: 0, courierHeld: 0 });
  });

  it('is paid, once, when the operator releases the pay', async () => {
    await withoutCourier();
    await decide('kitchen', 'release');
    assert.deepEqual(await decide('kitchen', 'release'), { verdict: 'release', replayed: true });
    await backend.advance(2 * MINUTE);
    assert.deepEqual(transfers(), ['transfer order-1 1600 to acct_rosa']);
    assert.deepEqual(await balances(), { held: 0, kitchen: 0, courier: 0, courierHeld: 0 });
    assert.equal(await isOpen('kitchen_pay_held'), false);
    assert.equal((await backend.order('order-1')).kitchenPay, undefined);
  });

  it('is never paid when the operator refuses', async () => {
    await withoutCourier();
    await decide('kitchen', 'refuse');
    await backend.advance(24 * 60 * MINUTE);
    assert.deepEqual([transfers(), (await backend.order('order-1')).kitchenPay], [[], 'refused']);
    assert.deepEqual(await balances(), { held: 0, kitchen: 0, courier: 0, courierHeld: 0 });
    await assert.rejects(decide('kitchen', 'release'), { reason: 'HELD_PAY_DECIDED' });
  });

  it('becomes an operator task as a conflict where the customer works for it', async () => {
    const journey = await (await city({ couriers: 0 })).reach('accepted');
    await backend.db.doc('restaurants/rosa/members/carla').set({ role: 'kitchen', name: 'Carla', blocked: false });
    await journey.move('mario', { action: 'markReady' });
    await backend.advance(21 * MINUTE);
    assert.deepEqual((await heldPay('kitchen'))?.doubts, ['unpaid', 'conflict']);
  });

  it('is paid at once where an operator cancelled the order at the cost of the platform', async () => {
    const journey = await (await city()).reach('preparing');
    await journey.cancel('olga', { liable: 'platform' });
    await backend.advance(11 * MINUTE);
    assert.equal(await heldPay('kitchen'), undefined);
    await backend.advance(121 * MINUTE);
    assert.deepEqual(transfers(), ['transfer order-1 1600 to acct_rosa']);
  });
});

describe('a kitchen whose order ends without proof that the customer has the food', () => {
  afterEach(close);

  /** A coupon that the platform pays for in full. */
  const placed = async (ratePpm: number | null, kind: 'delivery' | 'pickup' = 'delivery') => {
    const free = aPromotion({
      id: 'free',
      kind: 'order',
      code: 'FREE',
      benefit: { type: 'percent', ratePpm: ratePpm ?? 1 },
      merchantFundedPpm: 0,
    });
    const journey = await city({ promotions: [free] });
    const codes = ratePpm === null ? [] : ['FREE'];
    await journey.place({
      cart: { promotionCodes: codes, tipPpm: 0, kind, ...(kind === 'pickup' && { dropOff: null }) },
    });
    return journey;
  };

  const COUPONS = [
    [null, undefined, 1600],
    [200_000, undefined, 1600],
    [500_000, ['unpaid'], 0],
    [1_000_000, ['unpaid'], 0],
  ] as const;
  for (const [ratePpm, doubts, kitchen] of COUPONS)
    it(`is paid ${kitchen} at once where the customer cancels and a coupon took off ${(ratePpm ?? 0) / 10_000} %`, async () => {
      const journey = await placed(ratePpm);
      await journey.reach('preparing');
      await journey.cancel('carla');
      assert.deepEqual((await heldPay('kitchen'))?.doubts, doubts);
      assert.deepEqual(await balances(), { held: 1600 - kitchen, kitchen, courier: 0, courierHeld: 0 });
    });

  it('waits where an order that a coupon paid for is not collected', async () => {
    const journey = await placed(1_000_000, 'pickup');
    await journey.reach('accepted');
    await journey.move('mario', { action: 'markReady' });
    await backend.advance(300 * MINUTE);
    assert.deepEqual((await heldPay('kitchen'))?.doubts, ['unpaid']);
  });

  const COLLECTED = [
    ['by the kitchen', 'mario', 200_000, undefined, 1600],
    ['by the kitchen', 'mario', 500_000, ['unpaid'], 0],
    ['by an operator', 'olga', 500_000, undefined, 1600],
  ] as const;
  for (const [by, uid, ratePpm, doubts, kitchen] of COLLECTED)
    it(`is paid ${kitchen} at once where a collection is recorded ${by} and a coupon took off ${ratePpm / 10_000} %`, async () => {
      const journey = await placed(ratePpm, 'pickup');
      await journey.reach('accepted');
      await journey.move('mario', { action: 'markReady' });
      await journey.move(uid, { action: 'collect', ...(uid === 'mario' && { pin: journey.pin }) });
      assert.deepEqual((await heldPay('kitchen'))?.doubts, doubts);
      assert.deepEqual(await balances(), { held: 1600 - kitchen, kitchen, courier: 0, courierHeld: 0 });
    });
});

describe('a courier at the counter of an order that its customer cancels', () => {
  afterEach(close);

  /** The first costs the customer more than kitchen and courier earn, the second less. */
  for (const [quantity, metres, paid, held] of [
    [2, undefined, 450, 0],
    [1, 9000, 0, 750],
  ] as const)
    it(`is paid ${paid} at once for ${quantity} of 11.00 and a ride that earns ${paid + held}`, async () => {
      const journey = await city();
      if (metres !== undefined) backend.route = { distanceMeters: metres, travelSeconds: 1800 };
      await journey.place({ cart: { lines: [{ itemId: 'margherita', quantity }], tipPpm: 0 } });
      await journey.reach('accepted');
      const uid = await journey.offered();
      await journey.answer(uid, 'accept');
      await journey.arrive(uid, 'kitchen');
      await backend.advance(2 * MINUTE);
      await journey.cancel('carla');
      assert.deepEqual((await heldPay('courier'))?.doubts, held === 0 ? undefined : ['unpaid']);
      assert.equal((await balances()).courier, paid);
      assert.equal((await balances()).courierHeld, held);
    });
});

describe('an arrival at the counter', () => {
  afterEach(close);

  /** Accepted two kilometres away. */
  const taken = async () => {
    const journey = await (await strictCity()).reach('accepted');
    const uid = await journey.offered();
    const { presence } = await backend.courier(uid);
    const away = aPresence({ ...KITCHEN_AT, lat: KITCHEN_AT.lat + 0.02 });
    await backend.db.doc(`couriers/${uid}`).update({ presence: { ...away, at: new Date(presence?.at ?? 0) } });
    await journey.answer(uid, 'accept');
    return journey;
  };
  const arriveAfter = async (journey: Journey, ms: number) => {
    backend.nowMs += ms;
    await journey.move('omar', { action: 'arrive', fix: aFix('kitchen', backend.nowMs) });
    return (await backend.order('order-1')).events.at(-1)?.review;
  };

  for (const [name, ms, courier, review] of [
    ['a second', 1000, 0, true],
    ['ten minutes', 10 * MINUTE, 450, undefined],
  ] as const)
    it(`${name} after two kilometres away earns ${courier} at once where the customer cancels`, async () => {
      const journey = await taken();
      assert.equal(await arriveAfter(journey, ms), review);
      backend.nowMs += 2 * MINUTE;
      await journey.cancel('carla');
      assert.deepEqual(await balances(), { held: 0, kitchen: 1600, courier, courierHeld: 450 - courier });
      assert.deepEqual((await heldPay('courier'))?.doubts, review && ['not_at_counter']);
    });

  const SIX_KM_AWAY = { ...KITCHEN_AT, lat: KITCHEN_AT.lat + 0.055 };

  /** In ten minutes, with this last heartbeat: its place and its age. */
  const reviewOf = async (last: { place: Place; geohash?: string; agoMs: number } | null, facts: CityFacts = {}) => {
    const limits = { credibility: theLimits().credibility, offerSeconds: 600 };
    const journey = await (await city({ zone: { limits }, ...facts })).reach('accepted');
    await journey.assign();
    backend.sweeps = false;
    await backend.advance(10 * MINUTE);
    const heartbeat = last && { ...aPresence(last.place), at: new Date(backend.nowMs - last.agoMs) };
    const presence = heartbeat && { ...heartbeat, ...(last?.geohash && { geohash: last.geohash }) };
    await backend.db.doc('couriers/omar').update({ presence });
    return arriveAfter(journey, 0);
  };

  it('counts with a heartbeat of the last 90 seconds, is doubted with an older one or with none', async () => {
    const reviews: unknown[] = [];
    for (const last of [{ place: KITCHEN_AT, agoMs: 90_000 }, { place: KITCHEN_AT, agoMs: 90_001 }, null]) {
      reviews.push(await reviewOf(last));
      if (last) await close();
    }
    assert.deepEqual(reviews, [undefined, true, true]);
  });

  it('counts without a heartbeat where the zone requires no positions', async () => {
    assert.equal(await reviewOf(null), true);
    await close();
    assert.equal(await reviewOf(null, { zone: { limits: { offerSeconds: 600 } } }), undefined);
  });

  it('is doubted where the geohash of the heartbeat is that of another place', async () => {
    const { geohash } = aPresence(SIX_KM_AWAY);
    assert.equal(await reviewOf({ place: KITCHEN_AT, agoMs: 0 }), undefined);
    await close();
    assert.equal(await reviewOf({ place: KITCHEN_AT, agoMs: 0, geohash }), true);
  });

  /** With a heartbeat of this moment, six kilometres away or at the counter. */
  const arrivesFrom = async (isAway: boolean) => {
    const lateCredit = [{ overMinutes: 15, ratePpm: 100_000, maxMinor: 500 }];
    const limits = { lateCredit, credibility: theLimits().credibility, offerSeconds: 600 };
    const journey = await (await city({ zone: { limits } })).reach('accepted');
    await journey.assign();
    await journey.move('mario', { action: 'markReady' });
    backend.sweeps = false;
    await backend.advance(14 * MINUTE);
    const presence = { ...aPresence(isAway ? SIX_KM_AWAY : KITCHEN_AT), at: new Date(backend.nowMs) };
    await backend.db.doc('couriers/omar').update({ presence });
    await journey.arrive('omar', 'kitchen');
    assert.equal((await backend.order('order-1')).events.at(-1)?.review, isAway || undefined);
    return journey;
  };

  for (const isAway of [false, true]) {
    const where = isAway ? 'that a heartbeat six kilometres away contradicts' : 'with a heartbeat there';
    it(`${where} ${isAway ? 'is not' : 'is'} paid at once where the customer cancels`, async () => {
      const journey = await arrivesFrom(isAway);
      await journey.cancel('carla');
      assert.deepEqual((await heldPay('courier'))?.doubts, isAway ? ['not_at_counter'] : undefined);
    });

    it(`${where} makes the ${isAway ? 'courier' : 'platform'} late for the wait, not the kitchen`, async () => {
      const journey = await arrivesFrom(isAway);
      await backend.advance(40 * MINUTE);
      await journey.pickUp();
      await backend.advance(12 * MINUTE);
      await sendPosition(DOOR_AT);
      await journey.deliver();
      const { events, payment } = await backend.order('order-1');
      assert.equal(events.at(-1)?.late?.leg, isAway ? 'courier' : 'dispatch');
      assert.equal(payment.merchantBearsMinor ?? 0, 0);
    });
  }

  it('that is impossible does not prevent an offer to another courier, and is reported again', async () => {
    for (const ms of [1000, 10 * MINUTE]) {
      const journey = await taken();
      await arriveAfter(journey, ms);
      await journey.move('mario', { action: 'markReady' });
      assert.equal((await backend.order('order-1')).due?.kind, ms === 1000 ? 'noArrival' : 'escalate');
      if (ms === 1000) {
        assert.equal(await arriveAfter(journey, 10 * MINUTE), undefined);
        assert.equal((await backend.order('order-1')).due?.kind, 'escalate');
        await close();
      }
    }
  });
});

describe('a courier who never came to the counter', () => {
  afterEach(close);

  it("is paid nothing for an order that its customer cancels for that reason: an operator decides on the kitchen's pay", async () => {
    const journey = await (await city()).reach('ready');
    backend.sweeps = false;
    await backend.advance(180 * MINUTE);
    await journey.cancel('carla');
    assert.deepEqual((await backend.order('order-1')).events.at(-1)?.liable, 'courier');
    assert.deepEqual(await balances(), { held: 1600, kitchen: 0, courier: 0, courierHeld: 0 });
  });

  it('is not paid at once for a restored order that another courier had picked up', async () => {
    const journey = await (await city({ couriers: 2 })).reach('picked_up');
    const first = (await backend.order('order-1')).courierId;
    await journey.cancel('olga', { liable: 'courier' });
    await journey.move('olga', { action: 'restore', reason: 'the kitchen cooks again' });
    await backend.db.doc(`couriers/${first}`).update({ online: false });
    const second = await journey.assign();
    assert.notEqual(second, first);
    await journey.move('mario', { action: 'markReady' });
    await backend.advance(2 * MINUTE);
    await journey.cancel('carla');
    assert.deepEqual((await heldPay('courier'))?.doubts, ['not_at_counter']);
  });

  it('is not liable after reporting a wait at the counter: both pays wait', async () => {
    const journey = await (await city()).reach('ready');
    await journey.arrive('omar', 'kitchen');
    backend.sweeps = false;
    await backend.advance(180 * MINUTE);
    await journey.cancel('carla');
    assert.deepEqual((await backend.order('order-1')).events.at(-1)?.liable, 'platform');
    assert.deepEqual(await balances(), { held: 1600, kitchen: 0, courier: 0, courierHeld: 450 });
  });
});

const sendPosition = (place: typeof DOOR_AT) =>
  backend.db
    .doc('couriers/omar/live/order-1')
    .update({ seq: 1, fixes: [{ ...place, agoMs: 0 }], at: new Date(backend.nowMs) });

describe('a failed delivery', () => {
  afterEach(close);
  const tried = async (journey: Journey) => {
    for (const _ of [1, 2]) {
      await sendPosition(DOOR_AT);
      await journey.move('omar', { action: 'contact' });
      await backend.advance(4 * MINUTE);
    }
    await sendPosition(DOOR_AT);
    return journey.move('omar', { action: 'fail', reason: 'no answer at the door' });
  };

  it('after an arrival in a plausible time is charged to the customer with the return', async () => {
    const journey = await (await strictCity()).reach('picked_up');
    await backend.advance(10 * MINUTE);
    await journey.arrive();
    await tried(journey);
    assert.equal(await isOpen('failure_doubted'), undefined);
    await backend.advance(10 * MINUTE);
    await sendPosition(KITCHEN_AT);
    await journey.bringBack();
    assert.equal(backend.fake.moved.at(-1), 'capture order-1 2740');
    assert.deepEqual(await balances(), { held: 0, kitchen: 1600, courier: 720, courierHeld: 0 });
  });

  it("with a return within a second is charged to the customer, and the courier's pay waits for an operator", async () => {
    const journey = await (await strictCity()).reach('picked_up');
    await backend.advance(10 * MINUTE);
    await journey.arrive();
    await tried(journey);
    backend.nowMs += 1000;
    await journey.bringBack();
    assert.deepEqual((await heldPay('courier'))?.doubts, ['speed', 'position_far']);
    assert.equal(backend.fake.moved.at(-1), 'capture order-1 2740');
    assert.deepEqual(await balances(), { held: 0, kitchen: 1600, courier: 0, courierHeld: 720 });
  });

  it('after an arrival within a second is charged to no party before an operator decides', async () => {
    const journey = await (await strictCity()).reach('picked_up');
    await journey.arrive();
    await tried(journey);
    assert.equal(await isOpen('failure_doubted'), true);
    await assert.rejects(journey.bringBack(), { reason: 'OPERATOR_REQUIRED' });
    assert.equal((await backend.order('order-1')).payment.status, 'authorized');
    await journey.bringBack('olga', 'courier');
    assert.equal(backend.fake.moved.at(-1), 'void order-1');
    assert.deepEqual(await balances(), { held: 0, kitchen: 1600, courier: 0, courierHeld: 0 });
  });

  it('is reviewed where the courier was elsewhere at the call to the customer', async () => {
    const journey = await (await strictCity()).reach('picked_up');
    await backend.advance(10 * MINUTE);
    await sendPosition(KITCHEN_AT);
    await journey.arrive();
    for (const _ of [1, 2]) {
      await journey.move('omar', { action: 'contact' });
      await backend.advance(4 * MINUTE);
      await sendPosition(KITCHEN_AT);
    }
    await sendPosition(DOOR_AT);
    await journey.move('omar', { action: 'fail', reason: 'no answer at the door' });
    const task = await backend.db.doc('operatorTasks/order-1-failure_doubted').get();
    assert.deepEqual([task.get('open'), task.get('detail')], [true, 'waiting']);
    await assert.rejects(journey.bringBack(), { reason: 'OPERATOR_REQUIRED' });
  });

  it('without a decision before the hold expires is free for the customer; kitchen and courier wait', async () => {
    const journey = await (await strictCity()).reach('picked_up');
    await journey.arrive();
    await holdADay();
    await tried(journey);
    await backend.advance(24 * 60 * MINUTE);
    assert.equal((await backend.order('order-1')).status, 'returned');
    assert.equal(backend.fake.moved.at(-1), 'void order-1');
    assert.deepEqual((await heldPay('courier'))?.doubts, ['failure', 'unpaid']);
    assert.deepEqual(await balances(), { held: 1600, kitchen: 0, courier: 0, courierHeld: 720 });
  });
});

describe('an order without a known outcome', () => {
  afterEach(close);

  it("is charged before its hold expires, and the courier's pay waits for an operator", async () => {
    const journey = await (await city()).reach('ready');
    await holdADay();
    await journey.reach('picked_up');
    await backend.advance(24 * 60 * MINUTE);
    assert.equal(
      (await backend.order('order-1')).events.some(({ action }) => action === 'presumeDelivered'),
      true,
    );
    assert.deepEqual((await heldPay('courier'))?.doubts, ['presumed']);
    assert.deepEqual((await heldPay('kitchen'))?.doubts, ['presumed']);
    assert.equal((await balances()).courierHeld, 650);
    assert.deepEqual(transfers(), []);
    await decide('kitchen', 'release');
    await backend.advance(2 * MINUTE);
    assert.deepEqual(transfers(), ['transfer order-1 1600 to acct_rosa']);
  });
});

describe('a refund at the cost of a kitchen', () => {
  afterEach(close);
  const refund = {
    orderId: 'order-1',
    idempotencyKey: 'refund-key-1',
    what: { type: 'lines' as const, lines: [{ line: 0, quantity: 1 }] },
    liable: 'merchant' as const,
    to: 'card' as const,
    reason: 'cold',
  };

  for (const [verdict, bornMinor] of [
    ['release', 800],
    ['refuse', 0],
  ] as const) {
    it(`takes ${bornMinor} back after an operator's ${verdict} of its pay`, async () => {
      const journey = await (await city()).reach('ready');
      await holdADay();
      await journey.reach('picked_up');
      await backend.advance(24 * 60 * MINUTE);
      await decide('kitchen', verdict);
      assert.equal((await backend.ask('refundOrder', 'olga', refund)).amountMinor, 1100);
      const stored = (await paths.refunds(backend.db, 'order-1').doc('refund-key-1').get()).data();
      assert.equal(stored?.merchantMinor, bornMinor);
    });
  }
});

describe('a refund at the cost of a courier', () => {
  afterEach(close);
  const refund = {
    orderId: 'order-1',
    idempotencyKey: 'refund-key-1',
    what: { type: 'lines' as const, lines: [{ line: 0, quantity: 1 }] },
    liable: 'courier' as const,
    to: 'card' as const,
    reason: 'dropped',
  };

  it('takes back no more than was paid, and nothing once the pay was refused', async () => {
    for (const verdict of ['release', 'refuse'] as const) {
      await (await strictCity()).reach('delivered');
      await backend.deliverWebhooks();
      await decide('courier', verdict);
      assert.equal((await backend.ask('refundOrder', 'olga', refund)).amountMinor, 1100);
      assert.equal((await balances()).courier, 0, verdict);
      if (verdict === 'release') await close();
    }
  });

  it("is the platform's once the pay was refused, however many journals the order has", async () => {
    await (await strictCity()).reach('delivered');
    await backend.deliverWebhooks();
    await backend.ask('refundOrder', 'olga', refund);
    assert.equal((await balances()).courier, -650);
    // Earlier in the order of ids than the order's own journals.
    const entries = [
      { account: 'bank', amountMinor: 0 },
      { account: 'goodwill', amountMinor: 0 },
    ];
    const journal = { orderId: 'order-1', kind: 'tip' as const, currency: 'EUR', atMs: backend.nowMs, entries };
    const refs = Array.from({ length: 100 }, (_, n) => paths.journal(backend.db, `a-${n}`));
    await Promise.all(refs.map((ref) => ref.set(journal)));
    await decide('courier', 'refuse');
    assert.equal((await balances()).courier, 0);
    await Promise.all(refs.map((ref) => ref.delete()));
  });
});

describe('an impossible arrival at the door', () => {
  afterEach(close);

  it('does not make a late order count as in time, and its pay waits', async () => {
    const limits = {
      credibility: theLimits().credibility,
      lateCredit: [{ overMinutes: 15, ratePpm: 100_000, maxMinor: 500 }],
    };
    const journey = await (await city({ zone: { limits } })).reach('picked_up');
    await journey.arrive();
    await backend.advance(60 * MINUTE);
    await sendPosition(DOOR_AT);
    await journey.move('omar', {
      action: 'deliver',
      fix: aFix('door', backend.nowMs),
      proof: { type: 'pin', pin: journey.pin },
    });
    assert.deepEqual((await heldPay('courier'))?.doubts, ['speed']);
    assert.equal((await backend.order('order-1')).events.at(-1)?.late?.leg, 'courier');
  });
});

describe('an arrival at the door that the stream of positions contradicts', () => {
  afterEach(close);

  for (const claims of [false, true])
    it(`${claims ? 'does not make' : 'may be left out, which does not make'} the customer pay for food that came 40 minutes late`, async () => {
      const journey = await (await strictCity()).reach('picked_up');
      const { promisedAtMs } = await backend.order('order-1');
      await backend.advance(12 * MINUTE);
      await sendPosition(KITCHEN_AT);
      if (claims) await journey.arrive();
      await backend.advance(promisedAtMs + 40 * MINUTE - backend.nowMs);
      await sendPosition(DOOR_AT);
      await journey.arrive();
      assert.equal(backend.push.keysTo('device-carla').filter((key) => key === 'courier_here').length, 1);
      for (const _ of [1, 2]) {
        await sendPosition(DOOR_AT);
        await journey.move('omar', { action: 'contact' });
        await backend.advance(4 * MINUTE);
      }
      await sendPosition(DOOR_AT);
      await journey.move('omar', { action: 'fail', reason: 'no answer at the door' });
      await backend.advance(12 * MINUTE);
      await sendPosition(KITCHEN_AT);
      await journey.bringBack();
      const { events, payment } = await backend.order('order-1');
      const doubted = events.filter(({ review }) => review).map(({ action }) => action);
      assert.deepEqual(doubted, claims ? ['arrive'] : []);
      assert.deepEqual([events.at(-1)?.liable, payment.capturedMinor], ['courier', 0]);
    });
});

describe('an arrival at the door that is claimed long before the delivery', () => {
  afterEach(close);

  it('does not take the credit from the customer of a late order', async () => {
    const limits = {
      credibility: theLimits().credibility,
      lateCredit: [{ overMinutes: 15, ratePpm: 100_000, maxMinor: 500 }],
    };
    const journey = await (await city({ zone: { limits } })).reach('picked_up');
    await backend.advance(10 * MINUTE);
    await journey.arrive();
    await backend.advance(50 * MINUTE);
    await sendPosition(DOOR_AT);
    await journey.deliver();
    const { late } = (await backend.order('order-1')).events.at(-1) ?? {};
    assert.deepEqual([late?.leg, late?.creditMinor], ['courier', 200]);
  });
});
