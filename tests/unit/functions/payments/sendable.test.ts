import { strict as assert } from 'node:assert';
import { decideRefund } from '#functions/payments/model/refund.js';
import { START_MS } from '#fixtures/catalogue.js';
import { anOrder, aQuote } from '#fixtures/orders.js';
import { moved } from '../orders/deciding.js';

/** Of 16.00 the merchant bears 0.34 before the payout, and 3.64 after it. */
const AMOUNTS: readonly (readonly [currency: string, paidOutMinor: number, reversedMinor: number])[] = [
  ['EUR', 1566, 364],
  ['KWD', 1566, 364],
  // Stripe counts whole ariary.
  ['MGA', 1500, 300],
];

function payOut(currency: string) {
  const payment = { merchantBearsMinor: 34 };
  return moved({ order: { status: 'delivered', currency, payment }, by: 'system', command: { action: 'complete' } });
}

/** The amount that comes back from the connected account for a refund of 5.00 at the merchant's cost. */
function reverse(currency: string): readonly [borne: number, reversed: number, posted: number | undefined] {
  const { pricing, ...quote } = aQuote();
  const outcome = decideRefund({
    order: { ...anOrder({ status: 'completed', currency }), events: payOut(currency).order.events },
    quote: { ...quote, pricing: { ...pricing, currency } },
    earlier: [],
    courierRefused: false,
    by: 'operator',
    nowMs: START_MS,
    request: {
      orderId: 'order-1',
      idempotencyKey: 'refund-key-1',
      what: { type: 'amount', amountMinor: 500 },
      liable: 'merchant',
      reason: 'cold',
      to: 'credit',
    },
  });
  assert.ok(outcome.ok);
  const { refund, reversed } = outcome.value;
  return [refund.merchantMinor, refund.reversalMinor, reversed?.entries[0]?.amountMinor];
}

describe('transfers, their journals and their reversals', () => {
  for (const [currency, paidOutMinor, reversedMinor] of AMOUNTS) {
    it(`are amounts that Stripe can express in ${currency}: the rest of a payout stays owed`, () => {
      const { order, journal } = payOut(currency);
      assert.deepEqual(order.events.at(-1)?.money, { type: 'transfer', amountMinor: paidOutMinor });
      assert.deepEqual(
        journal?.entries.map(({ amountMinor }) => amountMinor),
        [paidOutMinor, -paidOutMinor],
      );
      assert.deepEqual(reverse(currency), [364, reversedMinor, reversedMinor]);
    });
  }
});
