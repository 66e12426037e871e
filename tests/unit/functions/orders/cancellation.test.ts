import { strict as assert } from 'node:assert';
import type { Role } from '#functions/contract/common.js';
import type { LiableParty, Order, OrderEvent, OrderStatus } from '#functions/contract/orders.js';
import fc from 'fast-check';
import { runs } from '#fixtures/proofs.js';
import { computeCollectionStartMs, decideCancellation, verdictOnDelay } from '#functions/orders/model/cancellation.js';
import { MINUTE, START_MS, theLimits } from '#fixtures/catalogue.js';
import { anOrder } from '#fixtures/orders.js';

const ACCEPTED_AT = START_MS + 2 * MINUTE;

/** status, who cancels, whom an operator names, seconds since acceptance: liable and what is charged. */
const POLICY: readonly (readonly [OrderStatus, Role, LiableParty | undefined, number, string])[] = [
  ['scheduled', 'customer', undefined, 0, 'customer none'],
  ['placed', 'customer', undefined, 0, 'customer none'],
  ['accepted', 'customer', undefined, 60, 'customer none'],
  ['accepted', 'customer', undefined, 61, 'customer items'],
  ['preparing', 'customer', undefined, 1, 'customer items'],
  ['ready', 'customer', undefined, 1, 'customer itemsAndDelivery'],
  ['scheduled', 'merchant', undefined, 0, 'merchant none'],
  ['accepted', 'merchant', undefined, 61, 'merchant none'],
  ['preparing', 'merchant', undefined, 61, 'merchant none'],
  ['ready', 'merchant', undefined, 61, 'merchant none'],
  ['scheduled', 'system', undefined, 0, 'customer none'],
  ['ready', 'system', undefined, 0, 'platform platformPaysKitchen'],
  ['placed', 'operator', 'customer', 0, 'customer none'],
  ['accepted', 'operator', 'customer', 1, 'customer items'],
  ['preparing', 'operator', 'customer', 1, 'customer items'],
  ['ready', 'operator', 'customer', 1, 'customer itemsAndDelivery'],
  ['picked_up', 'operator', 'customer', 1, 'customer allLessTip'],
  ['undeliverable', 'operator', 'customer', 1, 'customer allLessTip'],
  ['placed', 'operator', 'merchant', 0, 'merchant none'],
  ['picked_up', 'operator', 'merchant', 0, 'merchant platformPaysCourier'],
  ['scheduled', 'operator', 'courier', 0, 'courier none'],
  ['placed', 'operator', 'platform', 0, 'platform none'],
  ['accepted', 'operator', 'platform', 0, 'platform platformPaysKitchen'],
  ['preparing', 'operator', 'courier', 0, 'courier platformPaysKitchen'],
  ['picked_up', 'operator', 'courier', 0, 'courier platformPaysKitchen'],
  ['undeliverable', 'operator', 'platform', 0, 'platform platformPaysKitchen'],
  ['undeliverable', 'operator', 'merchant', 0, 'merchant platformPaysCourier'],
  ['preparing', 'operator', 'merchant', 0, 'merchant none'],
  ['preparing', 'system', undefined, 0, 'customer none'],
  ['picked_up', 'customer', undefined, 60, 'customer allLessTip'],
  ['accepted', 'operator', undefined, 0, 'LIABLE_PARTY_REQUIRED'],
  ['accepted', 'courier', undefined, 0, 'ROLE_NOT_ALLOWED'],
];

