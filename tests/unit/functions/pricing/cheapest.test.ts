import { strict as assert } from 'node:assert';
import { aBareZone, aMenu, aPromotion } from '#fixtures/catalogue.js';
import { settle } from '#functions/pricing/settle.js';
import { priceRefund } from '#functions/pricing/refund.js';
import { margherita, pricedBare, refusal, type Facts } from './price.js';

const percent = (ratePpm: number) => ({ type: 'percent' as const, ratePpm });
const fixed = (amountMinor: number) => ({ type: 'fixed' as const, amountMinor });
const cola = (quantity: number) => ({ itemId: 'cola', quantity });
const total = (facts: Facts) => pricedBare(facts).totals.totalMinor;
/** A bare zone with a delivery fee of 3.90. */
const withDelivery = aBareZone({
  deliveryBrackets: [{ upToMeters: 100_000, feeMinor: 390 }],
  deliveryFeeCapMinor: 390,
});

describe('the cheapest price', () => {
  it("does not rise by a coupon that takes the cart below another promotion's minimum", () => {
    const free = aPromotion({ id: 'free', kind: 'delivery', benefit: percent(1_000_000), minimumItemsMinor: 3000 });
    const coupon = aPromotion({
      id: 'coupon',
      kind: 'item',
      itemIds: ['margherita'],
      capMinor: 100,
      benefit: fixed(100),
    });
    const facts = { zone: withDelivery, lines: [margherita(3)] };
    assert.equal(total({ ...facts, promotions: [free] }), 3000);
    assert.equal(total({ ...facts, promotions: [free, coupon] }), 2900);
  });

  it("does not let an item's discount take the cart below a percentage's minimum", () => {
    const twenty = aPromotion({ id: 'twenty', kind: 'order', benefit: percent(200_000), minimumItemsMinor: 3000 });
    const dime = aPromotion({ id: 'dime', kind: 'item', capMinor: 10, benefit: fixed(10) });
    assert.equal(total({ lines: [margherita(3)], promotions: [twenty] }), 2400);
    assert.equal(total({ lines: [margherita(3)], promotions: [twenty, dime] }), 2392);
  });

  it('takes no more off the delivery at the cost of a restaurant than it earns on the food', () => {
    const zone = aBareZone({
      deliveryBrackets: [{ upToMeters: 100_000, feeMinor: 900 }],
      deliveryFeeCapMinor: 900,
    });
    // Of a margherita of 10.00 the restaurant earns 8.00.
    const free = (feeMinor: number, id = 'store_free') => {
      const promotions = [aPromotion({ id, kind: 'delivery', benefit: fixed(feeMinor) })];
      const { totals, split } = pricedBare({ zone, lines: [margherita(1)], promotions });
      return [totals.totalMinor, split.merchantMinor];
    };
    assert.deepEqual(free(800), [1100, 0]);
    assert.deepEqual(free(801), [1900, 800]);
    assert.deepEqual(free(801, 'of-the-platform'), [1099, 0], 'which may pay a part');
    const tenth = aPromotion({ id: 'store_tenth', kind: 'order', benefit: percent(100_000) });
    const dear = aPromotion({ id: 'store_free', kind: 'delivery', benefit: fixed(801) });
    assert.equal(total({ zone, lines: [margherita(1)], promotions: [dear, tenth] }), 1800);
  });

  it('includes no small-order fee because of a coupon', () => {
    const zone = aBareZone({ smallOrderBelowMinor: 1500, smallOrderFeeMinor: 200 });
    const coupon = aPromotion({ kind: 'item', capMinor: 100, benefit: fixed(100) });
    const facts = { zone, lines: [margherita(1), cola(2)] };
    assert.equal(total(facts), 1600);
    assert.equal(total({ ...facts, promotions: [coupon] }), 1500);
    assert.equal(total({ zone, lines: [margherita(1)] }), 1200);
  });

  it('frees the cheapest units of all matching lines together, and never the modifiers', () => {
    const twoForOne = aPromotion({
      kind: 'item',
      itemIds: ['margherita', 'cola'],
      benefit: { type: 'buyGet', buy: 1, free: 1 },
    });
    const off = (...lines: Facts['lines'] & object) =>
      pricedBare({ lines, promotions: [twoForOne] }).totals.discountMinor;
    assert.equal(off(margherita(2)), 1000);
    assert.equal(off(margherita(1), margherita(1)), 1000);
    assert.equal(off(margherita(1), margherita(1, [{ optionId: 'olives', quantity: 1 }])), 1000);
    assert.equal(off(margherita(1), cola(1)), 300);
    assert.equal(off(margherita(2), cola(2)), 600);
    assert.equal(off(margherita(1)), 0);
  });

  it("is compared before credit: a promotion spares the customer's own credit", () => {
    const half = { ...aPromotion({ kind: 'order', benefit: percent(500_000) }), exclusive: true };
    const { creditMinor, totalMinor } = pricedBare({
      lines: [margherita(1)],
      promotions: [half],
      creditMinor: 5000,
    }).totals;
    assert.deepEqual([creditMinor, totalMinor], [500, 0]);
  });

  it('is the cheapest that can be paid: a combination below the minimum charge is not used', () => {
    const most = aPromotion({ id: 'most', kind: 'order', benefit: fixed(960) });
    const some = aPromotion({ id: 'some', kind: 'order', benefit: fixed(20) });
    assert.equal(total({ lines: [margherita(1)], promotions: [most, some] }), 980);
    const all = aPromotion({ id: 'all', kind: 'order', benefit: fixed(1000) });
    assert.equal(total({ lines: [margherita(1)], promotions: [most, all] }), 0);
  });

  it('uses as few promotions as it needs', () => {
    const all = aPromotion({ id: 'b-all', kind: 'order', benefit: percent(1_000_000) });
    const some = aPromotion({ id: 'a-some', kind: 'order', benefit: percent(100_000) });
    assert.deepEqual(pricedBare({ promotions: [some, all] }).promotionIds, ['b-all']);
    const [one, two] = ['a', 'b'].map((id) => aPromotion({ id, kind: 'order', benefit: fixed(100) }));
    assert.ok(one && two);
    const alone = { ...aPromotion({ id: 'c', kind: 'order', benefit: fixed(200) }), exclusive: true };
    assert.deepEqual(pricedBare({ promotions: [one, two, alone] }).promotionIds, ['c']);
    assert.deepEqual(pricedBare({ promotions: [one, two] }).promotionIds, ['a', 'b']);
  });

  it('considers ten promotions, codes first', () => {
    const automatic = Array.from({ length: 10 }, (_, index) =>
      aPromotion({ id: `auto-${index}`, kind: 'order', benefit: fixed(1) }),
    );
    const code = aPromotion({ id: 'zz', code: 'SAVE', kind: 'order', benefit: fixed(500) });
    assert.equal(total({ promotions: [...automatic, code] }), 2000 - 500 - 9);
  });
});

