import { strict as assert } from 'node:assert';
import type { Order, OrderAction, OrderEvent } from '#functions/contract/orders.js';
import {
  computeExpectedMs,
  computeLateCredit,
  computePromiseMs,
  computePromiseReport,
  findDoorArrivalMs,
  isAtCounter,
  isDoorReport,
  isPickedUp,
  mayEarnLateCredit,
} from '#functions/orders/model/delivery-promise.js';
import { MINUTE, START_MS, theLimits } from '#fixtures/catalogue.js';
import { anOrder } from '#fixtures/orders.js';

/** Minutes after the start. Promised: ready at 20, at the door at 30 after a ride of 10. */
interface Way {
  assign?: number;
  markReady?: number;
  pickUp?: number;
  /** Another courier took over the food. */
  handOver?: number;
  door?: number;
  deliver?: number;
}

function orderOn({ assign = 10, markReady = 20, pickUp = 20, handOver, door, deliver = 30 }: Way): [Order, number] {
  const told = (action: OrderAction, minute: number, from: Order['status']) =>
    ({ n: 1, action, from, to: from, by: 'courier', atMs: START_MS + minute * MINUTE, causeId: action }) as const;
  const events = [
    told('assign', assign, 'preparing'),
    told('markReady', markReady, 'preparing'),
    told('pickUp', pickUp, 'ready'),
    ...(handOver === undefined ? [] : [told('handOver', handOver, 'picked_up')]),
    ...(door === undefined ? [] : [told('arrive', door, 'picked_up')]),
  ];
  const order = anOrder({ status: 'picked_up', promisedAtMs: START_MS + 30 * MINUTE, travelSeconds: 600, events });
  return [order, START_MS + deliver * MINUTE];
}

const inMinutes = (way: Way) => {
  const { lateMs, legs } = computePromiseReport(...orderOn(way));
  return [lateMs, legs.kitchen, legs.dispatch, legs.courier].map((ms) => ms / MINUTE);
};

describe('computePromiseReport', () => {
  const cases: [what: string, way: Way, lateKitchenDispatchCourier: number[]][] = [
    ['is kept to the minute', {}, [0, 0, 0, 0]],
    ['is broken by a slow kitchen', { markReady: 40, pickUp: 40, deliver: 50 }, [20, 20, 0, 0]],
    ['is broken when no courier was found', { assign: 38, pickUp: 40, deliver: 50 }, [20, 0, 18, 2]],
    ['is broken by a courier who comes late', { pickUp: 40, deliver: 50 }, [20, 0, 0, 20]],
    ['is broken by a courier who rides slowly', { deliver: 50 }, [20, 0, 0, 20]],
    ['is made good by a fast ride', { markReady: 25, pickUp: 25, deliver: 30 }, [0, 5, 0, 0]],
    ['is broken by a hand-over, which is dispatch’s', { handOver: 35, door: 45, deliver: 46 }, [15, 0, 15, 0]],
    ['is broken by a slow ride after one', { handOver: 25, door: 45, deliver: 46 }, [15, 0, 5, 10]],
    ['is kept when the customer lets the courier wait', { door: 30, deliver: 50 }, [0, 0, 0, 0]],
  ];
  for (const [what, way, expected] of cases) it(what, () => assert.deepEqual(inMinutes(way), expected));

  it('does not count the steps before a restored cancellation', () => {
    const [order] = orderOn({ markReady: 15, door: 25 });
    const restored = order.events.slice(0, 1).map((event) => ({ ...event, action: 'restore' as const }));
    const events = [...order.events, ...restored];
    const { legs } = computePromiseReport({ ...order, events }, START_MS + 40 * MINUTE);
    assert.deepEqual([legs.kitchen, legs.courier], [20 * MINUTE, 0]);
  });

  for (const [by, kitchen, dispatch] of [
    ['operator', 0, 9],
    ['system', 0, 9],
    ['customer', 0, 9],
    ['merchant', 7, 0],
  ] as const)
    it(`counts the nine minutes until an order is restored as the ${by === 'merchant' ? 'kitchen' : 'platform'}'s where the ${by} cancelled it`, () => {
      const event = (minute: number, given: Pick<OrderEvent, 'action' | 'from' | 'to' | 'by'>): OrderEvent => {
        const atMs = START_MS + minute * MINUTE;
        return { n: 1, atMs, causeId: given.action, ...given };
      };
      const events = [
        event(18, { action: 'cancel', from: 'preparing', to: 'cancelled', by }),
        event(27, { action: 'restore', from: 'cancelled', to: 'accepted', by: 'operator' }),
        event(27, { action: 'assign', from: 'accepted', to: 'accepted', by: 'courier' }),
        event(27, { action: 'markReady', from: 'accepted', to: 'ready', by: 'merchant' }),
        event(27, { action: 'pickUp', from: 'ready', to: 'picked_up', by: 'courier' }),
      ];
      const [order] = orderOn({});
      const { lateMs, legs } = computePromiseReport({ ...order, events }, START_MS + 37 * MINUTE);
      const minutes = [lateMs, legs.kitchen, legs.dispatch, legs.courier].map((ms) => ms / MINUTE);
      assert.deepEqual(minutes, [7, kitchen, dispatch, 0]);
    });
});

