import { strict as assert } from 'node:assert';
import type { Tip } from '#functions/contract/payments.js';
import { checkTip } from '#functions/payments/model/tip-rules.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { anOrder, type OrderFacts } from '#fixtures/orders.js';

/** The usual order is delivered seven minutes after its start. */
const DELIVERED_MS = START_MS + 7 * MINUTE;

const tip = (amountMinor: number, status: Tip['status'] = 'paid'): Tip => ({
  customerId: 'carla',
  courierId: 'omar',
  amountMinor,
  currency: 'EUR',
  status,
  atMs: DELIVERED_MS,
});

/** The courier who gets the tip, or the refusal with its details. */
function checked(amountMinor: number, earlier: readonly Tip[] = [], facts: OrderFacts = {}, nowMs = DELIVERED_MS) {
  const outcome = checkTip(anOrder({ status: 'delivered', ...facts }), earlier, amountMinor, nowMs);
  return outcome.ok ? outcome.value : [outcome.reason, outcome.details];
}

const OMAR = { courierId: 'omar' };

describe('checkTip', () => {
  it('accepts a tip until 24 hours after the delivery, for the courier of the order', () => {
    assert.deepEqual(checked(200, [], {}, DELIVERED_MS + 86_400_000), OMAR);
    assert.deepEqual(checked(200, [], {}, DELIVERED_MS + 86_400_001), ['TOO_LATE', { hours: 24 }]);
  });
  it('counts from the delivery, also when the order is completed', () => {
    assert.deepEqual(checked(200, [], { status: 'completed' }, DELIVERED_MS + 86_400_000), OMAR);
    assert.equal([checked(200, [], { status: 'completed' }, DELIVERED_MS + 86_400_001)].flat()[0], 'TOO_LATE');
  });
  it('refuses it before the delivery, and for an order without a courier', () => {
    assert.deepEqual(checked(200, [], { status: 'picked_up' }), ['NOT_DELIVERED', {}]);
    assert.deepEqual(checked(200, [], { status: 'collected', kind: 'pickup' }), ['NOT_DELIVERED', {}]);
    assert.deepEqual(checked(200, [], { courierId: null }), ['NOT_DELIVERED', {}]);
  });
  it("accepts from the provider's minimum to the price of the food", () => {
    const outOfRange = ['TIP_OUT_OF_RANGE', { minMinor: 50, maxMinor: 2000 }];
    assert.deepEqual(
      [49, 50, 2000, 2001].map((minor) => checked(minor)),
      [outOfRange, OMAR, OMAR, outOfRange],
    );
  });
  it("accepts only the provider's steps of the currency", () => {
    const dinars = { currency: 'KWD' };
    assert.deepEqual(checked(110, [], dinars), OMAR);
    assert.deepEqual(checked(115, [], dinars), ['TIP_OUT_OF_RANGE', { minMinor: 10, maxMinor: 2000 }]);
  });
  it('counts earlier tips that were paid, and no others', () => {
    assert.deepEqual(checked(500, [tip(1500), tip(900, 'lapsed'), tip(900, 'returned')]), OMAR);
    assert.deepEqual(checked(501, [tip(1500)]), ['TIP_OUT_OF_RANGE', { minMinor: 50, maxMinor: 500 }]);
    assert.deepEqual(checked(300, [tip(1000), tip(700)]), OMAR);
    assert.deepEqual(checked(301, [tip(1000), tip(700)]), ['TIP_OUT_OF_RANGE', { minMinor: 50, maxMinor: 300 }]);
    assert.deepEqual(checked(50, [tip(2100)]), ['TIP_OUT_OF_RANGE', { minMinor: 50, maxMinor: 0 }]);
  });
  it('refuses a tip while another is to be paid', () => {
    assert.deepEqual(checked(200, [tip(100), tip(100, 'pending')]), ['TIP_PENDING', {}]);
    assert.deepEqual(checked(200, [tip(100), tip(100)]), OMAR);
  });
  it('refuses the eleventh, paid or not', () => {
    const tips = (count: number) => Array.from({ length: count }, () => tip(100, 'lapsed'));
    assert.deepEqual(checked(200, tips(9)), OMAR);
    assert.deepEqual(checked(200, tips(10)), ['LIMIT_REACHED', { tips: 10 }]);
  });
});
