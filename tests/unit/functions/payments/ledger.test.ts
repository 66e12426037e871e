import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { DISPUTE_STATUSES } from '../../../../functions/src/contract/payments.js';
import { splitRefund } from '../../../../functions/src/payments/captures.js';
import { disputeJournal } from '../../../../functions/src/payments/ledger.js';

const ORDER = { orderId: 'order-1', currency: 'EUR' };

describe('disputeJournal', () => {
  const state = fc.record({ providerMinor: fc.integer({ min: -9000, max: 0 }), status: fc.constantFrom(...DISPUTE_STATUSES) }); // prettier-ignore

  it('ends on the same accounts whatever was seen of a dispute on its way', () =>
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 6 }), (seen) => {
        const sums: Record<string, number> = {};
        seen.forEach((now, index) => {
          const entries = disputeJournal(ORDER, seen[index - 1] ?? null, now, 0)?.entries ?? [];
          for (const { account, amountMinor } of entries) sums[account] = (sums[account] ?? 0) + amountMinor;
        });
        const last = seen.at(-1);
        assert.ok(last);
        const isOpen = last.status === 'needsResponse' || last.status === 'underReview';
        assert.equal(sums['stripe'] ?? 0, last.providerMinor);
        assert.equal(sums['disputed'] ?? 0, isOpen ? 0 - last.providerMinor : 0);
        assert.equal(sums['platform'] ?? 0, isOpen ? 0 : 0 - last.providerMinor);
      }),
    ));

  it('is none when nothing moved', () => {
    const now = { providerMinor: -4440, status: 'needsResponse' as const };
    assert.equal(disputeJournal(ORDER, now, { ...now, status: 'underReview' }, 0), null);
  });
});

describe('splitRefund', () => {
  const payment = {
    status: 'captured' as const, intentId: 'pi_1', authorizedMinor: 3000, capturedMinor: 2800, refundedMinor: 0,
    topUps: [{ intentId: 'pi_2', authorizedMinor: 500 }],
  }; // prettier-ignore

  it('takes what fits from the first payment alone', () =>
    assert.deepEqual(splitRefund(payment, [], 2300), [{ intentId: 'pi_1', amountMinor: 2300 }]));
  it('takes the rest from the next', () =>
    assert.deepEqual(splitRefund(payment, [], 2301), [
      { intentId: 'pi_1', amountMinor: 2300 },
      { intentId: 'pi_2', amountMinor: 1 },
    ]));
  it('leaves out a payment that gave all back', () =>
    assert.deepEqual(splitRefund(payment, [{ intentId: 'pi_1', amountMinor: 2300 }], 500), [
      { intentId: 'pi_2', amountMinor: 500 },
    ]));
  it('takes nothing where nothing was captured', () =>
    assert.deepEqual(splitRefund({ ...payment, intentId: null, capturedMinor: 0, topUps: [] }, [], 100), []));
});