describe('credit', () => {
  it('leaves at least the minimum charge', () => {
    const { creditMinor, totalMinor } = pricedBare({ lines: [margherita(1)], creditMinor: 980 }).totals;
    assert.deepEqual([creditMinor, totalMinor], [950, 50]);
    assert.deepEqual(pricedBare({ lines: [margherita(1)], creditMinor: 1000 }).totals.totalMinor, 0);
  });
  it('is left where the whole order is just the minimum charge', () => {
    const mints = { lines: [{ itemId: 'mint', quantity: 50 }], creditMinor: 20 };
    const { creditMinor, totalMinor } = pricedBare(mints).totals;
    assert.deepEqual([creditMinor, totalMinor], [0, 50]);
    const one = { ...mints, zone: aBareZone(), lines: [{ itemId: 'mint', quantity: 49 }] };
    assert.equal(refusal(one).reason, 'TOTAL_BELOW_PAYMENT_MINIMUM');
  });
  it('cannot pay for an order that cannot be paid without it', () =>
    assert.equal(
      refusal({ zone: aBareZone(), lines: [{ itemId: 'mint', quantity: 40 }], creditMinor: 20 }).reason,
      'TOTAL_BELOW_PAYMENT_MINIMUM',
    ));
});

describe('cash', () => {
  const due = (mints: number, coinMinor: number) =>
    pricedBare({ lines: [margherita(1), { itemId: 'mint', quantity: mints }], coinMinor }).totals;
  it('is rounded half up to the smallest coin, either way', () => {
    assert.deepEqual(
      [due(2, 5), due(3, 5), due(7, 5), due(8, 5)].map(({ totalMinor, roundingMinor }) => [totalMinor, roundingMinor]),
      [
        [1000, 2],
        [1005, -2],
        [1005, 2],
        [1010, -2],
      ],
    );
    assert.deepEqual([due(4, 10).totalMinor, due(5, 10).totalMinor], [1000, 1010]);
  });
  it("has neither the provider's minimum nor its steps", () => {
    assert.equal(pricedBare({ lines: [{ itemId: 'mint', quantity: 3 }], coinMinor: 1 }).totals.totalMinor, 3);
    assert.equal(
      pricedBare({ currency: 'KWD', lines: [margherita(1), { itemId: 'mint', quantity: 7 }], coinMinor: 1 }).totals
        .totalMinor,
      1007,
    );
  });
});

