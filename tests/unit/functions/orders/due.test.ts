import { strict as assert } from 'node:assert';
import { DUE_KINDS, type OrderEvent, type Payment } from '#functions/contract/orders.js';
import type { SettlementScope } from '#functions/contract/pricing.js';
import { computeDeadline, isPayout, type DeadlineFacts } from '#functions/orders/model/deadline.js';
import { findEnteredAtMs, toDeadlineFacts } from '#functions/orders/model/order-history.js';
import { MINUTE, START_MS, theLimits } from '#fixtures/catalogue.js';
import { anOrder } from '#fixtures/orders.js';

const minutes = (count: number) => START_MS + count * MINUTE;

/** The deadline's kind and minute for an order that entered its status at minute 0. */
function due(facts: Partial<DeadlineFacts>, nowMinute = 0, limits = theLimits()): string | null {
  const order: DeadlineFacts = {
    status: 'placed',
    kind: 'delivery',
    courierId: null,
    readyAtMs: minutes(20),
    promisedAtMs: minutes(30),
    scheduledForMs: null,
    travelSeconds: 600,
    prepMinutes: 20,
    ...facts,
  };
  const found = computeDeadline(order, START_MS, minutes(nowMinute), limits);
  return found && `${found.kind} at ${(found.atMs - START_MS) / MINUTE}`;
}

describe('nextDue', () => {
  const rows: [string, Partial<DeadlineFacts>, nowMinute: number, expected: string | null][] = [
    ['an unpaid order', { status: 'pending_payment' }, 0, 'expire at 15'],
    ['a scheduled order', { status: 'scheduled', scheduledForMs: minutes(300) }, 0, 'release at 265'],
    ['a placed order', {}, 0, 'remind at 1'],
    ['a placed order after the first reminder', {}, 1, 'remind at 3'],
    ['a placed order after the second reminder', {}, 3, 'remind at 6'],
    ['a placed order after the last reminder', {}, 6, 'reject at 10'],
    ['a placed order long after', {}, 60, 'reject at 10'],
    ['an accepted order', { status: 'accepted' }, 0, 'overdue at 30'],
    ['an accepted order that is late', { status: 'accepted' }, 31, 'overdue at 40'],
    ['an order in preparation', { status: 'preparing' }, 25, 'overdue at 30'],
    ['a risky order that waits for an operator', { status: 'scheduled', triageMinutes: 6 }, 0, 'release at 6'],
    [
      'a late kitchen that announced minute 45',
      { status: 'accepted', readyAtMs: minutes(45), announcedMs: minutes(45) },
      31,
      'overdue at 55',
    ],
    ['a ready order without a courier', { status: 'ready' }, 0, 'noCourier at 20'],
    [
      'a ready order with a rider, who reports no arrival',
      { status: 'ready', rider: { type: 'own' } },
      0,
      'escalate at 15',
    ],
    ['a ready order with a courier on the way', { status: 'ready', courierId: 'omar' }, 0, 'noArrival at 15'],
    [
      'a ready order whose courier took it at minute 10',
      { status: 'ready', courierId: 'omar', assignedAtMs: minutes(10) },
      10,
      'noArrival at 25',
    ],
    [
      'a ready order whose courier is at the counter',
      { status: 'ready', courierId: 'omar', isAtCounter: true },
      0,
      'escalate at 15',
    ],
    [
      'a ready order whose courier waits at the counter',
      { status: 'ready', courierId: 'omar', isAtCounter: true },
      15,
      'escalate at 30',
    ],
    [
      'a ready order that a courier lost at minute 15',
      { status: 'ready', unassignedAtMs: minutes(15) },
      15,
      'noCourier at 35',
    ],
    [
      'a ready order whose search began again at minute 18',
      { status: 'ready', unassignedAtMs: minutes(15), restartedAtMs: minutes(18) },
      18,
      'noCourier at 38',
    ],
    ['a ready pickup order', { status: 'ready', kind: 'pickup' }, 0, 'noShow at 75'],
    ['an order on its way', { status: 'picked_up' }, 0, 'escalate at 45'],
    ['an order on its way that is late', { status: 'picked_up' }, 45, 'escalate at 60'],
    ['an undeliverable order', { status: 'undeliverable' }, 0, 'escalate at 60'],
    ['a delivered order', { status: 'delivered' }, 0, 'complete at 120'],
    ['a collected order', { status: 'collected', kind: 'pickup' }, 0, 'complete at 120'],
    ['a completed order', { status: 'completed' }, 0, null],
    ['an expired order', { status: 'expired' }, 0, null],
    ['a rejected order', { status: 'rejected' }, 0, null],
    ['a returned order', { status: 'returned' }, 0, null],
    ['a cancelled order', { status: 'cancelled' }, 0, null],
  ];
  for (const [what, facts, nowMinute, expected] of rows) {
    it(`is ${expected} for ${what} at minute ${nowMinute}`, () => assert.equal(due(facts, nowMinute), expected));
  }
  it('has no reminder where the zone has none', () =>
    assert.equal(due({}, 0, theLimits({ acceptReminderMinutes: [] })), 'reject at 10'));
  it('has no reminder at or after the rejection', () =>
    assert.equal(due({}, 0, theLimits({ acceptReminderMinutes: [10, 12] })), 'reject at 10'));
});

