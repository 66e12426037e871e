import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isPayoutDay } from '#functions/payouts/model/payout-day.js';
import { computeAvailable, splitPayout } from '#functions/payouts/model/split-payout.js';

const NO_FEE = { minimumMinor: 0, fee: null, currency: 'EUR' };
const FEE = { minimumMinor: 0, fee: { ratePpm: 10_000, minMinor: 50 }, currency: 'EUR' };

describe('splitPayout', () => {
  it('pays all that is owed', () =>
    assert.deepEqual(splitPayout({ owedMinor: 650, cashMinor: 0 }, NO_FEE), {
      setOffMinor: 0,
      feeMinor: 0,
      amountMinor: 650,
    }));

  it('sets cash off first', () =>
    assert.deepEqual(splitPayout({ owedMinor: 650, cashMinor: 200 }, NO_FEE), {
      setOffMinor: 200,
      feeMinor: 0,
      amountMinor: 450,
    }));

  it('sets off no more than is owed', () =>
    assert.deepEqual(splitPayout({ owedMinor: 650, cashMinor: 900 }, NO_FEE), {
      setOffMinor: 650,
      feeMinor: 0,
      amountMinor: 0,
    }));

  it('pays nothing below the minimum, and all from it on', () => {
    const minimum = { ...NO_FEE, minimumMinor: 650 };
    assert.equal(splitPayout({ owedMinor: 649, cashMinor: 0 }, minimum).amountMinor, 0);
    assert.equal(splitPayout({ owedMinor: 650, cashMinor: 0 }, minimum).amountMinor, 650);
  });

  it('keeps the fee of what is available, and at least the smallest one', () => {
    assert.deepEqual(splitPayout({ owedMinor: 10_200, cashMinor: 200 }, FEE), {
      setOffMinor: 200,
      feeMinor: 100,
      amountMinor: 9900,
    });
    assert.equal(splitPayout({ owedMinor: 1000, cashMinor: 0 }, FEE).feeMinor, 50);
  });

  it('charges no fee where nothing is left after it', () =>
    assert.deepEqual(splitPayout({ owedMinor: 50, cashMinor: 0 }, FEE), {
      setOffMinor: 0,
      feeMinor: 0,
      amountMinor: 0,
    }));

  it('leaves what is below the step of the provider owed', () => {
    const owed = { owedMinor: 12_345, cashMinor: 0 };
    assert.equal(splitPayout(owed, { ...NO_FEE, currency: 'KWD' }).amountMinor, 12_340);
    assert.equal(splitPayout(owed, { ...NO_FEE, currency: 'MGA' }).amountMinor, 12_300);
    assert.equal(splitPayout(owed, { ...NO_FEE, currency: 'JPY' }).amountMinor, 12_345);
  });

  it('pays nothing to a courier who owes the platform', () =>
    assert.deepEqual(splitPayout({ owedMinor: -300, cashMinor: 100 }, NO_FEE), {
      setOffMinor: 0,
      feeMinor: 0,
      amountMinor: 0,
    }));

  const amount = fc.integer({ min: -1_000_000, max: 1_000_000_000 });
  const fee = fc.option(
    fc.record({ ratePpm: fc.integer({ min: 0, max: 1_000_000 }), minMinor: fc.integer({ min: 0, max: 10_000 }) }),
  );

  it('never pays more than is owed, nor a negative part, for any amounts and terms', () =>
    fc.assert(
      fc.property(amount, amount, fc.nat(10_000), fee, (owedMinor, cashMinor, minimumMinor, one) => {
        const { setOffMinor, feeMinor, amountMinor } = splitPayout(
          { owedMinor, cashMinor },
          { minimumMinor, fee: one, currency: 'EUR' },
        );
        assert.ok([setOffMinor, feeMinor, amountMinor].every((part) => part >= 0 && Number.isSafeInteger(part)));
        assert.ok(setOffMinor + feeMinor + amountMinor <= Math.max(0, owedMinor));
        assert.ok(setOffMinor <= Math.max(0, cashMinor));
        assert.ok(amountMinor === 0 || amountMinor + feeMinor === computeAvailable({ owedMinor, cashMinor }));
      }),
    ));
});

/** One thing that happens to a courier's account, in minor units. */
type Step = { type: 'earn' | 'collect' | 'refund'; amountMinor: number } | { type: 'pay' | 'fail' };

describe('payouts in any order with earnings, cash, refunds and failures', () => {
  const part = fc.integer({ min: 1, max: 5000 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ type: fc.constantFrom('earn' as const, 'collect' as const, 'refund' as const), amountMinor: part }),
    fc.record({ type: fc.constantFrom('pay' as const, 'fail' as const) }),
  );

  it('sum to the cent: earned less refunds is what is owed, paid, kept and set off', () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), someTerms(), (steps, terms) => {
        let [owedMinor, cashMinor, earnedMinor, collectedMinor, paidMinor, setOffMinor] = [0, 0, 0, 0, 0, 0];
        const sent: number[] = [];
        for (const one of steps) {
          if (one.type === 'earn')
            [owedMinor, earnedMinor] = [owedMinor + one.amountMinor, earnedMinor + one.amountMinor];
          if (one.type === 'refund')
            [owedMinor, earnedMinor] = [owedMinor - one.amountMinor, earnedMinor - one.amountMinor];
          if (one.type === 'collect')
            [cashMinor, collectedMinor] = [cashMinor + one.amountMinor, collectedMinor + one.amountMinor];
          if (one.type === 'pay') {
            const parts = splitPayout({ owedMinor, cashMinor }, terms);
            owedMinor -= parts.setOffMinor + parts.feeMinor + parts.amountMinor;
            cashMinor -= parts.setOffMinor;
            setOffMinor += parts.setOffMinor;
            paidMinor += parts.feeMinor + parts.amountMinor;
            sent.push(parts.feeMinor + parts.amountMinor);
          }
          if (one.type === 'fail') {
            const backMinor = sent.pop() ?? 0;
            owedMinor += backMinor;
            paidMinor -= backMinor;
          }
        }
        assert.equal(owedMinor + paidMinor + setOffMinor, earnedMinor);
        assert.equal(cashMinor + setOffMinor, collectedMinor);
        assert.ok(cashMinor >= 0);
      }),
    ));
});

function someTerms(): fc.Arbitrary<Parameters<typeof splitPayout>[1]> {
  return fc.constantFrom(NO_FEE, FEE, { ...NO_FEE, minimumMinor: 100 });
}

describe('isPayoutDay', () => {
  const terms = { interval: 'weekly' as const, weekday: 1, minimumMinor: 100, instant: null };
  const days = ['2026-03-02', '2026-03-03', '2026-03-08'];

  for (const [what, given, expected] of [
    ['Mondays', terms, [true, false, false]],
    ['Sundays', { ...terms, weekday: 7 }, [false, false, true]],
    ['every day', { ...terms, interval: 'daily' as const }, [true, true, true]],
    ['no day', { ...terms, interval: 'none' as const }, [false, false, false]],
  ] as const)
    it(`is true on ${what}`, () =>
      assert.deepEqual(
        days.map((day) => isPayoutDay(given, day)),
        expected,
      ));
});