describe('judgeCancellation', () => {
  for (const [status, by, liable, seconds, expected] of POLICY) {
    it(`is "${expected}" for ${status} by ${by}${liable ? `, ${liable} liable` : ''}, ${seconds} s after acceptance`, () => {
      const verdict = decideCancellation(
        anOrder({ status }),
        by,
        { reason: 'x', liable: liable },
        { nowMs: ACCEPTED_AT + seconds * 1000, limits: theLimits() },
      );
      assert.equal(verdict.ok ? `${verdict.value.liable} ${verdict.value.scope}` : verdict.reason, expected);
    });
  }

  it('is free for a minute also where the kitchen marks it ready at once, unless cooking has begun', () => {
    const grace = (status: OrderStatus, seconds: number) => {
      const order = anOrder({ status });
      const events = order.events.filter(({ action }) => action !== 'startPreparing');
      const verdict = (one: typeof order) =>
        decideCancellation(
          one,
          'customer',
          { reason: 'x', liable: undefined },
          { nowMs: ACCEPTED_AT + seconds * 1000, limits: theLimits() },
        );
      return [{ ...order, events }, order].map(verdict).map((one) => one.ok && one.value.scope);
    };
    assert.deepEqual(grace('ready', 60), ['none', 'itemsAndDelivery']);
    assert.deepEqual(grace('ready', 61), ['itemsAndDelivery', 'itemsAndDelivery']);
    assert.deepEqual(grace('picked_up', 60), ['allLessTip', 'allLessTip']);
  });

  /**
   * Promised at minute 31 and ready at the given one; the customer does not collect it within 45 minutes of the later
   * of both.
   */
  const noShow = (readyMinute: number, facts: { closesMinute?: number; storeIsUnmanned?: boolean } = {}) => {
    const { closesMinute, storeIsUnmanned = false } = facts;
    const order = anOrder({ status: 'ready', kind: 'pickup' });
    const events = order.events.map((event) =>
      event.action === 'markReady' ? { ...event, atMs: START_MS + readyMinute * MINUTE } : event,
    );
    const toMs = START_MS + (closesMinute ?? 0) * MINUTE;
    const tomorrow = { fromMs: toMs + 600 * MINUTE, toMs: toMs + 1200 * MINUTE };
    const openings = closesMinute === undefined ? {} : { openings: [{ fromMs: START_MS, toMs }, tomorrow] };
    const nowMs = START_MS + (Math.max(readyMinute, 31) + 45) * MINUTE;
    const wish = { reason: 'no_show', liable: undefined };
    const verdict = decideCancellation({ ...order, events, ...openings }, 'system', wish, {
      nowMs,
      limits: theLimits(),
      storeIsUnmanned,
    });
    return verdict.ok ? `${verdict.value.liable} ${verdict.value.scope}` : verdict.reason;
  };

  it('charges a pickup order that is not collected, unless its kitchen was late beyond the tolerance', () => {
    assert.equal(noShow(31), 'customer itemsAndDelivery');
    assert.equal(noShow(46), 'customer itemsAndDelivery');
    assert.equal(noShow(46.001), 'merchant none');
  });

  it('leaves the decision to an operator after five wrong PINs', () => {
    const after = (wrongPins: number) => {
      const order = anOrder({ status: 'ready', kind: 'pickup', wrongPins });
      const wish = { reason: 'no_show', liable: undefined };
      const verdict = decideCancellation(order, 'system', wish, {
        nowMs: START_MS + (31 + 45) * MINUTE,
        limits: theLimits(),
      });
      return verdict.ok ? `${verdict.value.liable} ${verdict.value.scope}` : verdict.reason;
    };
    assert.deepEqual([after(4), after(5)], ['customer itemsAndDelivery', 'platform platformPaysKitchen']);
  });

  it('leaves the decision to an operator where the store was unmanned', () =>
    assert.equal(noShow(31, { storeIsUnmanned: true }), 'platform platformPaysKitchen'));

  it('leaves the decision to an operator where the kitchen closed before its customer had 45 minutes, early food included', () => {
    assert.equal(noShow(31, { closesMinute: 76 }), 'customer itemsAndDelivery');
    assert.equal(noShow(31, { closesMinute: 75 }), 'platform platformPaysKitchen');
    assert.equal(noShow(10, { closesMinute: 76 }), 'customer itemsAndDelivery');
    assert.equal(noShow(10, { closesMinute: 75 }), 'platform platformPaysKitchen');
  });
});

