import { strict as assert } from 'node:assert';
import type { OrderEvent } from '#functions/contract/orders.js';
import type { Effect } from '#functions/orders/model/effect.js';
import { listEffects, toOrderAfter } from '#functions/orders/model/effects.js';
import { toOrderCode, buildOrder } from '#functions/orders/model/build-order.js';
import { selectActor, listRoles } from '#functions/orders/model/actors.js';
import { NOTHING } from '#functions/pricing/settle.js';
import { settlementJournal, payoutJournal } from '#functions/ledger/model/journals.js';
import { aRestaurant, KITCHEN_AT, MINUTE, START_MS, theLimits } from '#fixtures/catalogue.js';
import { anOrder, aQuote, type OrderFacts } from '#fixtures/orders.js';
import { EVERY_DAY } from '../hours/weeks.js';

const inWords = (effect: Effect): string => {
  if (effect.type === 'push')
    return `${effect.message} to ${effect.to.type === 'user' ? effect.to.uid : effect.to.restaurantId}`;
  if (effect.type === 'money') return effect.money.type;
  if (effect.type === 'soldOut') return `soldOut ${effect.itemIds.join(' ')}`;
  return effect.type === 'operator' ? `operator ${effect.kind}` : effect.type;
};

/** Lists the effects of a step when the test runs. */
const of =
  (action: OrderEvent['action'], facts: OrderFacts = {}, event: Partial<OrderEvent> = {}) =>
  (): string[] => {
    const order = anOrder(facts);
    return listEffects(order, {
      n: 9,
      action,
      from: order.status,
      to: order.status,
      by: 'system',
      atMs: START_MS,
      causeId: 'x',
      ...event,
    }).map(inWords);
  };

describe('toOrderAfter', () => {
  const step = (n: number, action: OrderEvent['action'], facts: Partial<OrderEvent> = {}): OrderEvent => ({
    n,
    action,
    from: 'ready',
    to: 'ready',
    by: 'operator',
    atMs: START_MS + n,
    causeId: `cause-${n}`,
    ...facts,
  });
  const cancelled = step(2, 'cancel', { to: 'cancelled' });
  const events = [step(1, 'assign', { courierId: 'omar' }), cancelled, step(3, 'restore')];

  it('names the courier of the event for a retry after the order was restored', () => {
    const { courierId, status } = toOrderAfter({ ...anOrder(), courierId: null, events }, cancelled);
    assert.deepEqual([courierId, status], ['omar', 'cancelled']);
  });
  it('names none where the courier had given the order back', () => {
    const before = [step(1, 'unassign', { courierId: 'omar' }), ...events.slice(1)];
    assert.equal(toOrderAfter({ ...anOrder(), events: before }, cancelled).courierId, null);
    const after = (...first: OrderEvent[]) => {
      const later = step(first.length + 1, 'remind');
      const courierOf = {
        ...anOrder(),
        courierId: 'nina',
        events: [...first, later, step(first.length + 2, 'assign')],
      };
      return toOrderAfter(courierOf, later).courierId;
    };
    const assigned = step(1, 'assign', { courierId: 'omar' });
    assert.deepEqual([after(assigned), after(assigned, step(2, 'unassign'))], ['omar', null]);
    assert.deepEqual([after(assigned, step(2, 'restore')), after(step(1, 'remind'))], [null, null]);
  });
  it('leaves the order of the last event as it is', () => {
    const order = { ...anOrder({ status: 'cancelled' }), courierId: 'omar-2', events: events.slice(0, 2) };
    assert.equal(toOrderAfter(order, cancelled), order);
  });
});

