import { strict as assert } from 'node:assert';
import type { Role } from '#functions/contract/common.js';
import type { OrderEvent } from '#functions/contract/orders.js';
import { findHandBack } from '#functions/orders/model/counted-ends.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { anOrder } from '#fixtures/orders.js';
import { moved, NOW } from './deciding.js';

const ORDER = { status: 'ready' as const, courierId: 'omar' };
const handBack = (by: Role, why: string) =>
  findHandBack(anOrder(ORDER), moved({ order: ORDER, by, command: { action: 'unassign', reason: why } }));

describe('findHandBack', () => {
  for (const [by, why, counted] of [
    ['courier', 'flat tyre', 'omar'],
    ['courier', 'courier_stopped', 'omar'],
    ['system', 'no_arrival', 'omar'],
    ['system', 'courier_stopped', null],
    ['operator', 'courier_stopped', null],
  ] as const)
    it(`${counted === null ? 'does not count' : 'counts'} an order that the ${by} returns because of "${why}"`, () =>
      assert.equal(handBack(by, why), counted));

  describe('of food that is not ready', () => {
    const event = (action: OrderEvent['action'], minute: number): OrderEvent => {
      const atMs = NOW + minute * MINUTE;
      return { n: 1, action, from: 'accepted', to: 'accepted', by: 'system', atMs, causeId: `${action}-key` };
    };
    const after = (readyMinute: number, events: OrderEvent[]) => {
      const readyAtMs = NOW + readyMinute * MINUTE;
      const order = { status: 'accepted' as const, courierId: 'omar', readyAtMs, events };
      const command = { action: 'unassign' as const, reason: 'no food' };
      return findHandBack(anOrder(order), moved({ order, by: 'courier', command }));
    };
    const accepted = event('accept', -30);

    it('counts until the announced time, and not after it', () => {
      assert.equal(after(0, [accepted]), 'omar');
      assert.equal(after(-1, [accepted]), null);
    });
    it('does not count once all parties got a later time, which the kitchen did not announce', () => {
      assert.equal(after(8, [accepted]), 'omar');
      assert.equal(after(8, [accepted, event('escalate', -2)]), null);
    });
    it('does not count once the kitchen announced a delay, except one that the courier accepted', () => {
      assert.equal(after(8, [accepted, event('delay', -3), event('assign', -2)]), 'omar');
      assert.equal(after(8, [accepted, event('assign', -3), event('delay', -2)]), null);
      assert.equal(after(8, [accepted, event('assign', -3), event('delay', -2), event('assign', -1)]), 'omar');
    });
    it('does not count for an order that an operator assigned, and counts for one that the courier accepted', () => {
      const assigned = event('assign', -3);
      assert.equal(after(8, [accepted, { ...assigned, by: 'operator' }]), null);
      assert.equal(after(8, [accepted, { ...assigned, by: 'courier' }]), 'omar');
    });
    it('counts for an order that was restored since then', () =>
      assert.equal(after(8, [accepted, event('escalate', -2), event('restore', -1)]), 'omar'));
  });
});
