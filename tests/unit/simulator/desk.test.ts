import { strict as assert } from 'node:assert';
import type { Courier, Found } from '#client/index.js';
import { chooseFreeCourier, decideOnFlags, decideOnMessage } from '#simulator/people/desk/decisions.js';
import { epochMs } from '#client/scalars.js';

const NOW_MS = 1_000_000;
const flag = (kind: 'no_courier' | 'kitchen_late', agoMs = 0) => ({ kind, sinceMs: epochMs(NOW_MS - agoMs) });

describe('the desk, about a flagged order', () => {
  const risky = { status: 'scheduled' as const, scheduledForMs: null, triageMinutes: 5, flags: [] };
  const waiting = { status: 'ready' as const, scheduledForMs: null };

  it('checks a risky order that waits for an operator', () => assert.equal(decideOnFlags(risky, NOW_MS), 'triage'));
  it('leaves a risky order that waits for its slot, or that the kitchen has already', () => {
    assert.equal(decideOnFlags({ ...risky, scheduledForMs: epochMs(NOW_MS) }, NOW_MS), null);
    assert.equal(decideOnFlags({ ...risky, status: 'placed' }, NOW_MS), null);
  });
  it('assigns a courier where none was found for a while, not before', () => {
    assert.equal(decideOnFlags({ ...waiting, flags: [flag('no_courier', 10_000)] }, NOW_MS), 'assign');
    assert.equal(decideOnFlags({ ...waiting, flags: [flag('no_courier', 9_999)] }, NOW_MS), null);
  });
  it('assigns a courier at once where the search has ended', () => {
    const ended = { ...waiting, flags: [flag('no_courier')], searchEndedAtMs: epochMs(NOW_MS) };
    assert.equal(decideOnFlags(ended, NOW_MS), 'assign');
  });
  it('waits where the kitchen is late, and where no flag is left', () => {
    assert.equal(decideOnFlags({ ...waiting, flags: [flag('kitchen_late', 60_000)] }, NOW_MS), null);
    assert.equal(decideOnFlags(waiting, NOW_MS), null);
  });
});

describe('the desk, for a person who wrote about an order', () => {
  const placed = { status: 'placed' as const, courierId: null, customerId: 'carla' };
  const onTheWay = { status: 'picked_up' as const, courierId: 'omar', customerId: 'carla' };

  it('takes the steps of a kitchen that does not answer', () =>
    assert.equal(decideOnMessage(placed, 'carla'), 'stepIn'));
  it('gives the food on board to another courier', () => assert.equal(decideOnMessage(onTheWay, 'omar'), 'handOver'));
  it('only answers the customer of an order on the ride, and a courier before the pick-up', () => {
    assert.equal(decideOnMessage(onTheWay, 'carla'), 'answer');
    assert.equal(decideOnMessage({ ...onTheWay, status: 'ready' }, 'omar'), 'answer');
  });
});

describe('the desk chooses a courier', () => {
  const courier = (id: string, load: number, offer: object | null = null) =>
    ({ id, data: { load, offer } }) as unknown as Found<Courier>;

  it('who carries nothing and has no offer', () => {
    const online = [courier('a', 1), courier('b', 0, { orderId: 'order-1' }), courier('c', 0)];
    assert.equal(chooseFreeCourier(online, null), 'c');
  });
  it('other than the one who asks for relief; none where all others are busy', () => {
    assert.equal(chooseFreeCourier([courier('a', 0), courier('b', 0)], 'a'), 'b');
    assert.equal(chooseFreeCourier([courier('a', 0), courier('b', 2)], 'a'), null);
  });
});