describe('listEffects', () => {
  const proposal = (event: number): NonNullable<OrderFacts['edit']> => ({
    event,
    changes: [],
    lines: [],
    totalMinor: 0,
    ifUnavailable: 'refund',
    untilMs: START_MS,
  });
  const twice = <T>(items: readonly T[]): T[] => [...items, ...items];
  /** Picked up, with an arrival as the eighth event. */
  const arrivedBefore = (reason: 'near' | 'here'): OrderFacts => {
    const { events } = anOrder({ status: 'picked_up' });
    const last = { from: 'picked_up', to: 'picked_up', by: 'courier', atMs: START_MS, causeId: 'arrived' } as const;
    return { status: 'picked_up', events: [...events, { ...last, n: 8, action: 'arrive', reason }] };
  };
  /** In preparation, with an escalation as the eighth event. */
  const lateOnce: OrderFacts = {
    status: 'preparing',
    events: [
      ...anOrder({ status: 'preparing' }).events,
      { n: 8, action: 'escalate', from: 'preparing', to: 'preparing', by: 'system', atMs: START_MS, causeId: 'late' },
    ],
  };
  const rows: [what: string, found: () => string[], expected: string[]][] = [
    ['a paid order', of('confirmPayment'), ['order_placed to rosa']],
    [
      'a paid order of a restaurant that accepts by itself',
      of('confirmPayment', { acceptance: 'auto' }),
      ['autoAccept', 'order_placed to rosa'],
    ],
    ['a paid order with a slot', of('confirmPayment', { status: 'scheduled' }), []],
    ['a released order', of('release'), ['order_placed to rosa']],
    ['a reminder', of('remind'), ['order_waiting to rosa']],
    ['an accepted order', of('accept', { status: 'accepted' }), ['order_accepted to carla', 'dispatch']],
    ['an accepted pickup order', of('accept', { status: 'accepted', kind: 'pickup' }), ['order_accepted to carla']],
    ['a rejected order', of('reject', {}, { money: { type: 'void' } }), ['void', 'order_rejected to carla']],
    [
      'an order rejected because something has run out',
      of('reject', {}, { reason: 'out_of_stock' }),
      ['order_rejected to carla', 'soldOut margherita'],
    ],
    [
      'an order rejected because the kitchen did not answer',
      of('reject', {}, { reason: 'no_answer' }),
      ['order_rejected to carla', 'missed'],
    ],
    ['a ready order with a courier', of('markReady', { status: 'ready', courierId: 'omar' }), ['order_ready to omar']],
    ['a ready order without one', of('markReady', { status: 'ready' }), ['dispatch']],
    ['a ready pickup order', of('markReady', { status: 'ready', kind: 'pickup' }), ['order_ready to carla']],
    [
      'an order whose courier was stopped',
      of('unassign', { status: 'ready' }, { by: 'system', reason: 'courier_stopped' }),
      ['dispatch', 'closeFormerChats'],
    ],
    ['an order given back', of('unassign', { status: 'ready' }, { by: 'courier' }), ['dispatch', 'closeFormerChats']],
    ['an order picked up', of('pickUp', { status: 'picked_up' }), ['order_picked_up to carla']],
    [
      'a delivered order',
      of('deliver', { status: 'delivered' }, { money: { type: 'capture', amountMinor: 1 } }),
      ['capture', 'order_delivered to carla'],
    ],
    [
      'a failed delivery',
      of('fail', { status: 'undeliverable' }),
      ['order_undeliverable to carla', 'operator undeliverable'],
    ],
    [
      'a delivery without a proven age',
      of('fail', { status: 'undeliverable' }, { cause: 'id_check' }),
      ['age_not_proven to carla', 'operator undeliverable'],
    ],
    ['a courier near the door', of('arrive', { status: 'picked_up' }, { reason: 'near' }), ['courier_near to carla']],
    ['a courier at the door', of('arrive', { status: 'picked_up' }, { reason: 'here' }), ['courier_here to carla']],
    ['a courier at the counter', of('arrive', { status: 'ready' }, { reason: 'here' }), ['courier_at_counter to rosa']],
    ['a courier near the counter', of('arrive', { status: 'ready' }, { reason: 'near' }), []],
    ['a courier who waits', of('contact', { status: 'picked_up' }), ['courier_waits to carla']],
    ['a late kitchen', of('escalate', { status: 'preparing' }), ['order_delayed to carla', 'dispatch']],
    ['an announced delay', of('delay', { status: 'preparing' }), ['order_postponed to carla', 'dispatch']],
    [
      'an announced delay of an order with a courier',
      of('delay', { status: 'preparing', courierId: 'omar' }),
      ['order_postponed to carla', 'pick_up_postponed to omar'],
    ],
    [
      'an announced delay of a pickup order',
      of('delay', { status: 'preparing', kind: 'pickup' }),
      ['order_postponed to carla'],
    ],
    [
      'a kitchen that is late again',
      of('escalate', lateOnce),
      ['order_delayed to carla', 'dispatch', 'operator kitchen_late'],
    ],
    [
      'a retry of the first delay after the second one',
      of('escalate', lateOnce, { n: 8 }),
      ['order_delayed to carla', 'dispatch'],
    ],
    [
      'a late courier at the kitchen',
      of('escalate', { status: 'ready', courierId: 'omar' }),
      ['operator pick_up_late'],
    ],
    ['a late delivery', of('escalate', { status: 'picked_up' }), ['order_delayed to carla', 'operator delivery_late']],
    ['a late return', of('escalate', { status: 'undeliverable' }), ['operator return_late']],
    [
      'a cancelled order with a courier',
      of('cancel', { courierId: 'omar' }),
      ['order_cancelled to carla', 'order_cancelled to rosa', 'order_cancelled to omar'],
    ],
    [
      'a restored order',
      of('restore', { status: 'accepted' }),
      ['staffKeys', 'order_restored to carla', 'order_restored to rosa', 'dispatch', 'closeFormerChats'],
    ],
    [
      'an order taken from a courier who did not come',
      of('unassign', { status: 'ready' }, { by: 'system' }),
      ['dispatch', 'operator pick_up_late', 'closeFormerChats'],
    ],
    ['a completed order', of('complete', {}, { money: { type: 'transfer', amountMinor: 1 } }), ['transfer']],
    ['a step that notifies no party', of('startPreparing'), []],
    ...(['assign', 'expire', 'authorize', 'return', 'settle', 'payOut'] as const).map(
      (action): [string, () => string[], string[]] => [`the step ${action}`, of(action), []],
    ),
    ['a placed order', of('place'), []],
    ['a placed order that costs nothing', of('place', {}, { money: { type: 'void' } }), ['void']],
    ['a saved card that was declined', of('failPayment', { status: 'scheduled' }), ['payment_failed to carla']],
    ['an edit', of('edit', { status: 'accepted' }), ['order_edited to carla']],
    ['a proposed edit', of('edit', { status: 'accepted', edit: proposal(9) }), ['edit_proposed to carla']],
    ['an edit after a proposal', of('edit', { status: 'accepted', edit: proposal(8) }), ['order_edited to carla']],
    ['an answer', of('answerEdit', { status: 'accepted' }, { by: 'customer' }), ['edit_answered to rosa']],
    [
      'a proposal without an answer',
      of('answerEdit', { status: 'accepted' }),
      ['edit_answered to rosa', 'order_edited to carla'],
    ],
    [
      'a promotion that was used up',
      of('cancel', {}, { reason: 'promotion_used' }),
      ['promotion_used to carla', 'order_cancelled to rosa'],
    ],
    [
      'a customer who writes that reason',
      of('cancel', {}, { reason: 'promotion_used', by: 'customer' }),
      ['order_cancelled to carla', 'order_cancelled to rosa'],
    ],
    ['an order cancelled before its time came', of('cancel', {}, { from: 'scheduled' }), ['order_cancelled to carla']],
    [
      'another cancellation by the system',
      of('cancel', {}, { reason: 'no_courier' }),
      ['order_cancelled to carla', 'order_cancelled to rosa'],
    ],
    [
      'a presumed delivery',
      of('presumeDelivered', { status: 'delivered' }),
      ['order_delivered to carla', 'operator delivery_late'],
    ],
    [
      'a late delivery with a credit',
      of('deliver', { status: 'delivered' }, { late: { minutes: 20, leg: 'courier', creditMinor: 200 } }),
      ['order_delivered to carla', 'late_credit to carla'],
    ],
    ['a collected order', of('collect', { status: 'collected' }), ['order_delivered to carla']],
    [
      'a courier at the door who was near it before',
      of('arrive', arrivedBefore('near'), { reason: 'here' }),
      ['courier_here to carla'],
    ],
    ['a courier at the door who was there before', of('arrive', arrivedBefore('here'), { reason: 'here' }), []],
    [
      'the first of two arrivals at the door',
      of('arrive', arrivedBefore('here'), { reason: 'here', n: 8 }),
      ['courier_here to carla'],
    ],
    [
      'a late kitchen whose order has a courier',
      of('escalate', { status: 'preparing', courierId: 'omar' }),
      ['order_delayed to carla'],
    ],
    ['a late pickup order', of('escalate', { status: 'accepted', kind: 'pickup' }), ['order_delayed to carla']],
    [
      'an order of which one item in two lines has run out',
      of('reject', { lines: twice(anOrder().lines) }, { reason: 'out_of_stock' }),
      ['order_rejected to carla', 'soldOut margherita'],
    ],
  ];
  for (const [what, found, expected] of rows)
    it(`are ${expected.join(', ') || 'none'} for ${what}`, () => assert.deepEqual(found(), expected));
});