describe('the deadlines of a payment', () => {
  const HALF_A_DAY = 12 * 60;
  const { payment: held } = anOrder();
  const until = (holdMinute: number): Payment => ({ ...held, holdUntilMs: minutes(holdMinute) });
  const deferred: Payment = { ...held, status: 'deferred' };
  const slot = { status: 'scheduled', scheduledForMs: minutes(30 * 60) } as const;

  it('is the charge of a deferred card half a day before the slot', () => {
    assert.equal(due({ ...slot, payment: deferred }), 'authorize at 1080');
    assert.equal(due({ ...slot, payment: held }), 'release at 1765');
  });
  it('is another card within the hour after it was declined', () =>
    assert.equal(due({ ...slot, payment: deferred, paymentFailedAtMs: minutes(400) }), 'fixPayment at 460'));
  it('is half a day before the hold expires, where that is the earlier deadline', () => {
    assert.equal(due({ status: 'accepted', payment: until(HALF_A_DAY + 29) }), 'holdLapse at 29');
    assert.equal(due({ status: 'accepted', payment: until(HALF_A_DAY + 31) }), 'overdue at 30');
    const captured = { ...until(HALF_A_DAY + 29), status: 'captured' as const };
    assert.equal(due({ status: 'accepted', payment: captured }), 'overdue at 30');
    assert.equal(due({ status: 'accepted', payment: held }), 'overdue at 30');
  });
  it('is none in a final status, with any hold', () =>
    assert.equal(due({ status: 'rejected', payment: until(HALF_A_DAY + 1) }), null));
  it('is the end of a proposal, where that is the earlier deadline', () => {
    const proposed = (minute: number) =>
      due({
        status: 'accepted',
        edit: {
          event: 1,
          changes: [],
          lines: [],
          totalMinor: 0,
          ifUnavailable: 'refund',
          untilMs: minutes(minute),
        },
      });
    assert.deepEqual([proposed(29), proposed(31)], ['editLapse at 29', 'overdue at 30']);
  });
  it('is the payout of a kitchen that is owed its part of a failed order, at once where its time has passed', () => {
    for (const status of ['cancelled', 'returned'] as const) {
      assert.equal(due({ status, earnedUnpaid: true }, 10), 'payOut at 120');
      assert.equal(due({ status, earnedUnpaid: true }, 130), 'payOut at 130');
    }
  });
  it('pays the merchant out where an order is complete, or was owed to it', () => {
    const kinds = DUE_KINDS.filter((kind) => isPayout({ kind, atMs: START_MS }));
    assert.deepEqual([kinds, isPayout(null)], [['complete', 'payOut'], false]);
  });
});

describe('the history on which a deadline depends', () => {
  const event = (action: OrderEvent['action'], minute: number, facts: Partial<OrderEvent> = {}): OrderEvent => ({
    n: 9,
    action,
    from: 'ready',
    to: 'ready',
    by: 'system',
    atMs: minutes(minute),
    causeId: `${action}-${minute}`,
    ...facts,
  });
  const facts = (...events: OrderEvent[]) => toDeadlineFacts(anOrder({ events }));
  const entered = event('markReady', 5, { from: 'preparing' });

  it('is the last time of a declined card, an assignment and a lost courier', () => {
    const found = facts(event('assign', 1), event('unassign', 2), event('assign', 3), event('failPayment', 4));
    assert.deepEqual(
      [found.assignedAtMs, found.unassignedAtMs, found.paymentFailedAtMs],
      [minutes(3), minutes(2), minutes(4)],
    );
    const none = facts(entered);
    assert.deepEqual(
      [none.assignedAtMs, none.unassignedAtMs, none.paymentFailedAtMs],
      [undefined, undefined, undefined],
    );
  });
  it('is the number of escalations in the current status', () => {
    const escalated = event('escalate', 6);
    assert.equal(facts(escalated, escalated, entered, escalated, event('assign', 7), escalated).escalations, 2);
    assert.equal(facts(entered).escalations, 0);
  });
  it('is who accepted it last', () => {
    const accepted = (...by: ('merchant' | 'system')[]) =>
      facts(...by.map((one, index) => event('accept', index, { by: one })), entered).isAcceptedByStaff;
    assert.deepEqual(
      [accepted('system', 'merchant'), accepted('merchant', 'system'), accepted()],
      [true, false, false],
    );
  });
  it('is whether the kitchen is still owed its part', () => {
    const owed = (scope: SettlementScope | undefined, kitchenPay?: 'held', ...later: OrderEvent[]) => {
      const events = [entered, event('cancel', 6, { to: 'cancelled', ...(scope && { scope }) }), ...later];
      return toDeadlineFacts(anOrder({ events, ...(kitchenPay && { kitchenPay }) })).earnedUnpaid;
    };
    assert.deepEqual([owed('items'), owed('platformPaysKitchen')], [true, true]);
    assert.deepEqual([owed('none'), owed('platformPaysCourier'), owed(undefined)], [false, false, false]);
    assert.deepEqual([owed('items', 'held'), owed('items', undefined, event('payOut', 7))], [false, false]);
  });
  it('is when it entered its status', () => {
    const order = anOrder({ events: [entered, event('escalate', 6)], createdAtMs: 1 });
    assert.deepEqual([findEnteredAtMs(order), findEnteredAtMs({ ...order, events: [] })], [minutes(5), 1]);
  });
});

