import { strict as assert } from 'node:assert';
import type { Role } from '#functions/contract/common.js';
import type { OrderStatus, Payment, Reservation } from '#functions/contract/orders.js';
import { findHandBack, listCountedEnds, WITHDRAWN } from '#functions/orders/model/counted-ends.js';
import type { OrderCommand } from '#functions/orders/model/order-command.js';
import { anOrder, type OrderFacts } from '#fixtures/orders.js';
import { COMMANDS } from './commands.js';
import { moved, NOW } from './deciding.js';

const PLACE: Reservation = { promotions: [], uses: [], slotMs: NOW, stock: {}, creditMinor: 0 };
const CREDIT: Reservation = { ...PLACE, slotMs: null, creditMinor: 500 };
const CASH: Partial<Payment> = { status: 'cash', method: 'cash', intentId: null, authorizedMinor: 0 };
const CANCEL: OrderCommand = { action: 'cancel', reason: 'x' };

/** The limits that a step counts, those that are only noted with an asterisk. */
const counted = (order: OrderFacts, by: Role, command: OrderCommand) =>
  listCountedEnds(anOrder(order), moved({ order, by, command })).map(
    ({ kind, isNoted }) => `${kind}${isNoted ? '*' : ''}`,
  );

describe('the limits that an end counts for its customer', () => {
  const status = (one: OrderStatus): OrderFacts => ({ status: one });

  it('include a free cancellation, of the customer alone', () => {
    assert.deepEqual(counted(status('placed'), 'customer', CANCEL), ['freeCancellation']);
    assert.deepEqual(counted(status('placed'), 'operator', { ...CANCEL, liable: 'customer' }), []);
    assert.deepEqual(counted(status('preparing'), 'merchant', CANCEL), []);
  });
  it('include no cancellation that is charged, in money or in credit', () => {
    assert.deepEqual(counted(status('preparing'), 'customer', CANCEL), []);
    assert.deepEqual(counted({ ...status('placed'), reserved: CREDIT }, 'customer', CANCEL), ['freeCancellation']);
    const order = { ...status('placed'), reserved: CREDIT };
    const step = moved({ order, by: 'customer', command: CANCEL });
    const spent = { ...step, released: { ...CREDIT, creditMinor: 499 } };
    assert.deepEqual(listCountedEnds(anOrder(order), spent), []);
    assert.deepEqual(listCountedEnds(anOrder(order), { ...step, released: null }), []);
  });
  it('include no cancellation for which another party is liable', () => {
    const late = { ...status('preparing'), promisedAtMs: NOW - 3_600_000 };
    assert.deepEqual(counted(late, 'customer', CANCEL), []);
  });
  it('include a scheduled order only where it reserves something limited', () => {
    assert.deepEqual(counted(status('scheduled'), 'customer', CANCEL), []);
    assert.deepEqual(counted({ ...status('scheduled'), reserved: CREDIT }, 'customer', CANCEL), []);
    assert.deepEqual(counted({ ...status('scheduled'), reserved: PLACE }, 'customer', CANCEL), ['freeCancellation']);
  });

  it('note cash that its customer should have paid, at a cancellation after the acceptance', () => {
    const cash = (one: OrderStatus): OrderFacts => ({ status: one, payment: CASH });
    assert.deepEqual(counted(cash('preparing'), 'customer', CANCEL), ['freeCancellation', 'unpaidCash*']);
    assert.deepEqual(counted(cash('placed'), 'customer', CANCEL), ['freeCancellation']);
    assert.deepEqual(counted(status('preparing'), 'customer', CANCEL), []);
  });
  it('note it once the cancellation by an operator is settled', () => {
    const before: OrderFacts = { status: 'preparing', payment: CASH };
    const postponed = moved({ order: before, by: 'operator', command: { ...CANCEL, liable: 'customer' } });
    assert.deepEqual(listCountedEnds(anOrder(before), postponed), []);
    assert.deepEqual(counted(postponed.order, 'system', COMMANDS.settle), ['unpaidCash*']);
  });
  it('note it by the last verdict, and not without one', () => {
    const before: OrderFacts = { status: 'preparing', payment: CASH };
    const step = moved({ order: before, by: 'customer', command: CANCEL });
    const { scope: _, liable: __, ...later } = { ...step.event, action: 'payOut' as const };
    const after = { ...step, order: { ...step.order, events: [...step.order.events, later] } };
    assert.deepEqual(
      listCountedEnds(anOrder(before), after).map(({ kind }) => kind),
      ['freeCancellation', 'unpaidCash'],
    );
    assert.deepEqual(counted({ status: 'placed', payment: CASH }, 'merchant', COMMANDS.reject), []);
  });
  it('note no card', () => {
    const before: OrderFacts = { status: 'preparing' };
    const step = moved({ order: before, by: 'customer', command: CANCEL });
    const payment = { ...step.order.payment, status: 'voided' as const };
    assert.deepEqual(listCountedEnds(anOrder(before), { ...step, order: { ...step.order, payment } }), []);
  });
  it('note no cash that is paid, nor cash for whose loss another party is liable', () => {
    const carried: OrderFacts = { status: 'picked_up', payment: CASH };
    assert.deepEqual(counted(carried, 'courier', COMMANDS.deliver), []);
    const back: OrderFacts = { status: 'undeliverable', payment: CASH };
    assert.deepEqual(counted(back, 'operator', { action: 'return', liable: 'customer' }), ['unpaidCash*']);
    assert.deepEqual(counted(back, 'operator', { action: 'return', liable: 'merchant' }), []);
  });

  it('note an unpaid order that held something limited until it expired', () => {
    const unpaid = (reserved?: Reservation): OrderFacts => ({
      status: 'pending_payment',
      ...(reserved && { reserved }),
    });
    assert.deepEqual(counted(unpaid(PLACE), 'system', COMMANDS.expire), ['scarceExpiry*']);
    assert.deepEqual(counted(unpaid(CREDIT), 'system', COMMANDS.expire), []);
    assert.deepEqual(counted(unpaid(), 'system', COMMANDS.expire), []);
    const before = anOrder(unpaid(PLACE));
    const step = moved({ order: unpaid(PLACE), by: 'system', command: COMMANDS.expire });
    const withdrawn = { ...step, event: { ...step.event, causeId: `${WITHDRAWN}unpaid` } };
    assert.deepEqual(listCountedEnds(before, withdrawn), []);
    const rejected = { ...step, event: { ...step.event, action: 'reject' as const } };
    assert.deepEqual(listCountedEnds(before, rejected), []);
  });
});