describe('equal items', () => {
  it('are taxed as one line, with the tax divided by largest remainder', () => {
    const zone = aBareZone({ taxes: { food: { ratePpm: 70_000, mode: 'exclusive' } } });
    const mints = (...quantities: number[]) =>
      pricedBare({ zone, lines: [margherita(1), ...quantities.map((quantity) => ({ itemId: 'mint', quantity }))] });
    assert.equal(mints(8).totals.taxMinor, mints(1, 1, 1, 5).totals.taxMinor);
    assert.deepEqual(
      mints(4, 4)
        .lines.slice(1)
        .map(({ taxMinor }) => taxMinor),
      [1, 0],
    );
  });
});

describe('the same modifiers', () => {
  it('have the same price chosen together or one by one', () => {
    const zone = aBareZone({ taxes: { food: { ratePpm: 500, mode: 'exclusive' } } });
    const taxOf = (...cheeses: number[][]) =>
      pricedBare({
        zone,
        lines: cheeses.map((quantities) =>
          margherita(
            1,
            quantities.map((quantity) => ({ optionId: 'cheese', quantity })),
          ),
        ),
      }).totals.taxMinor;
    // 0.05 % of 26.00 is 0.013; of 13.00 it is 0.0065, twice a cent.
    assert.deepEqual([taxOf([2], [2]), taxOf([2], [1, 1])], [1, 1]);
  });
});

