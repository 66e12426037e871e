import { strict as assert } from 'node:assert';
import type { Order, OrderAction } from '#functions/contract/orders.js';
import { computePromiseReport, computeLateCredit } from '#functions/orders/model/delivery-promise.js';
import { MINUTE, START_MS, theLimits } from '#fixtures/catalogue.js';
import { anOrder } from '#fixtures/orders.js';

/** Minutes after the start. Promised: ready at 20, at the door at 30 after a ride of 10. */
interface Way {
  assign?: number;
  markReady?: number;
  pickUp?: number;
  door?: number;
  deliver?: number;
}

function orderOn({ assign = 10, markReady = 20, pickUp = 20, door, deliver = 30 }: Way): [Order, number] {
  const told = (action: OrderAction, minute: number, from: Order['status']) =>
    ({ n: 1, action, from, to: from, by: 'courier', atMs: START_MS + minute * MINUTE, causeId: action }) as const;
  const events = [
    told('assign', assign, 'preparing'),
    told('markReady', markReady, 'preparing'),
    told('pickUp', pickUp, 'ready'),
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
  });
  it('is zero where the zone grants none', () => assert.equal(credit({ deliver: 90 }, theLimits()), null));
});
