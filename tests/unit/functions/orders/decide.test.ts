import { strict as assert } from 'node:assert';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { ROLES, type Role } from '#functions/contract/common.js';
import { Order, ORDER_ACTIONS, ORDER_KINDS, ORDER_STATUSES, type OrderAction } from '#functions/contract/orders.js';
import { Journal } from '#functions/contract/orders.js';
import type { OrderCommand } from '#functions/orders/model/order-command.js';
import { listSteps } from '#functions/orders/model/actions/actions.js';
import { breaches } from '#simulator/invariants.js';
import { DOOR_AT, MINUTE, theDropOff } from '#fixtures/catalogue.js';
import { aFix, anOrder, aQuote, type OrderFacts } from '#fixtures/orders.js';
import { COMMANDS } from './commands.js';
import { ask, moved, NOW, reason } from './deciding.js';

const withEvent = (events: Order['events'], action: OrderAction, atMs: number, why?: string): Order['events'] => [
  ...events,
  {
    n: events.length + 1,
    action,
    from: 'picked_up',
    to: 'picked_up',
    by: 'courier',
    atMs,
    causeId: `${action}-${events.length}`,
    ...(why && { reason: why }),
  },
];

/** So long at the door, and so many calls. */
function atTheDoor({ minutes, contacts, lastMs = 60_000 }: { minutes: number; contacts: number; lastMs?: number }) {
  let events = withEvent(anOrder({ status: 'picked_up' }).events, 'arrive', NOW - minutes * MINUTE, 'here');
  for (let call = 0; call < contacts; call += 1) events = withEvent(events, 'contact', NOW - lastMs);
  return events;
}

