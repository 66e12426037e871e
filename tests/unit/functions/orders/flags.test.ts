import { strict as assert } from 'node:assert';
import { ORDER_STATUSES, type Order, type OrderEvent, type OrderStatus } from '#functions/contract/orders.js';
import { computeFlags } from '#functions/orders/model/flags.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { anOrder, type OrderFacts } from '#fixtures/orders.js';
import { COMMANDS } from './commands.js';
import { moved, NOW } from './deciding.js';

/** Minutes after the start. */
const at = (minute: number) => START_MS + minute * MINUTE;

function event(
  action: OrderEvent['action'],
  minute: number,
  status: OrderStatus,
  more: Partial<OrderEvent> = {},
): OrderEvent {
  const step = {
    n: 20,
    action,
    from: status,
    to: status,
    by: 'system',
    atMs: at(minute),
    causeId: `c-${minute}`,
  } as const;
  return { ...step, ...more };
}

/** An order of this status with further events, its flags as `kind at minute`. */
function flagsOf(facts: OrderFacts, ...events: readonly OrderEvent[]): string[] {
  const order: Order = anOrder(facts);
  const { flags = [], flaggedSinceMs } = computeFlags({ ...order, events: [...order.events, ...events] }, at(60));
  const times = flags.map(({ sinceMs }) => sinceMs);
  assert.equal(flaggedSinceMs, times.length === 0 ? undefined : Math.min(...times));
  return flags.map(({ kind, sinceMs }) => `${kind} at ${(sinceMs - START_MS) / MINUTE}`);
}

describe('the flags of an order', () => {
  it('are none before it is paid, and none once it has ended', () => {
    const ended = [
      'pending_payment',
      'delivered',
      'collected',
      'returned',
      'completed',
      'expired',
      'rejected',
      'cancelled',
    ];
    for (const status of ORDER_STATUSES.filter((one) => ended.includes(one)))
      assert.deepEqual(flagsOf({ status, wrongPins: 5, isRisky: true }), [], status);
  });

  const rows: readonly (readonly [what: string, expected: string[], facts: OrderFacts, ...events: OrderEvent[]])[] = [
    ['a new order', [], { status: 'placed' }],
    ['one reminder', [], { status: 'placed' }, event('remind', 2, 'placed')],
    [
      'two reminders',
      ['acceptance_late at 4'],
      { status: 'placed' },
      event('remind', 2, 'placed'),
      event('remind', 4, 'placed'),
      event('remind', 7, 'placed'),
    ],
    ['a kitchen in time', [], { status: 'preparing' }],
    [
      'a late kitchen that begins to cook',
      ['kitchen_late at 30'],
      { status: 'accepted' },
      event('escalate', 30, 'accepted'),
      event('startPreparing', 31, 'preparing'),
    ],
    ['a ready pickup order', [], { status: 'ready', kind: 'pickup' }],
    ['food that is ready without a courier', ['no_courier at 4'], { status: 'ready' }],
    ['food that is ready with one', [], { status: 'ready', courierId: 'omar' }],
    [
      'food whose courier returned it',
      ['no_courier at 9'],
      { status: 'ready' },
      event('assign', 8, 'ready', { courierId: 'omar' }),
      event('unassign', 9, 'ready', { courierId: 'omar' }),
    ],
    ['a search whose waves are used up', ['no_courier at 6'], { status: 'preparing', searchEndedAtMs: at(6) }],
    ['the same with a courier', [], { status: 'preparing', searchEndedAtMs: at(6), courierId: 'omar' }],
    [
      'a courier who waits at the counter',
      ['pick_up_late at 25'],
      { status: 'ready', courierId: 'omar' },
      event('assign', 8, 'ready', { courierId: 'omar' }),
      event('escalate', 25, 'ready'),
    ],
    ['a ride in time', [], { status: 'picked_up' }],
    ['a late ride', ['delivery_late at 45'], { status: 'picked_up' }, event('escalate', 45, 'picked_up')],
    [
      'a doubted arrival at the door',
      ['proof_doubted at 40'],
      { status: 'picked_up' },
      event('arrive', 40, 'picked_up', { review: true }),
    ],
    [
      'a doubted arrival before a credible one',
      [],
      { status: 'picked_up' },
      event('arrive', 40, 'picked_up', { review: true }),
      event('arrive', 41, 'picked_up'),
    ],
    ['a failed delivery', ['undeliverable at 7'], { status: 'undeliverable' }],
    ['four wrong PINs', [], { status: 'picked_up', wrongPins: 4 }],
    ['five wrong PINs', ['codes_locked at 60'], { status: 'picked_up', wrongPins: 5 }],
    ['five wrong codes', ['codes_locked at 60'], { status: 'ready', courierId: 'omar', wrongCodes: 5 }],
    ['a customer linked to the staff', ['risk at 60'], { status: 'placed', isRisky: true }],
  ];
  for (const [what, expected, facts, ...events] of rows)
    it(`are ${expected.join(', ') || 'none'} for ${what}`, () => assert.deepEqual(flagsOf(facts, ...events), expected));

  it('keep the time of a flag whose beginning the events do not tell', () => {
    const flags = [{ kind: 'risk' as const, sinceMs: at(3) }];
    assert.deepEqual(flagsOf({ status: 'placed', isRisky: true, flags }), ['risk at 3']);
  });

  it('are computed by each step, and removed by the step that ends the order', () => {
    const failed = moved({ order: { status: 'picked_up' }, by: 'operator', command: COMMANDS.fail });
    assert.deepEqual(failed.order.flags, [{ kind: 'undeliverable', sinceMs: NOW }]);
    assert.equal(failed.order.flaggedSinceMs, NOW);
    const order = { status: 'undeliverable' as const, flags: failed.order.flags, flaggedSinceMs: NOW };
    const returned = moved({ order, by: 'operator', command: COMMANDS.return });
    assert.deepEqual([returned.order.flags, returned.order.flaggedSinceMs], [undefined, undefined]);
  });

  it('let a search that begins again have all its waves', () => {
    const order = { status: 'ready' as const, searchEndedAtMs: at(2) };
    const kept = moved({ order: { ...order, courierId: 'omar' }, by: 'operator', command: COMMANDS.unassign });
    assert.equal(kept.order.searchEndedAtMs, at(2));
    for (const command of [COMMANDS.restartSearch, COMMANDS.assign])
      assert.equal(moved({ order, by: 'operator', command }).order.searchEndedAtMs, undefined, command.action);
  });
});
