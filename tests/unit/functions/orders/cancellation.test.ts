import { strict as assert } from 'node:assert';
import type { Role } from '../../../../functions/src/contract/common.js';
import type { LiableParty, OrderStatus } from '../../../../functions/src/contract/orders.js';
import { judgeCancellation } from '../../../../functions/src/orders/cancellation.js';
import { MINUTE, START_MS, theLimits } from '../../../fixtures/catalogue.js';
import { anOrder } from '../../../fixtures/orders.js';

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
  ['accepted', 'operator', undefined, 0, 'LIABLE_PARTY_REQUIRED'],
  ['accepted', 'courier', undefined, 0, 'ROLE_NOT_ALLOWED'],
];

describe('judgeCancellation', () => {
  for (const [status, by, liable, seconds, expected] of POLICY) {
    it(`says "${expected}" for ${status} by ${by}${liable ? `, ${liable} liable` : ''}, ${seconds} s after acceptance`, () => {
      const verdict = judgeCancellation(
        anOrder({ status }),
        by,
        'x',
        liable,
        ACCEPTED_AT + seconds * 1000,
        theLimits(),
      );
      assert.equal(verdict.ok ? `${verdict.value.liable} ${verdict.value.scope}` : verdict.reason, expected);
    });
  }

  it('lets a pickup order that nobody collects be paid', () => {
    const verdict = judgeCancellation(
      anOrder({ status: 'ready', kind: 'pickup' }),
      'system',
      'no_show',
      undefined,
      START_MS,
      theLimits(),
    );
    assert.deepEqual(verdict, { ok: true, value: { liable: 'customer', scope: 'itemsAndDelivery' } });
  });
});
