import { strict as assert } from 'node:assert';
import type { OrderEvent } from '#functions/contract/orders.js';
import { computeAnnouncedPromiseMs, findAnnouncedMs } from '#functions/orders/model/delivery-promise.js';
import { verdictOnDelay } from '#functions/orders/model/cancellation.js';
import { toDeadlineFacts } from '#functions/orders/model/order-history.js';
import { computeDeadline } from '#functions/orders/model/deadline.js';
import { MINUTE, START_MS, theLimits } from '#fixtures/catalogue.js';
import { anOrder, type OrderFacts } from '#fixtures/orders.js';
import { moved, NOW, reason, type Question } from './deciding.js';

const minute = (atMs: number | null | undefined) => (atMs == null ? null : (atMs - START_MS) / MINUTE);

/** An order in preparation, announced as ready at minute 22, promised for minute 31. Now is minute 12. */
const delay = (minutes: number, facts: OrderFacts = {}, by: Question['by'] = 'merchant', nowMs = NOW): Question => ({
  order: { status: 'preparing', ...facts },
  by,
  command: { action: 'delay', minutes, ...(by === 'operator' && { reason: 'the kitchen called' }) },
  facts: { nowMs },
});

function withEvents(...added: (Pick<OrderEvent, 'action'> & Partial<OrderEvent>)[]): Pick<OrderFacts, 'events'> {
  const { events } = anOrder({ status: 'preparing' });
  const base = { from: 'preparing', to: 'preparing', by: 'courier', causeId: 'cause', atMs: START_MS } as const;
  return { events: [...events, ...added.map((one, index) => ({ ...base, ...one, n: events.length + index + 1 }))] };
}

describe('an announced delay', () => {
  it('counts from the announced time', () => {
    const { order, event } = moved(delay(10));
    assert.deepEqual([minute(order.readyAtMs), minute(event.readyAtMs)], [32, 32]);
  });
  it('counts from now where the announced time has passed', () =>
    assert.equal(minute(moved(delay(10, {}, 'merchant', START_MS + 25 * MINUTE)).order.readyAtMs), 35));
  it('leaves the promise, by which the kitchen is late', () =>
    assert.equal(minute(moved(delay(10)).order.promisedAtMs), 31));
  it('leaves the status and a proposed edit as they are', () => {
    const edit = {
      event: 4,
      changes: [{ type: 'reduce' as const, line: 0, quantity: 1 }],
      lines: [],
      totalMinor: 1,
      ifUnavailable: 'refund' as const,
      untilMs: START_MS + 40 * MINUTE,
    };
    const { order } = moved(delay(10, { edit }));
    assert.deepEqual([order.status, order.edit], ['preparing', edit]);
  });
  it('moves the deadline of the kitchen', () => {
    const { due } = moved(delay(10)).order;
    assert.deepEqual([due?.kind, minute(due?.atMs)], ['overdue', 42]);
  });
  it('moves the search for a courier, also one that has begun', () => {
    const { order } = moved(delay(20, { courierId: null, searchFromMs: START_MS + 5 * MINUTE }));
    assert.equal(minute(order.searchFromMs), 25);
  });
  it('is recorded with the reason of an operator', () =>
    assert.equal(moved(delay(10, {}, 'operator')).event.reason, 'the kitchen called'));

  describe('is refused', () => {
    it('from an operator without a reason', () => {
      const { command: _, ...asked } = delay(10, {}, 'operator');
      assert.equal(reason({ ...asked, command: { action: 'delay', minutes: 10 } }), 'REASON_REQUIRED');
      assert.equal(reason(delay(10, {}, 'operator')), 'allowed');
    });
    it('once the courier is at the counter, and not while the courier rides', () => {
      const assigned = { action: 'assign', courierId: 'omar' } as const;
      const order = { courierId: 'omar', ...withEvents(assigned) };
      assert.equal(reason(delay(10, order)), 'allowed');
      const here = { ...order, ...withEvents(assigned, { action: 'arrive', reason: 'here' }) };
      assert.equal(reason(delay(10, here)), 'COURIER_AT_COUNTER');
      const doubted = { ...order, ...withEvents(assigned, { action: 'arrive', reason: 'here', review: true }) };
      assert.equal(reason(delay(10, doubted)), 'allowed');
    });
    it('for more minutes than the zone allows', () => {
      assert.equal(reason(delay(30)), 'allowed');
      assert.equal(reason(delay(31)), 'DELAY_TOO_LONG');
    });
    it('a third time', () => {
      const announced = { action: 'delay', by: 'merchant', readyAtMs: START_MS + 30 * MINUTE } as const;
      assert.equal(reason(delay(10, withEvents(announced))), 'allowed');
      assert.equal(reason(delay(10, withEvents(announced, announced))), 'TOO_MANY_DELAYS');
    });
    it('where another phone announced one since', () => {
      const order = withEvents({ action: 'delay', by: 'merchant', readyAtMs: START_MS + 30 * MINUTE });
      const seen = (events: number) =>
        reason({ ...delay(10, order), command: { action: 'delay', minutes: 10, events } });
      assert.equal(seen(5), 'allowed');
      assert.equal(seen(4), 'ORDER_CHANGED');
    });
    it('for food that is ready', () => assert.equal(reason(delay(10, { status: 'ready' })), 'MOVE_NOT_ALLOWED'));
  });
});

describe('after an announced delay', () => {
  const announced = (readyMinute: number, facts: OrderFacts = {}) =>
    anOrder({
      status: 'preparing',
      readyAtMs: START_MS + readyMinute * MINUTE,
      ...withEvents({ action: 'delay', by: 'merchant', readyAtMs: START_MS + readyMinute * MINUTE }),
      ...facts,
    });

  it('the customer expects the order by the new time', () => {
    const order = announced(40);
    assert.equal(minute(computeAnnouncedPromiseMs(order, findAnnouncedMs(order))), 50);
  });
  it('of less than the promise the customer expects it as promised', () => {
    const order = announced(20);
    assert.equal(minute(computeAnnouncedPromiseMs(order, findAnnouncedMs(order))), 31);
  });
  it('the customer cancels free of charge beyond the tolerance, at the cost of the kitchen', () => {
    const limits = theLimits({ lateToleranceMinutes: 15 });
    assert.equal(verdictOnDelay(announced(36), NOW, limits), null);
    assert.deepEqual(verdictOnDelay(announced(37), NOW, limits), { liable: 'merchant', scope: 'none' });
  });
  it('the ride is late by the announced time', () => {
    const order = { ...announced(40), status: 'picked_up' as const };
    const due = computeDeadline(toDeadlineFacts(order), START_MS, START_MS + 41 * MINUTE, theLimits());
    assert.deepEqual([due?.kind, minute(due?.atMs)], ['escalate', 65]);
  });
  it('the customer of a pickup order has time to collect it from the announced time on', () => {
    const order = { ...announced(40, { kind: 'pickup' }), status: 'ready' as const };
    const due = computeDeadline(toDeadlineFacts(order), START_MS + 30 * MINUTE, START_MS + 30 * MINUTE, theLimits());
    assert.deepEqual([due?.kind, minute(due?.atMs)], ['noShow', 85]);
  });
  it('that was made before a restoration the promise counts again', () => {
    const { events } = announced(40);
    const restore = {
      n: events.length + 1,
      action: 'restore',
      from: 'cancelled',
      to: 'accepted',
      by: 'operator',
    } as const;
    assert.equal(findAnnouncedMs({ events: [...events, { ...restore, atMs: START_MS, causeId: 'key' }] }), undefined);
  });
});
