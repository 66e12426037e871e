import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { RefundWish } from '#functions/contract/payments.js';
import type { Pricing } from '#functions/contract/pricing.js';
import { splitRefund, type Part } from '#functions/payments/model/split-amounts.js';
import type { Journal } from '#functions/contract/orders.js';
import { refundJournal, settlementJournal } from '#functions/ledger/model/journals.js';
import { computeTakenBack } from '#functions/payments/model/taken-back.js';
import { priceRefund, type PricedRefund, type RefundFacts } from '#functions/pricing/refund.js';
import { settle, withCommissionTax } from '#functions/pricing/settle.js';
import { aPricing } from '#fixtures/orders.js';
import { runs } from '#fixtures/proofs.js';
import { aPromotion } from '#fixtures/catalogue.js';
import { calzone, margherita, priced, pricedBare, type Line } from './price.js';

type Facts = Partial<Omit<RefundFacts, 'pricing'>> & { pricing?: Pricing };

const factsOf = ({ pricing = aPricing(), earlier = [], ...facts }: Facts): RefundFacts => {
  const settlement = settle(pricing, 'all', true);
  const given = earlier.reduce((sum, one) => sum + one.amountMinor, 0);
  const moneyLeftMinor = Math.max(0, settlement.captureMinor - given);
  return { pricing, settlement, earlier, moneyLeftMinor, what: { type: 'whole' }, liable: 'platform', ...facts };
};

function refunded(facts: Facts): PricedRefund {
  const outcome = priceRefund(factsOf(facts));
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.reason);
  return outcome.value;
}

function refusal(facts: Facts): string {
  const outcome = priceRefund(factsOf(facts));
  assert.ok(!outcome.ok, 'was priced');
  return outcome.reason;
}

/** The order of the facts, delivered. */
const toCharged = ({ pricing, settlement }: Pick<RefundFacts, 'pricing' | 'settlement'>) => ({
  status: 'delivered' as const,
  restaurantId: 'rosa',
  pricing,
  settlement,
  lateCreditMinor: 0,
});

/** The accounts of taxes and of the commission that journals leave with a balance. */
function listOpen(journals: readonly Journal[]): string[] {
  const sums = new Map<string, number>();
  for (const { account, amountMinor } of journals.flatMap((one) => one.entries))
    sums.set(account, (sums.get(account) ?? 0) + amountMinor);
  const closed = /^(restaurantTax|platformTax|commission|promotions)/;
  return [...sums].filter(([account, minor]) => minor !== 0 && closed.test(account)).map(([account]) => account);
}

const some = (quantity: number, line = 0): RefundWish => ({ type: 'lines', lines: [{ line, quantity }] });
const parts = ({ amountMinor, taxMinor, merchantMinor, courierMinor, platformMinor }: PricedRefund) => [
  amountMinor,
  taxMinor,
  merchantMinor,
  courierMinor,
  platformMinor,
];