describe('the cancellation of a late order by its customer', () => {
  const at = (minute: number) => START_MS + Math.round(minute * MINUTE);
  /** Promised at minute 31 after a ride of ten: due at the counter at minute 21, late from minute 36 on. */
  const verdict = (facts: Parameters<typeof anOrder>[0], nowMinute: number, readyMinute?: number) => {
    const order = anOrder({ ...facts, travelSeconds: facts?.kind === 'pickup' ? 0 : 600 });
    const events = order.events.map((event) =>
      event.action === 'markReady' && readyMinute !== undefined ? { ...event, atMs: at(readyMinute) } : event,
    );
    const took = anOrder({ status: 'picked_up' })
      .events.filter(({ action }) => action === 'assign')
      .map((event) => ({ ...event, atMs: at(20) }));
    const carried = facts?.courierId ? [...events, ...took] : events;
    const judged = decideCancellation(
      { ...order, events: carried },
      'customer',
      { reason: 'x', liable: undefined },
      { nowMs: at(nowMinute), limits: theLimits() },
    );
    return judged.ok ? `${judged.value.liable} ${judged.value.scope}` : judged.reason;
  };
  const rows: [
    what: string,
    facts: Parameters<typeof anOrder>[0],
    now: number,
    ready: number | undefined,
    expected: string,
  ][] = [
    [
      'is the customer\u2019s cost while the kitchen is within the tolerance',
      { status: 'preparing' },
      36,
      undefined,
      'customer items',
    ],
    ['is the kitchen\u2019s cost once it is beyond', { status: 'preparing' }, 36.001, undefined, 'merchant none'],
    [
      'is the kitchen\u2019s cost before it has begun as well',
      { status: 'accepted' },
      36.001,
      undefined,
      'merchant none',
    ],
    [
      'is the customer\u2019s cost while a courier can still come in time',
      { status: 'ready' },
      36,
      20,
      'customer itemsAndDelivery',
    ],
    [
      'is the platform\u2019s cost where no courier came for food that was ready',
      { status: 'ready' },
      36.001,
      20,
      'platform platformPaysKitchen',
    ],
    [
      'is the courier\u2019s cost where the courier does not come',
      { status: 'ready', courierId: 'omar' },
      180,
      20,
      'courier platformPaysKitchen',
    ],
    [
      'is the customer\u2019s cost where the kitchen announced no more than the tolerance',
      { status: 'accepted', readyAtMs: START_MS + 36 * MINUTE },
      5,
      undefined,
      'customer items',
    ],
    [
      'is the kitchen\u2019s cost at once where it announced more',
      { status: 'accepted', readyAtMs: START_MS + 36 * MINUTE + 1 },
      5,
      undefined,
      'merchant none',
    ],
    [
      'is the kitchen\u2019s cost where it took longer too long than the courier',
      { status: 'ready' },
      61,
      60,
      'merchant none',
    ],
    [
      'is the customer\u2019s cost where a pickup order was ready in time and the customer did not come',
      { status: 'ready', kind: 'pickup' },
      100,
      46,
      'customer itemsAndDelivery',
    ],
    [
      'is the kitchen\u2019s cost where a pickup order was ready too late',
      { status: 'ready', kind: 'pickup' },
      47,
      46.001,
      'merchant none',
    ],
    [
      'is the kitchen\u2019s cost however long its customer waits with it',
      { status: 'ready', kind: 'pickup' },
      90,
      46.001,
      'merchant none',
    ],
  ];
  for (const [what, facts, now, ready, expected] of rows)
    it(`${what} (minute ${now})`, () => assert.equal(verdict(facts, now, ready), expected));

  it("never becomes the customer's cost again by a longer wait", () => {
    const statuses = fc.constantFrom('accepted' as const, 'preparing' as const, 'ready' as const);
    const minutes = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(statuses, minutes, minutes, minutes, (status, ready, now, later) => {
        const earlier = verdict({ status }, ready + now, ready);
        fc.pre(!earlier.startsWith('customer'));
        assert.ok(!verdict({ status }, ready + now + later, ready).startsWith('customer'));
      }),
      runs(200, 5_000),
    );
  });
});

describe('a cancellation by a courier', () => {
  it('is refused with the role', () =>
    assert.deepEqual(
      decideCancellation(anOrder(), 'courier', { reason: 'x' }, { nowMs: START_MS, limits: theLimits() }),
      { ok: false, reason: 'ROLE_NOT_ALLOWED', details: { role: 'courier' } },
    ));
});

describe('a cancellation by the system', () => {
  const verdict = (status: OrderStatus, reason: string) => {
    const facts = { nowMs: ACCEPTED_AT, limits: theLimits() };
    const judged = decideCancellation(anOrder({ status }), 'system', { reason }, facts);
    return judged.ok ? `${judged.value.liable} ${judged.value.scope}` : judged.reason;
  };
  it("is the kitchen's cost where its proposal was not answered, though the food is ready", () =>
    assert.deepEqual(
      [verdict('accepted', 'edit_unanswered'), verdict('ready', 'edit_unanswered')],
      ['merchant none', 'merchant none'],
    ));
  it("is the platform's cost where no courier came, however late the kitchen was", () => {
    const { events, ...order } = anOrder({ status: 'ready' });
    const late = events.map((event) =>
      event.action === 'markReady' ? { ...event, atMs: START_MS + 60 * MINUTE } : event,
    );
    const facts = { nowMs: START_MS + 80 * MINUTE, limits: theLimits() };
    assert.deepEqual(decideCancellation({ ...order, events: late }, 'system', { reason: 'no_courier' }, facts), {
      ok: true,
      value: { liable: 'platform', scope: 'platformPaysKitchen' },
    });
  });
  it("is the platform's cost where the hold expires", () => {
    for (const status of ['scheduled', 'placed', 'accepted', 'preparing'] as const)
      assert.equal(verdict(status, 'hold_lapses'), 'platform none', `the kitchen was never ready: ${status}`);
    assert.equal(verdict('ready', 'hold_lapses'), 'platform platformPaysKitchen');
  });
});

