import { strict as assert } from 'node:assert';
import { ROLES, type Role } from '#functions/contract/common.js';
import { ORDER_ACTIONS, type LineChange, type OrderAction } from '#functions/contract/orders.js';
import { ACTIONS, listNeededFacts, STEPS } from '#functions/orders/model/actions/actions.js';
import type { OrderCommand } from '#functions/orders/model/order-command.js';
import { MINUTE, START_MS, theLimits } from '#fixtures/catalogue.js';
import { anOrder, type OrderFacts } from '#fixtures/orders.js';
import { COMMANDS } from './commands.js';
import { ask, NOW } from './deciding.js';

/** Every step that captures, settles or pays out. */
const PAYING = STEPS.filter(({ action }) =>
  ['captureAll', 'byPolicy', 'transfer'].includes(ACTIONS[action].money.type),
);

describe('the specs of the actions', () => {
  it('have a target for every action of the contract', () => {
    const idle = ORDER_ACTIONS.filter((action) => ACTIONS[action].steps.length === 0);
    assert.deepEqual(idle, []);
  });

  it('read the quote for every step that moves money, for every actor', () => {
    assert.ok(PAYING.length > 10, `${PAYING.length} steps move money`);
    for (const { action, from, by } of PAYING) {
      for (const role of by) {
        const asked = {
          order: anOrder({ status: from }),
          command: COMMANDS[action],
          actor: { role, uid: null },
          nowMs: NOW,
          limits: theLimits(),
        };
        assert.ok(listNeededFacts(asked).includes('quote'), `${action} by ${role} in ${from}`);
      }
    }
  });

  const having = (holds: (spec: (typeof ACTIONS)[OrderAction]) => boolean) =>
    ORDER_ACTIONS.filter((action) => holds(ACTIONS[action])).toSorted();
  it('read the right of a member from the membership document for what moves the customer’s money and an edit alone', () =>
    assert.deepEqual(
      having(({ asksMembership }) => asksMembership),
      ['cancel', 'confirmDelivery', 'edit'],
    ));
  it("mark doubts in the event of a courier's report from the ride", () =>
    assert.deepEqual(
      having(({ marksDoubts }) => marksDoubts),
      ['arrive', 'contact', 'fail'],
    ));
  it('keep a proposed edit open while the kitchen cooks and a courier comes', () =>
    assert.deepEqual(
      having(({ keepsEdit }) => keepsEdit),
      ['arrive', 'assign', 'delay', 'escalate', 'restartSearch', 'sendRider', 'startPreparing', 'unassign'],
    ));
  it("show the pick-up code with the answer to the kitchen's own steps", () =>
    assert.deepEqual(
      having(({ showsPickUpCode }) => showsPickUpCode),
      ['accept', 'markReady', 'startPreparing'],
    ));
  it('change the lines by an edit and its answer alone', () =>
    assert.deepEqual(
      having(({ editsLines }) => editsLines !== null),
      ['answerEdit', 'edit'],
    ));
  it('credit the lateness of a delivery that the courier or the rider’s kitchen reports, and of no other', () =>
    assert.deepEqual(
      having(({ money }) => money.type === 'captureAll' && money.creditsLateness),
      ['confirmDelivery', 'deliver'],
    ));
  it('leave the money of a cancellation by the kitchen or an operator for later', () => {
    const { money } = ACTIONS.cancel;
    assert.ok(money.type === 'byPolicy');
    const { isDeferred } = money;
    assert.deepEqual(
      ROLES.filter((role) => isDeferred({ role, uid: null })),
      ['merchant', 'operator'],
    );
  });

  const collected = (facts: { quote?: null }) =>
    ask({ order: { kind: 'pickup', status: 'ready' }, by: 'operator', command: { action: 'collect' }, facts });
  it('move money with the quote', () => assert.equal(collected({}).ok, true));
  it('throw without it', () =>
    assert.throws(() => collected({ quote: null }), /a step that moves money has read the quote/));
});