describe('the taxes of a zone', () => {
  it('may be several on one amount, by kind, rounded once', () => {
    const taxes = {
      food: [
        { ratePpm: 40_000, mode: 'exclusive' as const },
        { ratePpm: 60_000, mode: 'exclusive' as const, kinds: ['delivery' as const] },
      ],
    };
    const facts = { zone: aBareZone({ taxes }), lines: [margherita(1)] };
    assert.deepEqual(
      [pricedBare(facts).totals.taxMinor, pricedBare({ ...facts, kind: 'pickup' }).totals.taxMinor],
      [100, 40],
    );
    assert.deepEqual(
      pricedBare(facts).lines[0]?.taxes.map(({ taxMinor }) => taxMinor),
      [40, 60],
    );
  });
  it('may divide the delivery by the shares of the goods', () => {
    const taxes = {
      food: { ratePpm: 100_000, mode: 'inclusive' as const },
      drink: { ratePpm: 200_000, mode: 'inclusive' as const },
    };
    const zone = { ...withDelivery, taxes, deliveryTax: 'goods' as const };
    // 3.90 over 10.00 of food and 3.00 of drinks: 3.00 and 0.90.
    const fee = pricedBare({ zone, lines: [margherita(1), cola(1)] }).fees.find(({ kind }) => kind === 'delivery');
    assert.deepEqual(
      fee?.taxes.map(({ ratePpm, baseMinor, taxMinor }) => [ratePpm, baseMinor, taxMinor]),
      [
        [100_000, 300, 27],
        [200_000, 90, 15],
      ],
    );
  });
  it('may divide the delivery so, and depend on no order of the lines where all goods are free', () => {
    const taxes = {
      food: { ratePpm: 100_000, mode: 'inclusive' as const },
      drink: { ratePpm: 200_000, mode: 'inclusive' as const },
    };
    const zone = { ...withDelivery, taxes, deliveryTax: 'goods' as const };
    const promotions = [aPromotion({ kind: 'order', benefit: { type: 'percent', ratePpm: 1_000_000 } })];
    for (const lines of [
      [margherita(1), cola(1)],
      [cola(1), margherita(1)],
    ]) {
      const fee = pricedBare({ zone, lines, promotions }).fees.find(({ kind }) => kind === 'delivery');
      // All of 3.90 is taxed as a drink, whose name comes first: 3.90 − 3.90 ÷ 1.2.
      assert.deepEqual(
        fee?.taxes.map(({ ratePpm, baseMinor, taxMinor }) => [ratePpm, baseMinor, taxMinor]),
        [[200_000, 390, 65]],
      );
    }
  });
});

describe('the prices of a menu', () => {
  const [pizza] = aMenu().items;
  assert.ok(pizza);
  it('may differ for pickup', () => {
    const menu = aMenu({ items: [{ ...pizza, pickupPriceMinor: 800 }] });
    assert.deepEqual(
      [total({ menu, lines: [margherita(1)] }), total({ menu, lines: [margherita(1)], kind: 'pickup' })],
      [1000, 800],
    );
  });
  it('may be negative for modifiers, but a unit never costs less than zero', () => {
    const [extras] = aMenu().groups;
    assert.ok(extras);
    const less = (priceMinor: number) =>
      aMenu({
        groups: [
          { ...extras, options: [{ id: 'plain', name: 'No cheese', priceMinor, maxQuantity: 1, groupIds: [] }] },
        ],
      });
    const lines = [margherita(1, [{ optionId: 'plain', quantity: 1 }])];
    assert.deepEqual([total({ menu: less(-100), lines }), total({ menu: less(-1100), lines })], [900, 0]);
  });
});

describe('refusals', () => {
  it('name the first of: unknown, then sold out, then counts, then the minimum', () => {
    const many = margherita(1, [{ optionId: 'cheese', quantity: 9 }]);
    const soldOut = { cola: Number.MAX_SAFE_INTEGER };
    const facts = (lines: Facts['lines'] & object): Facts => ({
      zone: aBareZone({ minimumOrderMinor: 1_000_000 }),
      soldOut,
      lines,
    });
    assert.equal(refusal(facts([many, cola(1), { itemId: 'sushi', quantity: 1 }])).reason, 'ITEM_UNKNOWN');
    assert.equal(refusal(facts([many, cola(1)])).reason, 'ITEM_SOLD_OUT');
    assert.equal(refusal(facts([many])).reason, 'MODIFIER_COUNT');
    assert.equal(refusal(facts([margherita(1)])).reason, 'BASKET_BELOW_MINIMUM');
  });
});

describe('a settlement', () => {
  const delivered = () => {
    const gift = aPromotion({ kind: 'delivery', benefit: percent(1_000_000), merchantFundedPpm: 1_000_000 });
    return pricedBare({ zone: withDelivery, lines: [margherita(1)], promotions: [gift], commissionPpm: 0 });
  };
  it('of a delivery that does not take place charges the merchant nothing of its contribution to it', () => {
    const pricing = delivered();
    assert.equal(settle(pricing, 'items', false).split.merchantMinor, 1000);
    assert.equal(settle(pricing, 'itemsAndDelivery', true).split.merchantMinor, 610);
    assert.equal(settle(pricing, 'all', true).split.merchantMinor, 610);
  });
  it('without the tip is rounded once', () => {
    const pricing = pricedBare({
      currency: 'TND',
      lines: [margherita(1), { itemId: 'mint', quantity: 2 }],
      tipPpm: 4_000,
    });
    assert.deepEqual([pricing.totals.tipMinor, pricing.totals.totalMinor], [4, 1000]);
    assert.equal(settle(pricing, 'allLessTip', true).captureMinor, 1000);
  });
});