describe('buildOrder', () => {
  const facts = {
    quoteId: 'order-1',
    quote: aQuote(),
    restaurant: aRestaurant(),
    customerName: 'Carla',
    intentId: 'pi_1',
    inCash: false,
    causeId: 'place-key-1',
    sealedDelivery: null,
    nowMs: START_MS,
    limits: theLimits(),
  };
  it('waits for its payment for 15 minutes, with one event', () => {
    const order = buildOrder(facts);
    assert.deepEqual(
      [order.status, order.due, order.events.length],
      ['pending_payment', { kind: 'expire', atMs: START_MS + 15 * MINUTE }, 1],
    );
    assert.deepEqual(order.payment, {
      status: 'unpaid',
      intentId: 'pi_1',
      authorizedMinor: 0,
      capturedMinor: 0,
      refundedMinor: 0,
    });
    assert.equal(order.promisedAtMs, START_MS + 30 * MINUTE);
  });
  it('has the fields of its quote and its restaurant', () => {
    const quote = aQuote({ prepMinutes: 25 });
    const { due, payment, events, ...order } = buildOrder({ ...facts, quote, sealedDelivery: 'sealed' });
    assert.ok(due && payment);
    assert.deepEqual(order, {
      status: 'pending_payment',
      kind: 'delivery',
      code: toOrderCode('order-1'),
      customerId: 'carla',
      customerName: 'Carla',
      restaurantId: 'rosa',
      restaurantName: 'Da Rosa',
      pickUpAt: KITCHEN_AT,
      zoneId: 'centre',
      courierId: null,
      courierName: null,
      courierVehicle: null,
      currency: 'EUR',
      lines: [{ itemId: 'margherita', name: 'Margherita', quantity: 2, modifierNames: [], grossMinor: 2000 }],
      totals: quote.pricing.totals,
      distanceMeters: 3000,
      travelSeconds: 600,
      prepMinutes: 25,
      acceptance: 'manual',
      createdAtMs: START_MS,
      scheduledForMs: null,
      readyAtMs: null,
      promisedAtMs: START_MS + 35 * MINUTE,
      sealedDelivery: 'sealed',
      staffKeys: [],
    });
    assert.deepEqual(events, [
      {
        n: 1,
        action: 'place',
        from: null,
        to: 'pending_payment',
        by: 'customer',
        atMs: START_MS,
        causeId: 'place-key-1',
      },
    ]);
  });
  it('is paid in cash where the customer chose so', () => {
    const { payment } = buildOrder({ ...facts, intentId: null, inCash: true });
    assert.deepEqual([payment.method, payment.intentId], ['cash', null]);
  });
  it('promises the slot, and stores the openings from its release on', () => {
    const hours = {
      weekly: [{ days: EVERY_DAY, fromMinute: 9 * 60, toMinute: 21 * 60 }],
      holidays: [],
      lastOrderMinutes: 0,
    };
    const restaurant = aRestaurant({ hours, timeZone: 'UTC' });
    const openings = (scheduledForMs: number | null) => {
      const order = buildOrder({ ...facts, restaurant, quote: aQuote({ scheduledForMs }) });
      return [order.promisedAtMs, order.openings?.[0]?.fromMs];
    };
    const DAY = 24 * 60 * MINUTE;
    const opensAtMs = START_MS - 3 * 60 * MINUTE;
    assert.deepEqual(openings(null), [START_MS + 30 * MINUTE, opensAtMs]);
    assert.deepEqual(openings(START_MS + DAY), [START_MS + DAY, opensAtMs + DAY]);
    assert.equal(buildOrder(facts).openings, undefined);
  });
  it('shows no address and no split', () => {
    assert.ok(!('sealedDelivery' in buildOrder(facts)));
    const text = JSON.stringify(buildOrder(facts));
    for (const secret of ['7 Door Street', '+4312345678', 'merchantMinor', 'commission'])
      assert.ok(!text.includes(secret), secret);
  });
  it('has a code of four unambiguous letters, the same for the same id', () => {
    assert.match(toOrderCode('order-1'), /^[ABCDEFGHJKMNPQRSTUVWXYZ2-9]{4}$/);
    assert.deepEqual(['order-1', 'order-2', ''].map(toOrderCode), ['4BGH', 'JUXZ', 'J9CT']);
    const codes = new Set(Array.from({ length: 1000 }, (_, index) => toOrderCode(`order-${index}`)));
    assert.ok(codes.size > 980, `${codes.size} of 1000`);
  });
});

