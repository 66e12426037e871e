import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { DISPUTE_STATUSES } from '#functions/contract/payments.js';
import { splitRefund } from '#functions/payments/model/split-amounts.js';
import { disputeJournal } from '#functions/ledger/model/journals.js';

const ORDER = { orderId: 'order-1', currency: 'EUR' };

describe('disputeJournal', () => {
  /** Of 29.40, with or without a fee. */
  const state = fc.record({
    amountMinor: fc.constant(2940),
    providerMinor: fc.integer({ min: -9000, max: 0 }),
    status: fc.constantFrom(...DISPUTE_STATUSES),
  });

  it("ends on the same accounts for any sequence of the dispute's events", () =>
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
        const openMinor = isOpen ? Math.min(2940, 0 - last.providerMinor) : 0;
        assert.equal(sums['disputed'] ?? 0, openMinor);
        assert.equal(sums['disputeLosses'] ?? 0, 0 - last.providerMinor - openMinor);
      }),
    ));

  for (const [providerMinor, feeMinor] of [
    [-2940, undefined],
    [-4440, 1500],
  ] as const) {
    it(`holds the disputed 29.40 apart of ${-providerMinor}, and the rest is an expense at once`, () => {
      const journal = disputeJournal(ORDER, null, { amountMinor: 2940, providerMinor, status: 'needsResponse' }, 0);
      const posted = new Map(journal?.entries.map(({ account, amountMinor }) => [account, amountMinor]));
      assert.deepEqual([posted.get('disputed'), posted.get('disputeLosses')], [2940, feeMinor]);
    });
  }

  it('is none when nothing moved', () => {
    const now = { amountMinor: 2940, providerMinor: -4440, status: 'needsResponse' as const };
    assert.equal(disputeJournal(ORDER, now, { ...now, status: 'underReview' }, 0), null);
  });
});

describe('splitRefund', () => {
  const payment = {
    status: 'captured' as const,
    intentId: 'pi_1',
    authorizedMinor: 3000,
    capturedMinor: 2800,
    refundedMinor: 0,
    topUps: [{ intentId: 'pi_2', authorizedMinor: 500 }],
  };

  it('takes from the first payment alone where it is enough', () =>
    assert.deepEqual(splitRefund(payment, [], 2300), [{ intentId: 'pi_1', amountMinor: 2300 }]));
  it('takes the rest from the next', () =>
    assert.deepEqual(splitRefund(payment, [], 2301), [
      { intentId: 'pi_1', amountMinor: 2300 },
      { intentId: 'pi_2', amountMinor: 1 },
    ]));
  it('skips a payment that is refunded completely', () =>
    assert.deepEqual(splitRefund(payment, [{ intentId: 'pi_1', amountMinor: 2300 }], 500), [
      { intentId: 'pi_2', amountMinor: 500 },
    ]));
  it('takes nothing where nothing was captured', () =>
    assert.deepEqual(splitRefund({ ...payment, intentId: null, capturedMinor: 0, topUps: [] }, [], 100), []));
});
