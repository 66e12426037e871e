import { strict as assert } from 'node:assert';
import type { Role } from '#functions/contract/common.js';
import type { Doubt } from '#functions/contract/held-pays.js';
import type { Order } from '#functions/contract/orders.js';
import type { SettlementScope } from '#functions/contract/pricing.js';
import { findHeldPays } from '#functions/orders/model/held-pay.js';
import type { Facts, OrderCommand, TransitionRequest } from '#functions/orders/model/order-command.js';
import { NOTHING } from '#functions/pricing/settle.js';
import { anOrder } from '#fixtures/orders.js';
import { COMMANDS } from './commands.js';
import { theFacts } from './deciding.js';

const CARRIED = anOrder({ status: 'picked_up' });
/** Ready, with a courier who has not come to the counter yet. */
const ASSIGNED: Order = {
  ...anOrder({ status: 'ready' }),
  courierId: 'omar',
  events: CARRIED.events.filter(({ action }) => action !== 'pickUp'),
};
const [assigned] = ASSIGNED.events.filter(({ action }) => action === 'assign');
assert.ok(assigned);
const AT_COUNTER: Order = { ...ASSIGNED, events: [...ASSIGNED.events, { ...assigned, action: 'arrive' }] };
const COLLECTED = anOrder({ status: 'ready', kind: 'pickup' });

interface End {
  order?: Order;
  by?: Role;
  command?: OrderCommand;
  scope: SettlementScope;
  /** What the customer pays, in money and in credit. */
  paid?: readonly [captureMinor: number, creditMinor: number];
  merchantMinor?: number;
  courierMinor?: number;
  doubts?: readonly Doubt[];
  conflict?: Facts['conflict'];
}

/** The reasons for which the pays of the courier and of the kitchen are held, 6.50 and 16.00 unless told. */
function held({ order = CARRIED, by = 'system', command = COMMANDS.escalate, scope, doubts = [], ...end }: End) {
  const { paid: [captureMinor, creditMinor] = [0, 0], merchantMinor = 1600, courierMinor = 650, conflict = null } = end;
  const request: TransitionRequest = {
    orderId: 'order-1',
    order,
    command,
    actor: { role: by, uid: null },
    causeId: 'cause',
    facts: theFacts({ conflict }),
  };
  const split = { ...NOTHING.split, merchantMinor, courierMinor };
  const { courier, kitchen } = findHeldPays(request, scope, { ...NOTHING, captureMinor, creditMinor, split }, doubts);
  return `${courier.join(' ')} | ${kitchen.join(' ')}`;
}

const FREE = ' | ';

describe('the pays of a delivery', () => {
  it('are paid, though a coupon left nothing to pay', () => {
    assert.equal(held({ scope: 'all' }), FREE);
    assert.equal(held({ scope: 'all', order: AT_COUNTER }), FREE);
  });
  it('are held from the courier for any doubt, from the kitchen only where the customer pays less than it earns', () => {
    assert.equal(held({ scope: 'all', doubts: ['speed'], paid: [1600, 0] }), 'speed | ');
    assert.equal(held({ scope: 'all', doubts: ['speed'], paid: [1000, 600] }), 'speed | ');
    assert.equal(held({ scope: 'all', doubts: ['speed'], paid: [1000, 599] }), 'speed | speed unpaid');
  });
  it('are held from both where the delivery is only presumed', () =>
    assert.equal(held({ scope: 'all', doubts: ['presumed'], paid: [2940, 0] }), 'presumed | presumed'));
  it('are not held where they are nothing', () => {
    assert.equal(held({ scope: 'all', doubts: ['presumed'], courierMinor: 0 }), ' | presumed unpaid');
    assert.equal(held({ scope: 'all', doubts: ['presumed'], merchantMinor: 0 }), 'presumed | ');
  });
});

describe('the pay of a kitchen whose pickup order is collected', () => {
  const collected = (captureMinor: number) =>
    held({ order: COLLECTED, scope: 'all', courierMinor: 0, paid: [captureMinor, 0] });
  it('is held where its customer pays less than it earns', () =>
    assert.deepEqual([collected(1600), collected(1599)], [FREE, ' | unpaid']));
});

