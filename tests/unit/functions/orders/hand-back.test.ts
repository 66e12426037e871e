import { strict as assert } from 'node:assert';
import type { Role } from '#functions/contract/common.js';
import { findHandBack } from '#functions/orders/model/counted-ends.js';
import { anOrder } from '#fixtures/orders.js';
import { moved } from './deciding.js';

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
});