describe('the deadlines of a kitchen that is closed', () => {
  /** Open until minute 5, and again from minute 100 on. */
  const openings = [
    { fromMs: minutes(-200), toMs: minutes(5) },
    { fromMs: minutes(100), toMs: minutes(400) },
  ];
  const rows: [string, Partial<DeadlineFacts>, nowMinute: number, expected: string][] = [
    ['a placed order', {}, 0, 'remind at 1'],
    ['a placed order whose third reminder comes after closing', {}, 3, 'remind at 101'],
    ['a placed order after that', {}, 101, 'reject at 105'],
    ['an accepted order', { status: 'accepted' }, 0, 'overdue at 30'],
    [
      'an accepted order whose customer was notified once',
      { status: 'accepted', readyAtMs: minutes(40), escalations: 1 },
      30,
      'overdue at 120',
    ],
    ['an order in preparation', { status: 'preparing' }, 0, 'overdue at 30'],
    ['a ready order without a courier', { status: 'ready' }, 0, 'noCourier at 20'],
    ['a ready pickup order', { status: 'ready', kind: 'pickup' }, 0, 'noShow at 75'],
    ['an order on its way', { status: 'picked_up' }, 0, 'escalate at 45'],
  ];
  for (const [what, facts, nowMinute, expected] of rows)
    it(`is ${expected} for ${what} at minute ${nowMinute}`, () =>
      assert.equal(due({ openings, ...facts }, nowMinute), expected));

  const closed = { openings: [{ fromMs: minutes(100), toMs: minutes(400) }] };
  it('counts from opening on for an order that was placed or released before', () =>
    assert.deepEqual([due(closed, 0), due(closed, 106)], ['remind at 101', 'reject at 110']));
  it('counts open time for an order that was accepted automatically for a closed kitchen', () =>
    assert.equal(due({ status: 'accepted', ...closed }, 0), 'overdue at 110'));
  it('counts real time for an order in preparation, which the kitchen has begun', () =>
    assert.equal(due({ status: 'preparing', ...closed }, 0), 'overdue at 30'));
  it('counts real time for an order that the staff accepted before opening', () =>
    assert.equal(due({ status: 'accepted', isAcceptedByStaff: true, ...closed }, 0), 'overdue at 30'));
});

describe('an order that is never ended', () => {
  /** Counts the escalations within these days. */
  const escalationsWithin = (status: 'preparing' | 'picked_up', days: number) => {
    const order = {
      status,
      kind: 'delivery',
      courierId: 'cora',
      readyAtMs: 0,
      promisedAtMs: 0,
      scheduledForMs: null,
      travelSeconds: 0,
      prepMinutes: 10,
    } as const;
    const limits = theLimits();
    let nowMs = 0;
    let escalations = 0;
    for (;;) {
      nowMs = computeDeadline({ ...order, escalations }, 0, nowMs, limits)?.atMs ?? Infinity;
      if (nowMs > days * 24 * 3_600_000) return escalations;
      escalations += 1;
    }
  };
  it('is escalated several times a day at first, then once a week, so that a year has few events', () => {
    const within = (status: 'preparing' | 'picked_up') =>
      [1, 2, 30, 365].map((days) => escalationsWithin(status, days));
    assert.deepEqual(
      [within('preparing'), within('picked_up')],
      [
        [10, 12, 16, 64],
        [9, 12, 16, 64],
      ],
    );
  });
});
