import { strict as assert } from 'node:assert';
import type { Doubt } from '#functions/contract/held-pays.js';
import type { OrderEvent } from '#functions/contract/orders.js';
import {
  computeCreditForLateness,
  computeMerchantPartMinor,
  withLateCredit,
} from '#functions/orders/model/late-credit.js';
import type { Facts } from '#functions/orders/model/order-command.js';
import { NOTHING, type Settlement } from '#functions/pricing/settle.js';
import { MINUTE, START_MS, theLimits } from '#fixtures/catalogue.js';
import { anOrder } from '#fixtures/orders.js';
import { theFacts } from './deciding.js';

const at = (minute: number) => START_MS + minute * MINUTE;
const event = (action: OrderEvent['action'], minute: number, from: OrderEvent['from'] = 'picked_up'): OrderEvent => ({
  n: 9,
  action,
  from,
  to: 'picked_up',
  by: 'courier',
  atMs: at(minute),
  causeId: `${action}-${minute}`,
});
/** Promised at minute 30, after a ride of ten minutes; items of 20.00. */
const late = (readyMinute: number, ...atDoor: OrderEvent[]) =>
  anOrder({
    status: 'picked_up',
    promisedAtMs: at(30),
    travelSeconds: 600,
    events: [
      event('assign', 5, 'preparing'),
      event('markReady', readyMinute, 'preparing'),
      event('pickUp', readyMinute, 'ready'),
      ...atDoor,
    ],
  });
const limits = theLimits({
  lateCredit: [{ overMinutes: 15, ratePpm: 200_000, maxMinor: 500 }],
  undeliverableMinutes: 8,
});
const settled = (captureMinor: number, creditMinor = 0, merchantMinor = 1600): Settlement => ({
  ...NOTHING,
  captureMinor,
  creditMinor,
  split: { ...NOTHING.split, merchantMinor },
});

interface Delivery {
  order?: ReturnType<typeof late>;
  minute?: number;
  settlement?: Settlement;
  doubts?: readonly Doubt[];
  conflict?: Facts['conflict'];
}
const credit = ({
  order = late(40),
  minute = 50,
  settlement = settled(2940),
  doubts = [],
  conflict = null,
}: Delivery) => computeCreditForLateness(order, settlement, doubts, theFacts({ nowMs: at(minute), limits, conflict }));

describe('the credit for a late delivery', () => {
  it('is a fifth of the items beyond the tolerance, and none within it', () => {
    assert.equal(credit({ minute: 45 }), null);
    assert.deepEqual(credit({}), { minutes: 20, leg: 'kitchen', creditMinor: 400 });
  });
  it('is at most what the customer paid, in money and credit', () => {
    assert.equal(credit({ settlement: settled(200, 199) })?.creditMinor, 399);
    assert.equal(credit({ settlement: settled(200, 250) })?.creditMinor, 400);
    assert.equal(credit({ settlement: settled(0) }), null);
  });
  it("is only the kitchen's part for a customer who is related to it", () => {
    assert.equal(credit({ conflict: 'staff' })?.creditMinor, 400);
    assert.equal(credit({ conflict: 'staff', settlement: settled(2940, 0, 300) })?.creditMinor, 300);
    assert.equal(credit({ conflict: 'staff', settlement: settled(2940, 0, 0) }), null);
    const byCourier = { order: late(20), settlement: settled(2940) };
    assert.deepEqual([credit(byCourier)?.leg, credit({ ...byCourier, conflict: 'staff' })], ['courier', null]);
  });

  it('does not count a wait at the door, up to the eight minutes after which a delivery fails', () => {
    const waited = (minute: number) => credit({ order: late(40, event('arrive', minute)), minute: 54 });
    assert.deepEqual([waited(45)?.minutes, waited(46)?.minutes, waited(50)?.minutes], [16, 16, 20]);
    assert.equal(credit({ order: late(40, event('arrive', 45)), minute: 53 }), null);
    assert.equal(credit({ order: late(40, event('contact', 45)), minute: 53 }), null);
  });
  it('counts every minute where the courier cannot have been there', () => {
    const order = late(40, event('arrive', 45));
    assert.equal(credit({ order, minute: 53, doubts: ['speed'] })?.minutes, 23);
    assert.equal(credit({ order, minute: 53, doubts: ['position_far'] }), null);
  });
});

describe("the kitchen's part of the credit", () => {
  const byLeg = (leg: 'kitchen' | 'courier', merchantMinor: number) =>
    computeMerchantPartMinor({ minutes: 20, leg, creditMinor: 400 }, settled(2940, 0, merchantMinor));
  it('is all of it where the kitchen was late, up to what it earns', () =>
    assert.deepEqual([byLeg('kitchen', 1600), byLeg('kitchen', 399), byLeg('courier', 1600)], [400, 399, 0]));
  it("is added to what the kitchen bears of the order's payment", () => {
    const { payment } = anOrder();
    const bears = (leg: 'kitchen' | 'courier', merchantBearsMinor?: number) =>
      withLateCredit(
        { ...payment, ...(merchantBearsMinor !== undefined && { merchantBearsMinor }) },
        { minutes: 20, leg, creditMinor: 400 },
        settled(2940),
      );
    assert.equal(bears('kitchen').merchantBearsMinor, 400);
    assert.equal(bears('kitchen', 100).merchantBearsMinor, 500);
    assert.deepEqual(bears('courier'), payment);
  });
});