describe('selectActor', () => {
  const order = anOrder({ status: 'ready', courierId: 'omar' });
  it('finds every role that a caller has in the order', () => {
    const claims = { role: 'courier' as const, merchant: { rosa: 'owner' as const } };
    assert.deepEqual(listRoles({ ...order, customerId: 'omar' }, { uid: 'omar', claims }, true), [
      'customer',
      'merchant',
      'courier',
    ]);
    assert.deepEqual(listRoles(order, { uid: 'nina', claims: { role: 'customer' } }, false), []);
    assert.deepEqual(listRoles(order, { uid: 'omar-2', claims: { role: 'courier' } }, false), []);
    assert.deepEqual(listRoles(order, { uid: 'lena', claims: { merchant: { elsewhere: 'owner' } } }, false), []);
    assert.deepEqual(listRoles(order, { uid: 'olga', claims: { role: 'operator' } }, false), ['operator']);
    assert.deepEqual(listRoles(order, { uid: 'omar', claims: { role: 'customer' } }, false), []);
  });
  it('selects the role that may take the step, else the first, and hides the order from strangers', () => {
    const both = { uid: 'carla', claims: { merchant: { rosa: 'kitchen' as const } } };
    assert.deepEqual(selectActor(order, { ...both, uid: 'mario' }, true, 'pickUp'), { role: 'merchant', uid: 'mario' });
    assert.deepEqual(selectActor(order, both, true, 'deliver'), { role: 'customer', uid: 'carla' });
    assert.throws(() => selectActor(order, { uid: 'nina', claims: {} }, false, 'cancel'), {
      reason: 'ORDER_NOT_FOUND',
    });
  });
  it("refuses a kitchen's step by the customer or the courier of the order, and accepts it from a colleague", () => {
    const staff = (uid: string) => ({
      uid,
      claims: { role: 'courier' as const, merchant: { rosa: 'owner' as const } },
    });
    const placed = { ...order, status: 'placed' as const };
    assert.throws(() => selectActor(placed, staff('carla'), true, 'accept'), { reason: 'PARTY_CONFLICT' });
    assert.throws(() => selectActor(placed, staff('omar'), true, 'accept'), {
      reason: 'PARTY_CONFLICT',
      details: { role: 'merchant' },
    });
    assert.deepEqual(selectActor(placed, staff('mario'), true, 'accept'), { role: 'merchant', uid: 'mario' });
  });
  it('lets a courier who works in the kitchen pick up as the courier, with the code, not as the merchant', () =>
    assert.deepEqual(
      selectActor(order, { uid: 'omar', claims: { role: 'courier', merchant: { rosa: 'owner' } } }, true, 'pickUp'),
      { role: 'courier', uid: 'omar' },
    ));
});