describe('a refund', () => {
  const refunded = (
    facts: Facts,
    what: Parameters<typeof priceRefund>[0]['what'],
    liable: 'merchant' | 'courier' | 'platform' = 'platform',
  ) => {
    const pricing = pricedBare(facts);
    const settlement = settle(pricing, 'all', true);
    const outcome = priceRefund({
      pricing,
      settlement,
      earlier: [],
      moneyLeftMinor: settlement.captureMinor,
      what,
      liable,
    });
    assert.ok(outcome.ok);
    return outcome.value;
  };
  it('of a line takes from the merchant what it earned on that line', () => {
    const free = aPromotion({
      kind: 'item',
      itemIds: ['margherita'],
      benefit: percent(1_000_000),
      merchantFundedPpm: 0,
    });
    const facts = {
      lines: [margherita(1), { itemId: 'calzone', quantity: 1, modifiers: [{ optionId: 'regular', quantity: 1 }] }],
      promotions: [free],
      commissionPpm: 300_000,
    };
    const { merchantMinor, platformMinor } = refunded(
      facts,
      { type: 'lines', lines: [{ line: 1, quantity: 1 }] },
      'merchant',
    );
    assert.deepEqual([merchantMinor, platformMinor], [875, 375]);
  });
  it('of all lines is rounded on their sum', () => {
    const lines = [margherita(1), margherita(1, [{ optionId: 'cheese', quantity: 1 }])];
    const [extras] = aMenu().groups;
    assert.ok(extras);
    const menu = aMenu({
      items: aMenu().items.map((item) => ({ ...item, priceMinor: 1005 })),
      groups: [{ ...extras, options: extras.options.map((option) => ({ ...option, priceMinor: 0 })) }],
    });
    const both = [
      { line: 0, quantity: 1 },
      { line: 1, quantity: 1 },
    ];
    assert.equal(refunded({ currency: 'KWD', lines, menu }, { type: 'lines', lines: both }).amountMinor, 2010);
  });
  it('of the whole order leaves no tax owed, also where a discount stayed in its base', () => {
    const zone = aBareZone({
      taxes: { food: { ratePpm: 200_000, mode: 'exclusive' } },
      platformDiscountLowersTaxBase: false,
    });
    const gift = aPromotion({ kind: 'order', benefit: percent(1_000_000), merchantFundedPpm: 0 });
    const { amountMinor, taxMinor, platformMinor } = refunded(
      { zone, lines: [margherita(1)], promotions: [gift] },
      { type: 'whole' },
    );
    assert.deepEqual([amountMinor, taxMinor, platformMinor], [200, 200, 0]);
    const inclusive = { ...zone, taxes: { food: { ratePpm: 220_000, mode: 'inclusive' as const } } };
    const most = aPromotion({ kind: 'order', benefit: fixed(900), merchantFundedPpm: 0 });
    const whole = refunded({ zone: inclusive, lines: [margherita(1)], promotions: [most] }, { type: 'whole' });
    assert.deepEqual([whole.amountMinor, whole.taxMinor, whole.platformMinor], [100, 180, -80]);
    // Only the platform gains by tax beyond what the customer paid.
    const late = refunded(
      { zone: inclusive, lines: [margherita(1)], promotions: [most] },
      { type: 'whole' },
      'courier',
    );
    assert.deepEqual([late.taxMinor, late.courierMinor, late.platformMinor], [180, 0, -80]);
  });
});