describe('computeLateCredit', () => {
  const lateCreditTiers = [
    { overMinutes: 15, ratePpm: 100_000, maxMinor: 500 },
    { overMinutes: 30, ratePpm: 250_000, maxMinor: 400 },
  ];
  const limits = theLimits({ lateCredit: lateCreditTiers });
  const credit = (way: Way, rules = limits) => computeLateCredit(...orderOn(way), rules);

  it('is zero up to 15 minutes, a tenth of the items after that', () => {
    assert.equal(credit({ deliver: 45 }), null);
    assert.deepEqual(credit({ deliver: 45.1 }), { minutes: 15, leg: 'courier', creditMinor: 200 });
  });
  it('rises with the next tier, up to its cap', () =>
    assert.deepEqual(credit({ deliver: 61 }), { minutes: 31, leg: 'courier', creditMinor: 400 }));
  it('names the party with the longest delay', () => {
    assert.equal(credit({ markReady: 35, pickUp: 40, deliver: 50 })?.leg, 'kitchen');
    assert.equal(credit({ assign: 38, pickUp: 40, deliver: 50 })?.leg, 'dispatch');
    assert.equal(credit({ markReady: 30, assign: 40, pickUp: 40, deliver: 50 })?.leg, 'kitchen', 'the earlier of two');
  });
  it('is zero where the zone grants none', () => assert.equal(credit({ deliver: 90 }, theLimits()), null));
});

describe('the promise of an order', () => {
  it('is its slot, or the preparation and the ride from now on', () => {
    const facts = { prepMinutes: 20, travelSeconds: 600 };
    const promised = (scheduledForMs: number | null) => computePromiseMs({ ...facts, scheduledForMs }, START_MS);
    assert.deepEqual([promised(START_MS + 1), promised(null)], [START_MS + 1, START_MS + 30 * MINUTE]);
  });
  it('is expected later where the kitchen announced so', () => {
    const expected = (readyAtMs: number | null) =>
      computeExpectedMs({ promisedAtMs: START_MS + 30 * MINUTE, readyAtMs, travelSeconds: 600 }) - START_MS;
    assert.deepEqual([null, START_MS + 20 * MINUTE, START_MS + 21 * MINUTE].map(expected), [
      30 * MINUTE,
      30 * MINUTE,
      31 * MINUTE,
    ]);
  });
  it('may earn a credit beyond one of the tiers of the zone', () => {
    const tier = (overMinutes: number) => ({ overMinutes, ratePpm: 100_000, maxMinor: 500 });
    const may = (lateMs: number, ...overMinutes: number[]) =>
      mayEarnLateCredit(
        { promisedAtMs: START_MS },
        START_MS + lateMs,
        theLimits({ lateCredit: overMinutes.map(tier) }),
      );
    assert.deepEqual([may(15 * MINUTE, 30, 15), may(15 * MINUTE + 1, 30, 15), may(60 * MINUTE)], [false, true, false]);
  });
});