describe('journals', () => {
  const parties = {
    orderId: 'order-1',
    restaurantId: 'rosa',
    courierId: 'omar',
    customerId: 'carla',
    currency: 'EUR',
    inCash: false,
  };
  it('of a settlement name no account without a movement', () => {
    const journal = settlementJournal(
      parties,
      { ...NOTHING, split: { merchantMinor: 1600, courierMinor: 0, platformMinor: -1600, taxMinor: 0 } },
      START_MS,
    );
    assert.deepEqual(journal?.entries, [
      { account: 'merchant:rosa', amountMinor: -1600 },
      { account: 'orderLosses', amountMinor: 1600 },
    ]);
  });
  it('that do not balance are never created', () => {
    const split = { merchantMinor: 1600, courierMinor: 0, platformMinor: -1599, taxMinor: 0 };
    assert.throws(
      () => settlementJournal(parties, { ...NOTHING, split }, START_MS),
      /the journal of a settlement balances/,
    );
  });
  it('of zero amounts are none', () => assert.equal(settlementJournal(parties, NOTHING, START_MS), null));
  it('of a payout take the merchant’s part from the provider', () => {
    assert.deepEqual(payoutJournal(parties, 1600, START_MS)?.entries, [
      { account: 'merchant:rosa', amountMinor: 1600 },
      { account: 'stripe', amountMinor: -1600 },
    ]);
  });
});