describe('decide', () => {
  it('refuses by status, then by role, and keeps events numbered, replayable and journals balanced, in all cases', () => {
    let applied = 0;
    for (const status of ORDER_STATUSES) {
      for (const action of ORDER_ACTIONS) {
        for (const by of ROLES) {
          for (const kind of ORDER_KINDS) applied += settleCase(status, action, by, kind);
        }
      }
    }
    assert.ok(applied > 80, `${applied} were applied`);
  });

  function carrierFor(action: OrderAction): Parameters<typeof anOrder>[0] {
    if (action === 'confirmDelivery') return { rider: { type: 'own' } };
    return action === 'unassign' || action === 'pickUp' ? { courierId: 'omar' } : {};
  }

  function settleCase(
    status: (typeof ORDER_STATUSES)[number],
    action: OrderAction,
    by: Role,
    kind: 'delivery' | 'pickup',
  ): number {
    const carried = carrierFor(action);
    const due = action === 'restore' || action === 'settle' ? { due: { kind: 'settle' as const, atMs: NOW } } : {};
    const outcome = ask({ order: { status, kind, ...carried, ...due }, by, command: COMMANDS[action] });
    const rows = listSteps(status, action, kind);
    if (rows.length === 0) assert.equal(outcome.ok || outcome.reason, 'MOVE_NOT_ALLOWED', `${status} ${action}`);
    else if (!rows.some((row) => row.by.includes(by)))
      assert.equal(outcome.ok || outcome.reason, 'ROLE_NOT_ALLOWED', `${status} ${action} ${by}`);
    if (!outcome.ok) return 0;
    const { order, event, journal } = outcome.value;
    Order.parse(order);
    if (journal) Journal.parse(journal);
    assert.deepEqual(
      [order.events.at(-1), event.from, event.to, event.by, event.n],
      [event, status, order.status, by, order.events.length],
    );
    const books = {
      orders: [
        ['order-1', { ...order, payment: { ...order.payment, capturedMinor: 0, status: 'none' as const } }],
      ] as const,
      couriers: [],
      ledger: [],
      nowMs: NOW,
    };
    const broken = breaches(books).filter(
      (one) =>
        !one.includes('carried by') &&
        !one.includes('picked up without a courier') &&
        !one.includes('a courier is assigned'),
    );
    assert.deepEqual(broken, [], `${status} ${action} ${by} ${kind}`);
    return 1;
  }

  describe('confirmPayment', () => {
    it('records the hold and promises preparation and travel from now', () => {
      const { order } = moved({ order: { status: 'pending_payment' }, by: 'system', command: COMMANDS.confirmPayment });
      assert.deepEqual(
        [order.status, order.payment.status, order.payment.authorizedMinor, order.promisedAtMs],
        ['placed', 'authorized', 2940, NOW + 30 * MINUTE],
      );
    });
    it('leads to scheduled, with the slot as the promise, when the customer chose one', () => {
      const scheduledForMs = NOW + 600 * MINUTE;
      const { order } = moved({
        order: { status: 'pending_payment', scheduledForMs },
        by: 'system',
        command: COMMANDS.confirmPayment,
      });
      assert.deepEqual([order.status, order.promisedAtMs], ['scheduled', scheduledForMs]);
    });
  });

  describe('accept', () => {
    it("uses the merchant's own minutes, or the restaurant's; the quoted promise stays", () => {
      const ready = (prepMinutes?: number) =>
        moved({ by: 'merchant', command: { action: 'accept', ...(prepMinutes && { prepMinutes }) } }).order;
      assert.deepEqual([ready().readyAtMs, ready().promisedAtMs], [NOW + 20 * MINUTE, NOW + 30 * MINUTE]);
      assert.deepEqual([ready(5).readyAtMs, ready(5).promisedAtMs], [NOW + 5 * MINUTE, NOW + 30 * MINUTE]);
      assert.deepEqual([ready(60).readyAtMs, ready(60).promisedAtMs], [NOW + 60 * MINUTE, NOW + 30 * MINUTE]);
    });
    it('is automatic only where the store can accept the order now; the staff decides at any time', () => {
      const accepts = (by: Role, storeCanAccept: boolean) =>
        reason({ by, command: COMMANDS.accept, facts: { storeCanAccept } });
      assert.deepEqual(
        [accepts('system', true), accepts('system', false), accepts('merchant', false)],
        ['allowed', 'RESTAURANT_CLOSED', 'allowed'],
      );
    });
  });

  describe('pickUp', () => {
    const order = { status: 'ready' as const, courierId: 'omar' };
    const pickUp = (command: Partial<Extract<OrderCommand, { action: 'pickUp' }>>) =>
      reason({
        order,
        by: 'courier',
        command: { action: 'pickUp', code: '5678', fix: aFix('kitchen', NOW), ...command },
      });
    it('is allowed with the code, at the kitchen, now', () => assert.equal(pickUp({}), 'allowed'));
    it('is refused with another code', () => assert.equal(pickUp({ code: '5679' }), 'CODE_WRONG'));
    it('is refused with the short number of the order, which the courier reads', () =>
      assert.equal(pickUp({ code: anOrder().code }), 'CODE_WRONG'));
    it('is refused with the right code after five wrong ones, and allowed after four', () => {
      const after = (wrongCodes: number) =>
        reason({
          order: { ...order, wrongCodes },
          by: 'courier',
          command: { action: 'pickUp', code: '5678', fix: aFix('kitchen', NOW) },
        });
      assert.deepEqual([after(4), after(5)], ['allowed', 'CODE_LOCKED']);
    });
    it('is refused away from the counter with any code: a guess from elsewhere does not count', () => {
      const away = { lat: 48.3, lng: 16.37, takenAtMs: NOW };
      assert.deepEqual(
        [pickUp({ code: '5679', fix: away }), pickUp({ code: '5679' })],
        ['TOO_FAR_FROM_STOP', 'CODE_WRONG'],
      );
    });
    it('is allowed again to the next courier after wrong codes and PINs, which stay counted for the same one', () => {
      const guessed = { ...order, wrongCodes: 5, wrongPins: 5, wrongDigests: ['abc'] };
      const after = (action: 'unassign' | 'arrive') => {
        const next = moved({ order: guessed, by: 'courier', command: COMMANDS[action] }).order;
        return [next.wrongCodes, next.wrongPins, next.wrongDigests];
      };
      assert.deepEqual(after('unassign'), [undefined, undefined, undefined]);
      assert.deepEqual(after('arrive'), [5, 5, ['abc']]);
    });
    it('is refused without a fix', () =>
      assert.equal(reason({ order, by: 'courier', command: { action: 'pickUp', code: '5678' } }), 'FIX_REQUIRED'));
    it('is allowed with a fix of 60 s and refused with an older one, either way', () => {
      const at = (agoMs: number) => pickUp({ fix: aFix('kitchen', NOW - agoMs) });
      assert.deepEqual(
        [at(60_000), at(60_001), at(-60_000), at(-60_001)],
        ['allowed', 'FIX_TOO_OLD', 'allowed', 'FIX_TOO_OLD'],
      );
    });
    it('is allowed within 150 m and refused beyond', () => {
      const north = (meters: number) => pickUp({ fix: { lat: 48.2 + meters / 111_195, lng: 16.37, takenAtMs: NOW } });
      assert.deepEqual([north(150), north(152)], ['allowed', 'TOO_FAR_FROM_STOP']);
    });
    it('requires neither code nor fix from a merchant who hands over, but a courier who has come to the counter', () => {
      const { events } = anOrder({ status: 'picked_up' });
      const [assigned] = events.filter(({ action }) => action === 'assign');
      assert.ok(assigned);
      const arrived = { ...assigned, action: 'arrive' as const };
      const handOver = (courierId: string | null, ...later: typeof events) =>
        reason({
          order: { status: 'ready', courierId, events: [...anOrder({ status: 'ready' }).events, ...later] },
          by: 'merchant',
          command: { action: 'pickUp' },
        });
      assert.equal(handOver('omar', assigned, arrived), 'allowed');
      assert.equal(handOver('omar', assigned), 'COURIER_REQUIRED');
      assert.equal(handOver('omar', arrived, assigned), 'COURIER_REQUIRED', 'another courier had come');
      assert.equal(handOver(null, assigned, arrived), 'COURIER_REQUIRED');
    });
  });

  describe('deliver', () => {
    const deliver = (command: Partial<Extract<OrderCommand, { action: 'deliver' }>>, facts = {}) =>
      reason({
        order: { status: 'picked_up' },
        by: 'courier',
        facts,
        command: { action: 'deliver', fix: aFix('door', NOW), proof: { type: 'pin', pin: '1234' }, ...command },
      });
    it('is allowed with the PIN at the door', () => assert.equal(deliver({}), 'allowed'));
    it('is refused with another PIN', () =>
      assert.equal(deliver({ proof: { type: 'pin', pin: '1235' } }), 'PIN_WRONG'));
    it('is refused elsewhere', () => assert.equal(deliver({ fix: aFix('kitchen', NOW) }), 'TOO_FAR_FROM_STOP'));
    it('is allowed with an old fix that a phone recorded after the pick-up, with the PIN alone', () => {
      const events = anOrder({ status: 'picked_up' }).events;
      const pickedUpMs = events.find(({ action }) => action === 'pickUp')?.atMs ?? 0;
      const fixAt = (atMs: number, isRecorded: boolean) => deliver({ fix: aFix('door', atMs) }, { isRecorded });
      const nowMs = pickedUpMs + 20 * MINUTE;
      const later = (atMs: number, command = {}, facts = {}) =>
        deliver({ fix: aFix('door', atMs), ...command }, { nowMs, isRecorded: true, ...facts });
      assert.equal(fixAt(NOW, true), 'allowed');
      assert.deepEqual(
        [later(pickedUpMs + MINUTE), later(pickedUpMs + MINUTE, {}, { isRecorded: false })],
        ['allowed', 'FIX_TOO_OLD'],
      );
      assert.deepEqual([later(pickedUpMs - 60_000), later(pickedUpMs - 60_001)], ['allowed', 'FIX_TOO_OLD']);
      assert.deepEqual([later(nowMs + 60_000), later(nowMs + 60_001)], ['allowed', 'FIX_TOO_OLD']);
      const photo = { proof: { type: 'photo', path: 'proofs/order-1/omar/door.jpg' } };
      assert.equal(later(pickedUpMs + MINUTE, photo, { proofExists: true }), 'FIX_TOO_OLD');
      assert.equal(later(pickedUpMs + MINUTE, { proof: { type: 'pin', pin: '1235' } }), 'PIN_WRONG');
      assert.equal(later(pickedUpMs + MINUTE, { fix: aFix('kitchen', pickedUpMs + MINUTE) }), 'TOO_FAR_FROM_STOP');
    });
    it('is refused with an old fix', () => assert.equal(deliver({ fix: aFix('door', NOW - 61_000) }), 'FIX_TOO_OLD'));
    it('is allowed with a photo that exists and refused with one that does not', () => {
      const proof = { type: 'photo' as const, path: 'proofs/order-1/omar/a.jpg' };
      assert.deepEqual([deliver({ proof }, { proofExists: true }), deliver({ proof })], ['allowed', 'PROOF_NOT_FOUND']);
    });
    it('is refused with a photo where the customer wants to be met, and allowed with the PIN', () => {
      const quote = aQuote({ dropOff: { ...theDropOff, handover: 'meet' } });
      const proof = { type: 'photo' as const, path: 'proofs/order-1/omar/a.jpg' };
      assert.equal(deliver({ proof }, { proofExists: true, quote }), 'HAND_OVER_REQUIRED');
      assert.equal(deliver({}, { quote }), 'allowed');
      const left = aQuote({ dropOff: { ...theDropOff, handover: 'leave' } });
      assert.deepEqual(
        [deliver({ proof }, { proofExists: true, quote: left }), deliver({}, { quote: left })],
        ['allowed', 'allowed'],
      );
    });
    it('is refused without the quote, where the door is', () =>
      assert.equal(deliver({}, { quote: null }), 'QUOTE_NOT_FOUND'));
    it('captures all, journals the split and waits for two hours', () => {
      const { order, event, journal } = moved({
        order: { status: 'picked_up' },
        by: 'courier',
        command: COMMANDS.deliver,
      });
      assert.deepEqual(
        [event.money, order.payment.status, order.due],
        [{ type: 'capture', amountMinor: 2940 }, 'capturing', { kind: 'complete', atMs: NOW + 120 * MINUTE }],
      );
      assert.deepEqual(journal?.entries, [
        { account: 'stripe', amountMinor: 2940 },
        { account: 'merchant:rosa', amountMinor: -1600 },
        { account: ACCOUNTS.courier('omar'), amountMinor: -650 },
        { account: 'commission', amountMinor: -333 },
        { account: 'deliveryFees', amountMinor: -333 },
        { account: 'serviceFees', amountMinor: -120 },
        { account: 'courierCost', amountMinor: 450 },
        { account: 'restaurantTax:100000', amountMinor: -200 },
        // Of the fees 87, and in the commission of 400 another 67.
        { account: 'platformTax:200000', amountMinor: -154 },
      ]);
    });
  });

  describe('other conditions', () => {
    it('collect requires the PIN', () => {
      const collect = (pin: string) =>
        reason({ order: { status: 'ready', kind: 'pickup' }, by: 'merchant', command: { action: 'collect', pin } });
      assert.deepEqual([collect('1234'), collect('4321')], ['allowed', 'PIN_WRONG']);
    });
    it('assign requires an order without a courier, unassign one with a courier', () => {
      const of = (command: OrderCommand, courierId: string | null) =>
        reason({ order: { status: 'ready', courierId }, by: 'courier', command });
      assert.deepEqual([of(COMMANDS.assign, null), of(COMMANDS.assign, 'omar')], ['allowed', 'COURIER_ASSIGNED']);
      assert.deepEqual([of(COMMANDS.unassign, 'omar'), of(COMMANDS.unassign, null)], ['allowed', 'COURIER_REQUIRED']);
    });
    it('fail requires two contacts and 8 minutes at the door from a courier, nothing from an operator', () => {
      const fail = (by: Role, facts: Parameters<typeof atTheDoor>[0]) =>
        reason({ order: { status: 'picked_up', events: atTheDoor(facts) }, by, command: COMMANDS.fail });
      assert.deepEqual(
        [
          fail('courier', { minutes: 8, contacts: 2 }),
          fail('courier', { minutes: 8, contacts: 1 }),
          fail('courier', { minutes: 7, contacts: 2 }),
          fail('operator', { minutes: 0, contacts: 0 }),
        ],
        ['allowed', 'TOO_EARLY', 'TOO_EARLY', 'allowed'],
      );
    });
    it('contact requires an arrival at the door, and a minute since the last', () => {
      const contact = (events: Order['events']) =>
        reason({ order: { status: 'picked_up', events }, by: 'courier', command: COMMANDS.contact });
      assert.deepEqual(
        [contact(atTheDoor({ minutes: 0, contacts: 0 })), contact(anOrder({ status: 'picked_up' }).events)],
        ['allowed', 'TOO_FAR_FROM_STOP'],
      );
      assert.deepEqual(
        [
          contact(atTheDoor({ minutes: 5, contacts: 1, lastMs: 60_000 })),
          contact(atTheDoor({ minutes: 5, contacts: 1, lastMs: 59_999 })),
        ],
        ['allowed', 'TOO_EARLY'],
      );
    });
    it('arrive is recorded once for each geofence of each stop', () => {
      const arrive = (told: readonly ('near' | 'here')[], meters: number) => {
        const fix = { lat: DOOR_AT.lat + meters / 111_195, lng: DOOR_AT.lng, takenAtMs: NOW };
        const events = told.reduce(
          (before, one) => withEvent(before, 'arrive', NOW, one),
          anOrder({ status: 'picked_up' }).events,
        );
        return reason({ order: { status: 'picked_up', events }, by: 'courier', command: { action: 'arrive', fix } });
      };
      assert.deepEqual([arrive([], 149), arrive([], 151)], ['allowed', 'TOO_FAR_FROM_STOP']);
      assert.deepEqual([arrive(['near'], 149), arrive(['near'], 79)], ['ALREADY_TOLD', 'allowed']);
      assert.deepEqual([arrive(['here'], 79), arrive(['here'], 149)], ['ALREADY_TOLD', 'ALREADY_TOLD']);
    });
    it('assign and the steps of operators are allowed beyond the events after which those of parties are refused', () => {
      const withEvents = (count: number, facts: OrderFacts) => {
        let { events } = anOrder(facts);
        while (events.length < count) events = withEvent(events, 'remind', NOW);
        return { ...facts, events };
      };
      const COOKED = { status: 'preparing' } as const;
      const CANCELLED = { status: 'cancelled', due: { kind: 'settle', atMs: NOW } } as const;
      const asked = (count: number): string[] => [
        reason({ order: withEvents(count, COOKED), by: 'merchant', command: COMMANDS.edit }),
        reason({ order: withEvents(count, COOKED), by: 'operator', command: COMMANDS.edit }),
        reason({ order: withEvents(count, COOKED), by: 'courier', command: COMMANDS.assign }),
        reason({ order: withEvents(count, CANCELLED), by: 'operator', command: COMMANDS.restore }),
      ];
      const [free, full] = ['allowed', 'TOO_MANY_STEPS'];
      assert.deepEqual(asked(99), [free, free, free, free]);
      assert.deepEqual(asked(100), [full, free, free, free]);
      assert.deepEqual(asked(149), [full, free, free, free]);
      assert.deepEqual(asked(150), [full, full, full, full]);
    });
    it('complete waits until the provider confirms the charge', () => {
      const complete = (status: 'captured' | 'capturing' | 'voiding' | 'none', taken = false) =>
        reason({
          order: { status: 'delivered', payment: { status, capturedMinor: status === 'capturing' ? 2940 : 0 } },
          by: 'system',
          command: { action: 'complete', taken },
        });
      assert.deepEqual(
        [
          complete('captured'),
          complete('none'),
          complete('capturing'),
          complete('capturing', true),
          complete('voiding', true),
        ],
        ['allowed', 'allowed', 'PAYMENT_PENDING', 'allowed', 'PAYMENT_PENDING'],
      );
    });
    it('complete makes no payout from a charge whose hold was released', () => {
      const complete = (capturedMinor: number) =>
        reason({
          order: { status: 'delivered', payment: { status: 'voided', capturedMinor } },
          by: 'system',
          command: { action: 'complete' },
        });
      assert.deepEqual([complete(0), complete(2940)], ['allowed', 'PAYMENT_PENDING']);
    });
    it('restore requires a valid hold, for 10 minutes', () => {
      const settle = { kind: 'settle' as const, atMs: NOW };
      const restore = (nowMs: number, due: typeof settle | null, status: 'authorized' | 'voided' = 'authorized') =>
        reason({
          order: { status: 'cancelled', due, payment: { status } },
          by: 'operator',
          command: COMMANDS.restore,
          facts: { nowMs },
        });
      const cancelledAtMs = NOW - 9 * MINUTE;
      assert.deepEqual(
        [
          restore(cancelledAtMs + 10 * MINUTE, settle),
          restore(cancelledAtMs + 10 * MINUTE + 1, settle),
          restore(NOW, null),
          restore(NOW, settle, 'voided'),
        ],
        ['allowed', 'HOLD_GONE', 'HOLD_GONE', 'HOLD_GONE'],
      );
    });
    it('settle requires a postponed cancellation', () => {
      const settle = (due: { kind: 'settle'; atMs: number } | null) =>
        reason({ order: { status: 'cancelled', due }, by: 'system', command: COMMANDS.settle });
      assert.deepEqual([settle({ kind: 'settle', atMs: NOW }), settle(null)], ['allowed', 'MOVE_NOT_ALLOWED']);
    });
    it('return by a courier requires a fix at the counter; an operator needs none', () => {
      const back = (by: Role, fix: { fix?: ReturnType<typeof aFix> }) =>
        reason({ order: { status: 'undeliverable' }, by, command: { action: 'return', ...fix } });
      assert.deepEqual(
        [
          back('courier', { fix: aFix('kitchen', NOW) }),
          back('courier', { fix: aFix('door', NOW) }),
          back('courier', {}),
          back('operator', {}),
        ],
        ['allowed', 'TOO_FAR_FROM_STOP', 'FIX_REQUIRED', 'allowed'],
      );
    });
    it('return after a failure under review leaves the charge to an operator; the system may only free the customer', () => {
      const { events } = anOrder({ status: 'undeliverable' });
      const back = (by: Role, liable: 'customer' | 'platform', review: boolean) =>
        reason({
          order: {
            status: 'undeliverable',
            events: events.map((event) => ({ ...event, ...(event.action === 'fail' && review && { review }) })),
          },
          by,
          command: { action: 'return', liable, fix: aFix('kitchen', NOW) },
        });
      assert.deepEqual(
        [back('courier', 'customer', false), back('courier', 'customer', true), back('operator', 'customer', true)],
        ['allowed', 'OPERATOR_REQUIRED', 'allowed'],
      );
      assert.deepEqual(
        [back('system', 'customer', false), back('system', 'customer', true), back('system', 'platform', true)],
        ['allowed', 'OPERATOR_REQUIRED', 'allowed'],
      );
    });
    it('return by a courier leaves the charge with the customer', () => {
      const fix = aFix('kitchen', NOW);
      const back = (by: Role, liable: 'customer' | 'merchant') =>
        reason({ order: { status: 'undeliverable' }, by, command: { action: 'return', liable, fix } });
      assert.deepEqual(
        [back('courier', 'customer'), back('courier', 'merchant'), back('operator', 'merchant')],
        ['allowed', 'ROLE_NOT_ALLOWED', 'allowed'],
      );
    });
  });

  it('does not apply a cause twice: the event has the actor, the reason and the cost', () => {
    const { event } = moved({
      order: { status: 'preparing' },
      by: 'customer',
      command: { action: 'cancel', reason: 'too long' },
    });
    assert.deepEqual(event, {
      n: 5,
      action: 'cancel',
      from: 'preparing',
      to: 'cancelled',
      by: 'customer',
      atMs: NOW,
      causeId: 'asked-key',
      reason: 'too long',
      liable: 'customer',
      scope: 'items',
      money: { type: 'capture', amountMinor: 2200 },
    });
  });

  it('restores an accepted order with a later ready time, by the minutes in which it was not cooked', () => {
    const { events } = anOrder({ status: 'accepted' });
    const cancelled = { from: 'accepted' as const, to: 'cancelled' as const, by: 'customer' as const };
    const order = {
      status: 'cancelled' as const,
      readyAtMs: NOW + 20 * MINUTE,
      due: { kind: 'settle' as const, atMs: NOW },
      events: withEvent(events, 'cancel', NOW - 5 * MINUTE).map((event) =>
        event.action === 'cancel' ? { ...event, ...cancelled } : event,
      ),
    };
    assert.equal(moved({ order, by: 'operator', command: COMMANDS.restore }).order.readyAtMs, NOW + 25 * MINUTE);
  });
  it('restores an order that was never accepted with the time of its promise', () => {
    const order = {
      status: 'cancelled' as const,
      readyAtMs: null,
      promisedAtMs: NOW + 60 * MINUTE,
      due: { kind: 'settle' as const, atMs: NOW },
    };
    assert.equal(moved({ order, by: 'operator', command: COMMANDS.restore }).order.readyAtMs, NOW + 50 * MINUTE);
  });
});