describe('the party that is liable for a delay', () => {
  const at = (minute: number) => START_MS + Math.round(minute * MINUTE);
  const event = (action: OrderEvent['action'], minute: number, from: OrderStatus = 'ready'): OrderEvent => ({
    n: 9,
    action,
    from,
    to: from,
    by: 'system',
    atMs: at(minute),
    causeId: `${action}-${minute}`,
  });
  /** Promised at minute 31 after a ride of ten: due at the counter at minute 21. */
  const order = (events: OrderEvent[], facts: Partial<Order> = {}): Order => ({
    ...anOrder({ status: 'ready' }),
    promisedAtMs: at(31),
    travelSeconds: 600,
    events,
    ...facts,
  });
  const verdict = (one: Order, minute: number) => verdictOnDelay(one, at(minute), theLimits());
  const liable = (events: OrderEvent[], minute: number) => verdict(order(events), minute)?.liable ?? null;
  const ready = (minute: number) => event('markReady', minute);
  const assigned = (minute: number) => event('assign', minute);
  const arrived = (minute: number) => event('arrive', minute);

  it('is the kitchen where it is as late as all legs after it', () => {
    assert.deepEqual([liable([ready(31)], 41), liable([ready(31)], 41.001)], ['merchant', 'platform']);
    const legs = [ready(31), assigned(36), arrived(39)];
    assert.deepEqual([liable(legs, 41), liable(legs, 41.001)], ['merchant', 'platform']);
  });
  it('is the courier who is later than dispatch, and than the wait at the counter', () => {
    assert.deepEqual(
      [liable([ready(21), assigned(31)], 41), liable([ready(21), assigned(31)], 41.001)],
      ['platform', 'courier'],
    );
    const waited = [ready(21), assigned(21), arrived(31)];
    assert.deepEqual([liable(waited, 40.999), liable(waited, 41)], ['courier', 'platform']);
  });
  it('is none before the tolerance of 15 minutes is over', () =>
    assert.deepEqual([liable([ready(36)], 36), liable([ready(36)], 36.001)], [null, 'merchant']));

  it('is that of the failure, however long the way back takes', () => {
    const failed = (minute: number) =>
      order([ready(40), assigned(40), event('pickUp', 40), event('fail', minute, 'picked_up')], {
        status: 'undeliverable',
      });
    assert.deepEqual([verdict(failed(46), 300), verdict(failed(46.001), 300)?.liable], [null, 'merchant']);
    const unrecorded = order([ready(40), assigned(40), event('pickUp', 40)], { status: 'undeliverable' });
    assert.deepEqual([verdict(unrecorded, 46), verdict(unrecorded, 46.001)?.liable], [null, 'merchant']);
  });
  it('pays for a failed delivery of late food only the courier', () => {
    const failed = order([ready(40), assigned(40), event('pickUp', 40), event('fail', 60, 'picked_up')], {
      status: 'undeliverable',
    });
    assert.deepEqual(verdict(failed, 60), { liable: 'merchant', scope: 'platformPaysCourier' });
  });
  it('is none for an order that the kitchen has not accepted, or that was picked up', () => {
    for (const status of ['scheduled', 'placed', 'picked_up', 'delivered'] as const)
      assert.equal(verdict(order([], { status }), 300), null);
  });
  it('is the kitchen by the time that it announced, or by the clock once that has passed', () => {
    const preparing = (readyAtMs: number | null) => order([], { status: 'preparing', readyAtMs });
    assert.equal(verdict(preparing(at(36)), 20), null);
    assert.deepEqual(verdict(preparing(at(36.001)), 20), { liable: 'merchant', scope: 'none' });
    assert.deepEqual([verdict(preparing(at(36)), 36), verdict(preparing(at(36)), 36.001)?.liable], [null, 'merchant']);
    assert.deepEqual([verdict(preparing(null), 36), verdict(preparing(null), 36.001)?.liable], [null, 'merchant']);
  });
});

describe('the time from which a pickup order should be collected', () => {
  it('is the promise, or later where it was ready later', () => {
    const order = anOrder({ status: 'ready', kind: 'pickup' });
    const readyAtMs = START_MS + 4 * MINUTE;
    const from = (promisedAtMs: number) => computeCollectionStartMs({ ...order, promisedAtMs });
    assert.deepEqual([from(readyAtMs + 1), from(readyAtMs - 1)], [readyAtMs + 1, readyAtMs]);
  });
});