describe('the place of a courier', () => {
  const told = (action: OrderAction, minute: number, facts: Partial<OrderEvent> = {}): OrderEvent => ({
    n: 9,
    action,
    from: 'ready',
    to: 'ready',
    by: 'courier',
    atMs: START_MS + minute * MINUTE,
    causeId: `${action}-${minute}`,
    ...facts,
  });
  const atDoor = { from: 'picked_up', to: 'picked_up' } as const;
  const isThere = (...events: OrderEvent[]) => isAtCounter({ courierId: 'omar', events });

  it('is the counter by a credible arrival since the acceptance', () => {
    assert.equal(isThere(told('assign', 1), told('arrive', 2)), true);
    assert.equal(isThere(told('assign', 1), told('arrive', 2, { review: true })), false);
    assert.equal(isThere(told('arrive', 2), told('assign', 3)), false);
    assert.equal(isThere(told('assign', 1), told('arrive', 2), told('restore', 3)), false);
    assert.equal(isThere(told('assign', 1), told('contact', 2)), false);
    assert.equal(isThere(told('assign', 1), told('arrive', 2, atDoor)), false);
    assert.equal(isAtCounter({ courierId: null, events: [told('assign', 1), told('arrive', 2)] }), false);
  });
  it('is behind the counter since the pick-up', () => {
    assert.equal(isPickedUp({ events: [told('assign', 1), told('pickUp', 2)] }), true);
    assert.equal(isPickedUp({ events: [told('assign', 1), told('arrive', 2)] }), false);
    assert.equal(isPickedUp({ events: [told('assign', 1), told('pickUp', 2), told('assign', 3)] }), false);
  });
  it('is the door by the first report since the pick-up, credible or not', () => {
    const since = (...events: OrderEvent[]) => findDoorArrivalMs({ events: [told('pickUp', 1), ...events] });
    assert.equal(
      since(told('arrive', 2, { ...atDoor, review: true }), told('arrive', 3, atDoor)),
      START_MS + 2 * MINUTE,
    );
    assert.equal(since(told('contact', 2, atDoor)), undefined);
    assert.equal(since(told('arrive', 2)), undefined);
    assert.equal(findDoorArrivalMs({ events: [told('arrive', 0, atDoor), told('pickUp', 1)] }), undefined);
  });
  it('is the door by an arrival or a call', () =>
    assert.deepEqual(
      [told('arrive', 2, atDoor), told('contact', 2, atDoor), told('arrive', 2), told('fail', 2, atDoor)].map(
        isDoorReport,
      ),
      [true, true, false, false],
    ));
  it('ends the ride by the first credible report', () => {
    const [order, nowMs] = orderOn({ deliver: 50 });
    const lateMinutes = (...events: OrderEvent[]) =>
      computePromiseReport({ ...order, events: [...order.events, ...events] }, nowMs).lateMs / MINUTE;
    assert.equal(lateMinutes(), 20);
    assert.equal(lateMinutes(told('contact', 35, atDoor)), 5);
    const before = { ...order, events: [told('contact', 15, atDoor), ...order.events] };
    assert.equal(computePromiseReport(before, nowMs).lateMs, 20 * MINUTE, 'a call before the pick-up');
    assert.equal(lateMinutes(told('arrive', 32, { ...atDoor, review: true }), told('contact', 35, atDoor)), 5);
  });
  it('counts a wait at the counter from the arrival, or from the time at which the food was ready', () => {
    const wait = (arrive: number, markReady: number) => {
      const [order, nowMs] = orderOn({ markReady, pickUp: 40, deliver: 50 });
      const events = order.events.toSpliced(1, 0, told('arrive', arrive));
      const { counterMs, legs } = computePromiseReport({ ...order, events }, nowMs);
      return [counterMs / MINUTE, legs.courier / MINUTE];
    };
    assert.deepEqual(
      [wait(30, 20), wait(15, 25), wait(45, 20)],
      [
        [10, 10],
        [15, 0],
        [0, 20],
      ],
    );
  });
});

describe('the credit of an order that waited at the counter', () => {
  const limits = theLimits({ lateCredit: [{ overMinutes: 15, ratePpm: 123_456, maxMinor: 500 }] });
  it('is at the cost of the platform, and rounded half up', () => {
    const [order, nowMs] = orderOn({ markReady: 21, pickUp: 40, deliver: 50 });
    const arrived = order.events.flatMap((event) =>
      event.action === 'pickUp'
        ? [{ ...event, action: 'arrive' as const, atMs: START_MS + 21 * MINUTE }, event]
        : [event],
    );
    assert.deepEqual(computeLateCredit({ ...order, events: arrived }, nowMs, limits), {
      minutes: 20,
      leg: 'dispatch',
      creditMinor: 247,
    });
  });
  it('is none where the credit would be zero', () => {
    const [order, nowMs] = orderOn({ deliver: 50 });
    const tier = (ratePpm: number) => theLimits({ lateCredit: [{ overMinutes: 15, ratePpm, maxMinor: 500 }] });
    assert.deepEqual(
      [
        computeLateCredit(order, nowMs, tier(249))?.creditMinor,
        computeLateCredit(order, nowMs, tier(250))?.creditMinor,
      ],
      [undefined, 1],
    );
  });
});