describe('priceRefund', () => {
  it('refunds one of two margheritas with its tax; the merchant pays what it earned, the platform its commission', () =>
    assert.deepEqual(parts(refunded({ what: some(1), liable: 'merchant' })), [1100, 100, 800, 0, 200]));
  it('lets the platform pay all except the tax', () =>
    assert.deepEqual(parts(refunded({ what: some(1) })), [1100, 100, 0, 0, 1000]));
  it('lets the courier pay all except the tax, up to its pay', () =>
    assert.deepEqual(
      parts(refunded({ what: { type: 'amount', amountMinor: 500 }, liable: 'courier' })),
      [500, 53, 0, 447, 0],
    ));
  it('refunds fees and tip only with the whole order', () => {
    assert.deepEqual(parts(refunded({ what: some(2), liable: 'merchant' })), [2200, 200, 1600, 0, 400]);
    assert.deepEqual(parts(refunded({ liable: 'merchant' })), [2940, 287, 1600, 0, 1053]);
  });
  it('refunds the rest with the last refund', () => {
    const first = refunded({ what: some(1), liable: 'merchant' });
    assert.deepEqual(parts(refunded({ earlier: [first], liable: 'merchant' })), [1840, 187, 800, 0, 853]);
  });
  it('takes from the merchant with the rest what it earned on the rest, for any earlier liable party', () => {
    const first = refunded({ what: some(1), liable: 'platform' });
    assert.deepEqual(parts(refunded({ earlier: [first], liable: 'merchant' })), [1840, 187, 800, 0, 853]);
    // 11.00 of the 22.00 for food: half of the 16.00 is left.
    const amount = refunded({ what: { type: 'amount', amountMinor: 1100 }, liable: 'courier' });
    assert.equal(refunded({ earlier: [amount], liable: 'merchant' }).merchantMinor, 800);
  });
  it('refunds an amount in proportion', () =>
    assert.deepEqual(
      parts(refunded({ what: { type: 'amount', amountMinor: 500 }, liable: 'merchant' })),
      [500, 53, 364, 0, 83],
    ));
  it('refunds the tax of an amount only from taxed parts: not from tip and bag', () => {
    const taxOf20 = (pricing: Pricing) => refunded({ what: { type: 'amount', amountMinor: 2000 }, pricing }).taxMinor;
    const pricing = aPricing();
    // 2.87 of tax stand in 27.20 of the 29.40: the tip of 2.00 and the bag of 0.20 are untaxed.
    assert.equal(taxOf20(pricing), 211);
    const fees = pricing.fees.map((fee) => (fee.kind === 'bag' ? { ...fee, taxMinor: 1 } : fee));
    assert.equal(taxOf20({ ...pricing, fees }), 209);
  });
  it('takes nothing from a merchant whose pay was refused', () => {
    const whole = (kitchenRefused: boolean) => parts(refunded({ what: some(2), liable: 'merchant', kitchenRefused }));
    assert.deepEqual(whole(false), [2200, 200, 1600, 0, 400]);
    assert.deepEqual(whole(true), [2200, 200, 0, 0, 2000]);
  });
  it('takes the tax of a second amount from what the first left taxed', () => {
    const ten: RefundWish = { type: 'amount', amountMinor: 1000 };
    const first = refunded({ what: ten });
    // 2.87 in 27.20, then 1.81 in 17.20; an earlier refund without tax leaves all 27.20.
    assert.deepEqual([first.taxMinor, refunded({ what: ten, earlier: [first] }).taxMinor], [106, 105]);
    const untaxed = { ...first, amountMinor: 200, taxMinor: 0, merchantMinor: 0 };
    assert.equal(refunded({ what: ten, earlier: [untaxed] }).taxMinor, 106);
  });
  it('takes from the merchant what it earned on a second unit, less its late credit and earlier costs', () => {
    const byPlatform = refunded({ what: some(1) });
    const second = (earlier: PricedRefund, lateMinor = 0) =>
      parts(refunded({ what: some(1), earlier: [earlier], liable: 'merchant', lateMinor }));
    assert.deepEqual(second(byPlatform), [1100, 100, 800, 0, 200]);
    assert.deepEqual(second(refunded({ what: some(1), liable: 'merchant' }), 500), [1100, 100, 300, 0, 700]);
  });
  it('refunds lines that money and credit paid together', () => {
    const pricing = priced({ lines: [margherita(2)], creditMinor: 1500 });
    const { amountMinor, moneyMinor, creditMinor } = refunded({ pricing, what: some(2) });
    assert.deepEqual([amountMinor, moneyMinor, creditMinor], [2200, 1240, 960]);
  });
  it('sets a late credit off against what the platform bears', () =>
    // 20.00 of 29.40: the platform bears 26.53 less the 9.40 that it credited.
    assert.deepEqual(parts(refunded({ lateCreditMinor: 940 })), [2000, 287, 0, 0, 1713]));
  it('splits 10.00 over three units without losing a cent', () => {
    const pricing = threeFor(1000);
    const first = refunded({ pricing, what: some(1) });
    const second = refunded({ pricing, what: some(1), earlier: [first] });
    const third = refunded({ pricing, what: some(1), earlier: [first, second] });
    assert.deepEqual(
      [first, second, third].map((one) => one.amountMinor),
      [333, 334, 333],
    );
  });
  it('refunds as credit what credit paid, after the money', () => {
    const pricing = priced({ lines: [margherita(2)], creditMinor: 1000 });
    const { amountMinor, moneyMinor, creditMinor } = refunded({ pricing });
    assert.deepEqual([amountMinor, moneyMinor, creditMinor], [2740, 1740, 1000]);
  });
  it("refunds dinars in the provider's steps", () => {
    const pricing = { ...threeFor(10_000), currency: 'KWD' };
    assert.equal(refunded({ pricing, what: some(1) }).amountMinor, 3330);
  });

  it('refunds as credit what the provider cannot return beside a late credit', () => {
    const pricing = { ...threeFor(10_000), currency: 'KWD' };
    const { amountMinor, moneyMinor, creditMinor } = refunded({ pricing, lateCreditMinor: 205 });
    assert.deepEqual([amountMinor, moneyMinor, creditMinor], [9795, 9790, 5]);
  });
  it('refunds all tax with the last part that a late credit leaves', () => {
    // Paid 29.40, 9.40 of it credited.
    const taxOf = (amountMinor: number) =>
      refunded({ what: { type: 'amount', amountMinor }, lateCreditMinor: 940 }).taxMinor;
    assert.deepEqual([taxOf(1999), taxOf(2000), taxOf(2940)], [211, 287, 287]);
  });
  it('refunds cash to the minor unit, and no more than the coins that were paid', () => {
    const lines = [margherita(1), { itemId: 'mint', quantity: 7 }];
    const mints: RefundWish = { type: 'lines', lines: [{ line: 1, quantity: 7 }] };
    const dinars = pricedBare({ lines, currency: 'KWD', coinMinor: 1 });
    assert.equal(refunded({ pricing: dinars, what: mints, inCash: true }).amountMinor, 7);
    // 10.07 is paid with 10.05.
    const pricing = pricedBare({ lines, coinMinor: 5 });
    const first = refunded({ pricing, what: some(1), inCash: true });
    const second = refunded({ pricing, what: mints, earlier: [first], inCash: true });
    assert.deepEqual([first.amountMinor, second.amountMinor], [1000, 5]);
  });

  it('takes no more from a merchant than it earned, late credits included', () => {
    const both = (lateMinor: number) => parts(refunded({ what: some(2), liable: 'merchant', lateMinor }));
    assert.deepEqual(both(0), [2200, 200, 1600, 0, 400]);
    assert.deepEqual(both(500), [2200, 200, 1100, 0, 900]);
  });
  it('takes no more from a courier than the pay of the order, and nothing of a pay that was refused', () => {
    const first = { ...refunded({ what: some(1), liable: 'courier' }), liable: 'courier' as const };
    assert.deepEqual(parts(first), [1100, 100, 0, 650, 350]);
    assert.deepEqual(parts(refunded({ what: some(1), earlier: [first], liable: 'courier' })), [1100, 100, 0, 0, 1000]);
    assert.deepEqual(
      parts(refunded({ what: some(1), liable: 'courier', courierRefused: true })),
      [1100, 100, 0, 0, 1000],
    );
  });

  it('refuses a line that the order does not have', () => {
    assert.equal(refusal({ what: some(1, 1) }), 'LINE_UNKNOWN');
    assert.equal(refunded({ what: some(1, 0) }).amountMinor, 1100);
  });
  it('refuses more units than are left', () => {
    const earlier = [refunded({ what: some(1) })];
    assert.equal(refusal({ what: some(2), earlier }), 'LINE_REFUNDED');
    assert.equal(refunded({ what: some(1), earlier }).amountMinor, 1100);
  });
  it('refuses a cent more than was charged', () => {
    assert.equal(refusal({ what: { type: 'amount', amountMinor: 2941 } }), 'REFUND_TOO_LARGE');
    assert.equal(refunded({ what: { type: 'amount', amountMinor: 2940 } }).taxMinor, 287);
  });
  it('refuses a refund of a refunded order', () =>
    assert.equal(refusal({ earlier: [refunded({})] }), 'NOTHING_TO_REFUND'));
  it('refuses it where a late credit gave all back, or the provider could pay nothing of it', () => {
    assert.equal(refusal({ lateCreditMinor: 2940 }), 'NOTHING_TO_REFUND');
    assert.equal(refunded({ lateCreditMinor: 2939 }).amountMinor, 1);
    const dinars = { ...threeFor(10_000), currency: 'KWD' };
    const fils = (amountMinor: number): RefundWish => ({ type: 'amount', amountMinor });
    assert.equal(refusal({ pricing: dinars, what: fils(9) }), 'NOTHING_TO_REFUND');
    assert.equal(refunded({ pricing: dinars, what: fils(10) }).amountMinor, 10);
  });
  it('says what could be refunded instead', () => {
    const detailsOf = (facts: Facts) => {
      const outcome = priceRefund(factsOf(facts));
      return outcome.ok ? {} : outcome.details;
    };
    assert.deepEqual(detailsOf({ what: { type: 'amount', amountMinor: 2941 } }), { refundableMinor: 2940 });
    assert.deepEqual(detailsOf({ what: some(1, 1) }), { line: 1 });
    assert.deepEqual(detailsOf({ what: some(3) }), { line: 0, left: 2 });
    assert.deepEqual(detailsOf({ what: some(2), earlier: [refunded({ what: some(1) })] }), { line: 0, left: 1 });
  });
});