describe('the pays of a delivery that its kitchen edited', () => {
  const edited = (review: boolean, captureMinor: number, by: Role = 'courier') => {
    const edit = { ...assigned, action: 'edit', by: 'merchant', ...(review && { review: true as const }) } as const;
    const order: Order = { ...CARRIED, events: [...CARRIED.events, edit] };
    return held({ order, by, scope: 'all', paid: [captureMinor, 0] });
  };
  it('are held where the edit brought what the customer pays below them', () => {
    assert.deepEqual([edited(true, 2250), edited(true, 2249)], [FREE, 'unpaid | ']);
    assert.deepEqual([edited(true, 1600), edited(true, 1599)], ['unpaid | ', 'unpaid | unpaid']);
  });
  it("are held from a kitchen whose own rider's pay the customer does not pay, too", () => {
    const edit = { ...assigned, action: 'edit', by: 'merchant', review: true } as const;
    const order: Order = { ...CARRIED, courierId: null, rider: { type: 'own' }, events: [...CARRIED.events, edit] };
    const byRider = (captureMinor: number) => held({ order, by: 'customer', scope: 'all', paid: [captureMinor, 0] });
    assert.deepEqual([byRider(2250), byRider(2249)], [FREE, ' | unpaid']);
  });
  it('are not held where it was below before, or an operator delivers', () =>
    assert.deepEqual([edited(false, 1599), edited(true, 1599, 'operator')], [FREE, FREE]));
});

describe("the pays of an order at the platform's cost", () => {
  const free = { scope: 'platformPaysKitchen' } as const;

  it('are held from both', () => assert.equal(held(free), 'unpaid | unpaid'));
  it('are held with the conflict of a customer who is related to the kitchen', () =>
    assert.equal(held({ ...free, conflict: 'staff' }), 'unpaid conflict | unpaid conflict'));
  it('are held from the courier where only the ride is paid', () =>
    assert.equal(held({ scope: 'platformPaysCourier', merchantMinor: 0 }), 'unpaid | '));
  it('are held from a courier whose ride a kitchen owes that earned nothing, unless an operator decided so', () => {
    const owed = { order: AT_COUNTER, scope: 'merchantPaysCourier', merchantMinor: -650 } as const;
    assert.equal(held({ ...owed, by: 'merchant' }), 'unpaid | ');
    assert.equal(held({ ...owed, by: 'operator' }), FREE);
  });
  it('are not held where an operator decided so, now or before the settlement', () => {
    assert.equal(held({ ...free, by: 'operator' }), FREE);
    const cancelledBy = (by: Role): Order => {
      const cancelled = { ...assigned, action: 'cancel', to: 'cancelled', by } as const;
      return { ...CARRIED, status: 'cancelled', events: [...CARRIED.events, cancelled] };
    };
    const settled = (by: Role) => held({ ...free, order: cancelledBy(by), command: COMMANDS.settle });
    assert.deepEqual([settled('operator'), settled('merchant')], [FREE, 'unpaid | unpaid']);
    assert.equal(held({ ...free, order: cancelledBy('operator') }), 'unpaid | unpaid', 'in another step');
    assert.equal(held({ ...free, command: COMMANDS.settle }), 'unpaid | unpaid', 'without a cancellation');
    const { events, ...cancelled } = cancelledBy('operator');
    const later = { ...cancelled, events: [...events, { ...assigned, action: 'remind', by: 'system' } as const] };
    assert.equal(held({ ...free, order: later, command: COMMANDS.settle }), FREE, 'before another step');
  });
  it('are held for doubts even where an operator decided', () =>
    assert.equal(held({ ...free, by: 'operator', doubts: ['failure'] }), 'failure | '));
});

describe('the pays of an order that is charged in part', () => {
  const items = (order: Order, captureMinor: number, more: Partial<End> = {}) =>
    held({ order, scope: 'items', paid: [captureMinor, 0], ...more });

  it('are held from a courier who had not come to the counter, and for a customer who pays less than both earn', () => {
    assert.equal(items(ASSIGNED, 2250), 'not_at_counter | ');
    assert.equal(items(ASSIGNED, 2249), 'unpaid not_at_counter | ');
    assert.equal(items(ASSIGNED, 1599), 'unpaid not_at_counter | unpaid');
  });
  it('are not held from a courier at the counter, or decided by an operator', () => {
    assert.deepEqual([items(AT_COUNTER, 2250), items(AT_COUNTER, 2249)], [FREE, 'unpaid | ']);
    assert.equal(items(ASSIGNED, 1599, { by: 'operator' }), FREE);
  });
  it('are not held from a courier who rode to the door for less than both earn', () =>
    assert.deepEqual([items(CARRIED, 2249), items(CARRIED, 1599)], [FREE, ' | unpaid']));
  it('are held from the courier alone for doubts', () =>
    assert.equal(items(CARRIED, 1599, { doubts: ['failure'] }), 'failure | unpaid'));
});