describe('the facts that a step reads', () => {
  const DAY = 24 * 60 * MINUTE;
  const CASH: OrderFacts['payment'] = { status: 'cash', method: 'cash' };
  const substitute: LineChange = { type: 'substitute', line: 0, by: { itemId: 'cola', quantity: 1, modifiers: [] } };
  const swap: OrderCommand = { action: 'edit', reason: 'none left', changes: [substitute] };
  const mixed: OrderCommand = { ...swap, changes: [{ type: 'reduce', line: 1, quantity: 0 }, substitute] };
  const credited = theLimits({ lateCredit: [{ overMinutes: 15, ratePpm: 100_000, maxMinor: 500 }] });
  /** Promised at minute 31. */
  const lateMs = START_MS + 46 * MINUTE;

  type Row = readonly [
    what: string,
    order: OrderFacts,
    by: Role,
    command: OrderCommand,
    expected: string,
    nowMs?: number,
  ];
  const rows: readonly Row[] = [
    ['an edit with a substitute among others', { status: 'accepted' }, 'merchant', mixed, 'quote menu'],
    ['a reminder', {}, 'system', COMMANDS.remind, ''],
    ['an acceptance by the kitchen', { status: 'placed' }, 'merchant', COMMANDS.accept, ''],
    ['an automatic acceptance', { status: 'placed' }, 'system', COMMANDS.accept, 'acceptance'],
    ['an announced delay', { status: 'preparing' }, 'merchant', COMMANDS.delay, ''],
    ['a release', { status: 'scheduled' }, 'system', COMMANDS.release, 'openings'],
    ['an assignment', { status: 'ready' }, 'courier', COMMANDS.assign, 'assignedCourier'],
    ['an assignment by hand', { status: 'ready' }, 'operator', COMMANDS.assign, 'assignedCourier'],
    ['a search that begins again', { status: 'ready' }, 'operator', COMMANDS.restartSearch, 'openOffers'],
    ['a hand-over', { status: 'picked_up' }, 'operator', COMMANDS.handOver, 'assignedCourier'],
    ['an arrival at the counter', { status: 'ready', courierId: 'omar' }, 'courier', COMMANDS.arrive, 'presence'],
    ['an arrival at the door', { status: 'picked_up' }, 'courier', COMMANDS.arrive, 'quote position'],
    ['a call at the door', { status: 'picked_up' }, 'courier', COMMANDS.contact, 'quote position'],
    [
      'a call of an order without a courier',
      { status: 'picked_up', courierId: null },
      'courier',
      COMMANDS.contact,
      'quote',
    ],
    ['a delivery in time', { status: 'picked_up' }, 'courier', COMMANDS.deliver, 'quote position', lateMs],
    ['a late delivery', { status: 'picked_up' }, 'courier', COMMANDS.deliver, 'quote position conflict', lateMs + 1],
    ['a failure by the courier', { status: 'picked_up' }, 'courier', COMMANDS.fail, 'quote position'],
    ['a failure by an operator', { status: 'picked_up' }, 'operator', COMMANDS.fail, 'quote'],
    ['a return by the courier', { status: 'undeliverable' }, 'courier', COMMANDS.return, 'quote position conflict'],
    ['a return by an operator', { status: 'undeliverable' }, 'operator', COMMANDS.return, 'quote'],
    ['a return by the system', { status: 'undeliverable' }, 'system', COMMANDS.return, 'quote conflict'],
    ['a presumed delivery', { status: 'picked_up' }, 'system', COMMANDS.presumeDelivered, 'quote'],
    ['a completion', { status: 'delivered' }, 'system', COMMANDS.complete, 'quote account'],
    ['a payout', { status: 'cancelled' }, 'system', COMMANDS.payOut, 'quote account'],
    ['a settlement', { status: 'cancelled' }, 'system', COMMANDS.settle, 'quote'],
    ['a collection', { status: 'ready', kind: 'pickup' }, 'merchant', COMMANDS.collect, 'quote'],
    ['an edit of a card order', { status: 'accepted' }, 'merchant', COMMANDS.edit, 'quote'],
    ['an edit with a substitute', { status: 'accepted' }, 'merchant', swap, 'quote menu'],
    ['an edit of a cash order', { status: 'accepted', payment: CASH }, 'merchant', COMMANDS.edit, 'quote cashLimit'],
    ['an answer by card', { status: 'accepted' }, 'customer', COMMANDS.answerEdit, 'quote'],
    ['an answer in cash', { status: 'accepted', payment: CASH }, 'customer', COMMANDS.answerEdit, 'quote cashLimit'],
    ['an escalation after a day', { status: 'ready' }, 'system', COMMANDS.escalate, '', START_MS + 4 * MINUTE + DAY],
    ['a later one', { status: 'ready' }, 'system', COMMANDS.escalate, 'quoteIfKept', START_MS + 4 * MINUTE + DAY + 1],
    ['a cancellation of a slot', { status: 'scheduled' }, 'customer', COMMANDS.cancel, 'quote'],
    ['a cancellation before an answer', { status: 'placed' }, 'customer', COMMANDS.cancel, 'quote'],
    ['a cancellation by the customer', { status: 'accepted' }, 'customer', COMMANDS.cancel, 'quote conflict'],
    ['a cancellation by the kitchen', { status: 'accepted' }, 'merchant', COMMANDS.cancel, 'quote'],
    ['a cancellation by an operator', { status: 'accepted' }, 'operator', COMMANDS.cancel, 'quote'],
    ['a cancellation without a courier', { status: 'ready' }, 'system', COMMANDS.cancel, 'quote conflict'],
    ['a no-show', { status: 'ready', kind: 'pickup' }, 'system', COMMANDS.cancel, 'quote conflict store'],
    ['a late pickup order', { status: 'preparing', kind: 'pickup' }, 'system', COMMANDS.cancel, 'quote conflict'],
    [
      'a pickup order by its customer',
      { status: 'ready', kind: 'pickup' },
      'customer',
      COMMANDS.cancel,
      'quote conflict',
    ],
  ];
  for (const [what, order, role, command, expected, nowMs = NOW] of rows)
    it(`are ${expected || 'none'} for ${what}`, () => {
      const asked = { order: anOrder(order), command, actor: { role, uid: null }, nowMs, limits: credited };
      assert.equal(listNeededFacts(asked).join(' '), expected);
    });
});
