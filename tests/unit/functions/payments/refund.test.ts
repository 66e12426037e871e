import { strict as assert } from 'node:assert';
import type { Refund } from '#functions/contract/payments.js';
import { decideRefund, type RefundInput } from '#functions/payments/model/refund.js';
import { START_MS } from '#fixtures/catalogue.js';
import { aRefund } from '#fixtures/documents/orders.js';
import { anOrder, aQuote } from '#fixtures/orders.js';

const WHOLE = { type: 'whole' } as const;
const PART = { type: 'amount', amountMinor: 100 } as const;

/** After so many refunds of one cent by each. */
function decided(
  earlier: Partial<Record<Refund['by'], number>>,
  by: Refund['by'],
  what: RefundInput['request']['what'],
) {
  const small = { ...aRefund(), amountMinor: 1, taxMinor: 0, merchantMinor: 1, lines: [], parts: [], creditMinor: 0 };
  const refunds = (['merchant', 'operator', 'system'] as const).flatMap((one) =>
    Array.from({ length: earlier[one] ?? 0 }, (): Refund => ({ ...small, by: one })),
  );
  const order = anOrder({ status: 'completed' });
  const outcome = decideRefund({
    order: { ...order, payment: { ...order.payment, refundedMinor: refunds.length } },
    quote: aQuote(),
    earlier: refunds,
    courierRefused: false,
    by,
    nowMs: START_MS,
    request: {
      orderId: 'order-1',
      idempotencyKey: 'refund-key-1',
      what,
      liable: 'merchant',
      reason: 'cold',
      to: 'card',
    },
  });
  return outcome.ok ? outcome.value.refund.amountMinor : [outcome.reason, outcome.details['refunds']];
}

describe('decideRefund, of an order with many small refunds', () => {
  it('refuses the kitchen after thirty of its own, but not an operator', () => {
    assert.equal(decided({ merchant: 29 }, 'merchant', PART), 100);
    assert.deepEqual(decided({ merchant: 30 }, 'merchant', PART), ['LIMIT_REACHED', 30]);
    assert.equal(decided({ merchant: 30 }, 'operator', PART), 100);
    assert.equal(decided({ operator: 30 }, 'merchant', PART), 100);
  });

  it('always lets an operator refund all that is left', () => {
    const before = { merchant: 30, operator: 14 };
    assert.equal(decided(before, 'operator', PART), 100);
    assert.equal(decided({ ...before, system: 1 }, 'operator', WHOLE), 2895);
    assert.deepEqual(decided({ ...before, system: 1 }, 'operator', PART), ['LIMIT_REACHED', 45]);
    assert.deepEqual(decided({ ...before, system: 1 }, 'system', PART), ['LIMIT_REACHED', 45]);
  });
});