/** Three untaxed units that cost so much together. */
function threeFor(grossMinor: number): Pricing {
  const pricing = aPricing();
  const [line] = pricing.lines;
  assert.ok(line);
  const three = {
    ...line,
    quantity: 3,
    grossMinor,
    netMinor: grossMinor,
    taxes: [],
    taxMinor: 0,
    addedTaxMinor: 0,
    merchantMinor: 0,
  };
  const totals = { ...pricing.totals, tipMinor: 0, totalMinor: grossMinor };
  return {
    ...pricing,
    lines: [three],
    fees: [],
    totals,
    split: { merchantMinor: 0, courierMinor: 0, platformMinor: grossMinor, taxMinor: 0 },
  };
}

/** The platform pays three quarters of what it takes off. */
const HALF_OFF = aPromotion({
  kind: 'order',
  benefit: { type: 'percent', ratePpm: 500_000 },
  merchantFundedPpm: 250_000,
});

describe('the promotions of refunded items', () => {
  // 20.00 less 10.00, of which the platform pays 7.50.
  const discounted = () => priced({ lines: [margherita(2)], promotions: [HALF_OFF] });
  const reversed = (what: RefundWish, earlier: PricedRefund[] = []) =>
    refunded({ pricing: discounted(), what, earlier }).promotionMinor;

  it('are reversed by units', () => assert.equal(reversed(some(1)), 375));
  it('are reversed in proportion to the food by an amount', () => {
    const [food] = discounted().lines.map(({ netMinor, addedTaxMinor }) => netMinor + addedTaxMinor);
    assert.equal(food, 1100);
    assert.equal(reversed({ type: 'amount', amountMinor: 440 }), 300);
  });
  it('are reversed by what several refunds return together: units by units, amounts by amounts', () => {
    const reversedAfter = (first: RefundWish) =>
      reversed({ type: 'amount', amountMinor: 220 }, [refunded({ pricing: discounted(), what: first })]);
    assert.deepEqual([reversedAfter({ type: 'amount', amountMinor: 440 }), reversedAfter(some(1))], [150, 150]);
  });
  it('on the delivery are reversed with the rest of the order alone', () => {
    const gift = aPromotion({
      kind: 'delivery',
      benefit: { type: 'percent', ratePpm: 1_000_000 },
      merchantFundedPpm: 0,
    });
    const pricing = priced({ lines: [margherita(2)], promotions: [gift] });
    const off = (what: RefundWish) => refunded({ pricing, what }).promotionMinor;
    assert.deepEqual([off(some(2)), off({ type: 'whole' })], [0, 400]);
  });
  /** Two margheritas for nothing, at the platform's cost: fees of 4.80 are paid. */
  const freeFood = () => {
    const free = { ...HALF_OFF, benefit: { type: 'percent' as const, ratePpm: 1_000_000 }, merchantFundedPpm: 0 };
    return priced({ lines: [margherita(2)], promotions: [free] });
  };
  it('let a merchant bear nothing of the fees of free food, and what it earned with the whole order', () => {
    const pricing = freeFood();
    const borne = (what: RefundWish, earlier: PricedRefund[] = []) =>
      refunded({ pricing, what, earlier, liable: 'merchant' });
    const fees = borne({ type: 'amount', amountMinor: 100 });
    assert.deepEqual([fees.merchantMinor, borne({ type: 'whole' }, [fees]).merchantMinor], [0, 1600]);
    assert.equal(borne({ type: 'whole' }).merchantMinor, 1600);
  });
  it('on food that was free are not reversed by a refund of the fees', () => {
    const pricing = freeFood();
    const off = (what: RefundWish) => refunded({ pricing, what }).promotionMinor;
    assert.deepEqual([off({ type: 'amount', amountMinor: 100 }), off({ type: 'whole' })], [0, 2000]);
  });
  it('are reversed completely with the rest', () =>
    assert.equal(reversed({ type: 'whole' }, [refunded({ pricing: discounted(), what: some(1) })]), 375));
  it('leave the promotions account, and the commission that they raised', () => {
    const refund = refunded({ pricing: discounted(), what: some(1), liable: 'merchant' });
    const facts = factsOf({ pricing: discounted(), what: some(1) });
    const takenBack = computeTakenBack(toCharged(facts), [], { ...refund, what: facts.what });
    const journal = refundJournal(PARTIES, refund, takenBack, refund.moneyMinor, 0);
    const amounts = new Map(journal?.entries.map((one) => [one.account, one.amountMinor]));
    // The merchant bears its earnings: all of the platform's part is commission that was not earned.
    assert.deepEqual([amounts.get('promotions'), amounts.get('refundLosses')], [-375, undefined]);
    assert.equal(amounts.get('commission'), refund.platformMinor + 375);
  });
});

