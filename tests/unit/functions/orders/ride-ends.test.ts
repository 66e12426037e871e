import { strict as assert } from 'node:assert';
import type { Role } from '#functions/contract/common.js';
import type { LiableParty, OrderEvent, OrderStatus } from '#functions/contract/orders.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aFix, anOrder, type OrderFacts } from '#fixtures/orders.js';
import { COMMANDS } from './commands.js';
import { moved, NOW, reason } from './deciding.js';

const event = (action: OrderEvent['action'], minutesAgo: number): OrderEvent => ({
  n: 9,
  action,
  from: 'picked_up',
  to: 'picked_up',
  by: 'courier',
  atMs: NOW - minutesAgo * MINUTE,
  causeId: `${action}-${minutesAgo}`,
});
const { events } = anOrder({ status: 'picked_up' });
/** At the door for eight minutes, with two calls. */
const AT_DOOR: OrderFacts = {
  status: 'picked_up',
  events: [...events, event('arrive', 8), event('contact', 8), event('contact', 1)],
};

describe('a promotion that was used up', () => {
  const cancelled = (status: OrderStatus, by: Role, why = 'promotion_used') =>
    reason({ order: { status }, by, command: { action: 'cancel', reason: why } });

  it('cancels an order by the system until the kitchen accepts it', () =>
    assert.deepEqual(
      [cancelled('scheduled', 'system'), cancelled('placed', 'system'), cancelled('accepted', 'system')],
      ['allowed', 'allowed', 'MOVE_NOT_ALLOWED'],
    ));
  it('does not limit other reasons, or other roles', () =>
    assert.deepEqual(
      [cancelled('accepted', 'system', 'no_courier'), cancelled('accepted', 'customer')],
      ['allowed', 'allowed'],
    ));
});

describe('the party that bears a return', () => {
  const borne = (by: Role, liable?: LiableParty, promisedAtMs = NOW - 60 * MINUTE) =>
    moved({
      order: { status: 'undeliverable', promisedAtMs },
      by,
      command: { action: 'return', fix: aFix('kitchen', NOW), ...(liable && { liable }) },
    }).event.liable;

  it('is the customer in time, and the late party beyond the tolerance', () => {
    assert.equal(borne('courier', undefined, NOW), 'customer');
    assert.deepEqual([borne('courier'), borne('system'), borne('operator')], ['merchant', 'merchant', 'merchant']);
    assert.equal(borne('courier', 'customer'), 'merchant');
  });
  it('is the party that an operator names, or the system instead of the customer', () =>
    assert.deepEqual(
      [borne('operator', 'customer'), borne('operator', 'platform'), borne('system', 'platform')],
      ['customer', 'platform', 'platform'],
    ));
});

describe('the doubts about the end of a ride', () => {
  const doubts = (status: 'fail' | 'return', by: Role) =>
    moved({
      order: status === 'fail' ? AT_DOOR : { status: 'undeliverable' },
      by,
      command: status === 'fail' ? COMMANDS.fail : { action: 'return', fix: aFix('kitchen', NOW) },
      facts: { position: null },
    }).doubts.includes('position_missing');

  it('are those of the courier, not of an operator', () => {
    assert.deepEqual([doubts('fail', 'courier'), doubts('fail', 'operator')], [true, false]);
    assert.deepEqual([doubts('return', 'courier'), doubts('return', 'operator')], [true, false]);
  });
  it('are that it is only presumed, where the system ends it', () =>
    assert.deepEqual(
      moved({ order: { status: 'picked_up' }, by: 'system', command: COMMANDS.presumeDelivered }).doubts,
      ['presumed'],
    ));
});

describe('a failed delivery', () => {
  it('is not declared before eight minutes of the slot have passed', () => {
    const failed = (scheduledForMs: number) =>
      reason({ order: { ...AT_DOOR, scheduledForMs }, by: 'courier', command: COMMANDS.fail });
    assert.deepEqual([failed(NOW - 8 * MINUTE), failed(NOW - 8 * MINUTE + 1)], ['allowed', 'TOO_EARLY']);
  });
});