describe('the limits that an unpaid slot counts', () => {
  const payment: Partial<Payment> = { status: 'deferred', intentId: null, authorizedMinor: 0 };
  const slot = (reserved: Reservation): OrderFacts => ({ status: 'scheduled', payment, reserved });
  const end = (reason: string): OrderCommand => ({ action: 'cancel', reason });
  it('are noted for a card that was declined, where the order held something limited', () => {
    assert.deepEqual(counted(slot(PLACE), 'system', end('payment_failed')), ['scarceExpiry*']);
    assert.deepEqual(counted(slot(CREDIT), 'system', end('payment_failed')), []);
    assert.deepEqual(counted(slot(PLACE), 'system', end('no_courier')), []);
  });
});

describe('a hand-back before the food is ready', () => {
  const handBack = (status: OrderStatus, readyAtMs: number | null) => {
    const order: OrderFacts = { status, courierId: 'omar', readyAtMs };
    return findHandBack(anOrder(order), moved({ order, by: 'courier', command: COMMANDS.unassign }));
  };
  it('counts until the time that the kitchen announced, not after it', () =>
    assert.deepEqual([handBack('preparing', NOW), handBack('preparing', NOW - 1)], ['omar', null]));
  it('counts where the kitchen announced no time', () => assert.equal(handBack('accepted', null), 'omar'));
  it('counts once the food is ready, however late that was', () => assert.equal(handBack('ready', NOW - 1), 'omar'));
  it('is none in any other step', () =>
    assert.equal(
      findHandBack(
        anOrder({ status: 'picked_up' }),
        moved({ order: { status: 'picked_up' }, by: 'courier', command: COMMANDS.deliver }),
      ),
      null,
    ));
});