describe('any sequence of refunds of any cart', () => {
  const line: fc.Arbitrary<Line> = fc.oneof(
    fc.integer({ min: 1, max: 9 }).map((quantity) => margherita(quantity)),
    fc.constant(calzone()),
    fc.integer({ min: 1, max: 20 }).map((quantity) => ({ itemId: 'cola', quantity })),
    fc.constant({ itemId: 'mint', quantity: 3 }),
  );
  const carts = fc.record({
    lines: fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => [margherita(2), ...lines]),
    tipPpm: fc.constantFrom(0, 100_000, 150_000),
    creditMinor: fc.integer({ min: 0, max: 1500 }),
    currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
    promotions: fc.constantFrom([], [HALF_OFF]),
  });
  const wish: fc.Arbitrary<RefundWish> = fc.oneof(
    fc.record({ line: fc.nat(5), quantity: fc.integer({ min: 1, max: 9 }) }).map((one) => some(one.quantity, one.line)),
    fc.record({ type: fc.constant('amount' as const), amountMinor: fc.integer({ min: 1, max: 3000 }) }),
  );
  const wishes = fc.array(
    fc.record({
      what: wish,
      liable: fc.constantFrom('merchant', 'courier', 'platform'),
      toCard: fc.boolean(),
    }),
    { maxLength: 12 },
  );

  it('sums to the capture and the credit, to the tax, and never to more than the merchant earned', () =>
    fc.assert(
      fc.property(carts, wishes, fc.integer({ min: 50, max: 3000 }), (cart, tried, topUpMinor) => {
        const pricing = priced(cart);
        const settlement = withCommissionTax(settle(pricing, 'all', true), 200_000);
        const { captureMinor, creditMinor, promotionMinor, split } = settlement;
        const topUps = captureMinor > topUpMinor ? [{ intentId: 'pi_2', authorizedMinor: topUpMinor }] : [];
        const payment = {
          status: 'captured' as const,
          intentId: 'pi_1',
          authorizedMinor: captureMinor,
          capturedMinor: captureMinor,
          refundedMinor: 0,
          topUps,
        };
        const earlier: (PricedRefund & { what: RefundWish })[] = [];
        const journals: Journal[] = [];
        const sent: Part[] = [];
        let moneyMinor = 0;
        for (const { what, liable, toCard } of [
          ...tried,
          { what: { type: 'whole' as const }, liable: 'merchant' as const, toCard: true },
        ]) {
          const outcome = priceRefund({
            pricing,
            settlement,
            earlier,
            moneyLeftMinor: captureMinor - moneyMinor,
            what,
            liable,
          });
          if (!outcome.ok) continue;
          const one = { ...outcome.value, what };
          const takenBack = computeTakenBack(toCharged({ pricing, settlement }), earlier, one);
          earlier.push(one);
          moneyMinor += one.moneyMinor;
          const toSend = toCard ? splitRefund(payment, sent, one.moneyMinor) : [];
          if (toCard) assert.equal(total(toSend.map((part) => part.amountMinor)), one.moneyMinor);
          sent.push(...toSend);
          assert.ok([one.taxMinor, one.merchantMinor].every((part) => part >= 0));
          assert.equal(one.taxMinor + one.merchantMinor + one.courierMinor + one.platformMinor, one.amountMinor);
          const journal = refundJournal(PARTIES, one, takenBack, toCard ? one.moneyMinor : 0, 0);
          if (journal) journals.push(journal);
          assert.equal(total(journal?.entries.map((entry) => entry.amountMinor) ?? [1]), 0);
        }
        assert.equal(total(earlier.map((one) => one.amountMinor)), captureMinor + creditMinor);
        assert.equal(moneyMinor, captureMinor);
        assert.equal(total(earlier.map((one) => one.taxMinor)), split.taxMinor);
        assert.equal(total(earlier.map((one) => one.promotionMinor)), promotionMinor);
        const sold = settlementJournal({ ...PARTIES, inCash: false }, settlement, 0);
        assert.deepEqual(listOpen([...(sold ? [sold] : []), ...journals]), []);
        assert.ok(total(earlier.map((one) => one.courierMinor)) <= split.courierMinor);
        assert.ok(total(earlier.map((one) => one.merchantMinor)) <= split.merchantMinor);
      }),
      runs(300, 10_000),
    ));

  it('of a single line sums to what the line was charged, for any parts', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 }),
        (quantity, cuts) => {
          const pricing = priced({ lines: [margherita(2), { itemId: 'cola', quantity }] });
          const earlier: PricedRefund[] = [];
          let left = quantity;
          for (const cut of [...cuts, quantity].map((one) => Math.min(one, left)).filter((one) => one > 0)) {
            if (cut > left || left === 0) break;
            left -= cut;
            earlier.push(refunded({ pricing, what: some(cut, 1), earlier: [...earlier] }));
          }
          assert.equal(total(earlier.map((one) => one.amountMinor)), 300 * (quantity - left));
        },
      ),
      runs(100, 1000),
    ));
});

const PARTIES = {
  orderId: 'o',
  restaurantId: 'rosa',
  courierId: 'omar',
  customerId: 'carla',
  currency: 'EUR',
  inCash: false,
};
const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
